"""A message in the inbox as its answer."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from campaigns.domain.definition import Purpose
from campaigns.domain.notes.note import NoteImage, NoteLink, Told
from campaigns.models import InboxMessage
from common.fields import ShopId
from common.ids import public_id


class InboxMessageResponse(Struct, frozen=True, kw_only=True):
    """A message, in the customer's language. `html` is safe to show as it is: paragraphs with emphasis
    and links; `text` is the same in plain words.
    """

    message_id: str
    campaign_id: ShopId
    purpose: Purpose
    title: str
    text: str
    html: str
    image: NoteImage | None
    #: Where it leads; null: nowhere.
    link: NoteLink | None
    #: The personal code that was made for it.
    code: str | None
    sent_at: datetime
    #: From then on it is not shown.
    expires_at: datetime


def inbox_message_response(row: InboxMessage) -> InboxMessageResponse:
    """The row with its campaign and code as the answer."""
    told: Told = msgspec.convert(row.content, Told)
    campaign: Any = row.delivery.campaign
    return InboxMessageResponse(
        message_id=public_id("msg", row.message_id),
        campaign_id=campaign.reference,
        purpose=campaign.purpose,
        title=told.title,
        text=told.text,
        html=told.html,
        image=told.image,
        link=told.link,
        code=row.delivery.code.spelling if row.delivery.code is not None else None,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
    )
