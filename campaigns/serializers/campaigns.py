"""A campaign's answers: its definition with every field filled, its status, and how far it is."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Struct

from campaigns.domain.breaker import PauseReason
from campaigns.domain.definition import CampaignDefinition, Status
from campaigns.domain.replies import Reply
from campaigns.models import Campaign, Delivery
from campaigns.models.delivery import OPEN
from campaigns.queries.campaigns import definition_of
from campaigns.queries.placing import Views
from common.fields import ShopId, spelled

DeliveryState = Literal[
    "pending", "claimed", "submitting", "accepted", "delivered", "bounced", "complained",
    "no_consent", "suppressed", "capped", "held_out", "expired", "render_failed", "failed",
    "cancelled", "unknown",
]  # fmt: skip
Email = Annotated[
    str,
    spelled(
        r"^[^@\s\x00-\x20<>]{1,64}@[^@\s\x00-\x20<>]{1,189}$(?!\n)",
        "An e-mail address: ada@example.org.",
        max_length=254,
    ),
]


class CampaignResponse(CampaignDefinition, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A campaign. What follows `campaign_id` is told, not taken."""

    campaign_id: ShopId
    status: Status
    #: Null until it is scheduled.
    scheduled_at: datetime | None
    #: When it was finished or cancelled.
    finished_at: datetime | None
    #: Why it has stopped by itself; null: it has not. `resume` goes on.
    pause_reason: PauseReason | None


class PlacementViews(Struct, frozen=True):
    """How often a place on the site was shown."""

    to_customers: int
    #: To how many different ones.
    customers: int
    #: To visitors of whom nothing was known.
    to_others: int
    #: Null: never yet.
    last_at: datetime | None


class ProgressResponse(Struct, frozen=True, omit_defaults=True):
    """How far a campaign is, in rows: one for each recipient and occasion."""

    total: int
    #: Nothing more is to be done for these.
    done: int
    by_state: dict[str, int]
    #: Why it has stopped by itself; null: it has not.
    pause_reason: PauseReason | None
    #: Of placements alone.
    views: PlacementViews | None = None


class DeliveryResponse(Struct, frozen=True):
    """What came of one message. `reason` is null while it is open and where it was accepted."""

    customer_id: ShopId
    occurrence: str
    channel: str
    #: Null: the campaign's own content.
    variant: str | None
    state: DeliveryState
    reason: str | None
    #: Not before this instant.
    due_at: datetime
    expires_at: datetime | None
    #: When it was handed over.
    submitted_at: datetime | None
    closed_at: datetime | None
    #: The personal code that was made for it.
    code: str | None


class CampaignPreviewRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """As which customer."""

    customer_id: ShopId
    #: Of which variant; null: the campaign's own content.
    variant: ShopId | None = None


class CampaignPreviewResponse(Struct, frozen=True, omit_defaults=True):
    """What that customer would get at this moment; of what is no letter `subject` is the title."""

    subject: str
    html: str
    text: str
    #: In how many parts a text message is sent, each of which is paid for; of nothing else.
    segments: int | None = None


class TestSendRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Where to."""

    to: Email


class TestSendResponse(Struct, frozen=True):
    """What the mail server said; `reason` is null where it has taken the mail."""

    to: Email
    state: Literal["accepted", "failed", "unknown"]
    reason: str | None


def campaign_response(campaign: Campaign) -> CampaignResponse:
    """The campaign as its answer."""
    definition = definition_of(campaign)
    fields: dict[str, Any] = {
        name: getattr(definition, name) for name in CampaignDefinition.__struct_fields__
    }
    return CampaignResponse(
        campaign_id=campaign.reference,
        status=campaign.status,  # type: ignore[arg-type]  # a choice
        scheduled_at=campaign.scheduled_at,
        finished_at=campaign.finished_at,
        pause_reason=campaign.pause_reason or None,  # type: ignore[arg-type]  # a choice
        **fields,
    )


def test_send_response(to: str, reply: Reply) -> TestSendResponse:
    """The mail server's answer; what it takes later it did not take."""
    match reply.outcome:
        case "accepted" | "unknown" as state:
            return TestSendResponse(to, state, reply.reason or None)
        case _:
            return TestSendResponse(to, "failed", reply.reason)


def progress_response(
    campaign: Campaign, states: dict[str, int], views: Views | None = None
) -> ProgressResponse:
    """Counts of states as the answer, and of a placement its views."""
    total = sum(states.values())
    still_open = sum(states.get(state, 0) for state in OPEN)
    return ProgressResponse(
        total=total,
        done=total - still_open,
        by_state=states,
        pause_reason=campaign.pause_reason or None,  # type: ignore[arg-type]  # a choice
        views=PlacementViews(*views) if views is not None else None,
    )


def delivery_response(row: Delivery) -> DeliveryResponse:
    """The row with its customer and code as the answer."""
    return DeliveryResponse(
        customer_id=row.customer.reference,
        occurrence=row.occurrence,
        channel=row.channel,
        variant=row.variant or None,
        state=row.state,  # type: ignore[arg-type]  # a choice
        reason=row.reason or None,
        due_at=row.not_before,
        expires_at=row.expires_at,
        submitted_at=row.submitted_at,
        closed_at=row.closed_at,
        code=row.code.spelling if row.code is not None else None,
    )
