"""Fields of segment rules about campaigns. None was sent yet, so whoever is asked about got nothing."""

from typing import Annotated

from msgspec import Meta, Struct

from common.fields import ShopId
from customers.domain.rules import Leaf, Words
from customers.queries.fields.field import Field, Found


class CampaignOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """Which campaign, and how far back."""

    campaign_id: ShopId
    within_days: Annotated[int, Meta(ge=1, le=36_500)] | None = None


def fields() -> list[Field]:
    """Whether a campaign was sent to the customer, clicked by them, followed by an order."""
    return [
        Field(f"campaign.{name}", "truth", Words(english, german), _nothing, CampaignOptions)
        for name, english, german in (
            ("sent", "Got the campaign", "Hat die Kampagne bekommen"),
            ("clicked", "Clicked in the campaign", "Hat in der Kampagne geklickt"),
            ("converted", "Ordered after the campaign", "Hat nach der Kampagne bestellt"),
        )
    ]


def _nothing(leaf: Leaf) -> Found:
    return Found("false")
