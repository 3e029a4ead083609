"""Reads: where a link of a message leads."""

from django.db import connection
from msgspec import Struct

_SENT = """
    SELECT link.url, campaign.id, campaign.reference, delivery.variant, code.spelling
    FROM campaigns_delivery AS delivery
    JOIN campaigns_campaign AS campaign ON campaign.id = delivery.campaign_id
    JOIN campaigns_link AS link ON link.campaign_id = campaign.id AND link.number = %(number)s
    LEFT JOIN promotions_code AS code ON code.id = delivery.code_id
    WHERE delivery.id = %(delivery)s
"""


class SentLink(Struct, frozen=True, kw_only=True):
    """A link as it was sent; `url` is the same for everybody (`campaigns.domain.tracking`)."""

    url: str
    campaign_key: int
    campaign_id: str
    variant: str
    code: str


def sent_link(*, delivery_key: int, number: int) -> SentLink | None:
    """The link with this number in the letters of the delivery's campaign. 1 statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SENT, {"delivery": delivery_key, "number": number})
        row = cursor.fetchone()
    if row is None:
        return None
    url, key, reference, variant, code = row
    return SentLink(
        url=url, campaign_key=key, campaign_id=reference, variant=variant, code=code or ""
    )
