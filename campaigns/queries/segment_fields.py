"""Fields of segment rules about campaigns."""

from typing import Annotated

from msgspec import Meta, Struct

from campaigns.queries.attribution import conversions
from common.fields import ShopId
from customers.domain.rules import Leaf, Words
from customers.queries.fields.field import Field, Found, Source, literal, since


class CampaignOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """Which campaign, and how far back."""

    campaign_id: ShopId
    within_days: Annotated[int, Meta(ge=1, le=36_500)] | None = None


def fields() -> list[Field]:
    """Whether a campaign was sent to the customer, clicked by them, followed by an order."""
    return [
        Field(f"campaign.{name}", "truth", Words(english, german), find, CampaignOptions)
        for name, english, german, find in (
            ("sent", "Got the campaign", "Hat die Kampagne bekommen", _nothing),
            ("clicked", "Clicked in the campaign", "Hat in der Kampagne geklickt", _nothing),
            (
                "converted",
                "Ordered after the campaign",
                "Hat nach der Kampagne bestellt",
                _converted,
            ),
        )
    ]


def _nothing(leaf: Leaf) -> Found:
    return Found("false")


def _converted(leaf: Leaf) -> Found:
    options: CampaignOptions = leaf.options
    campaign = f"""(SELECT id FROM campaigns_campaign
        WHERE reference = {literal(options.campaign_id)})"""
    return Found(
        "coalesce({s}.converted, false)",
        Source(
            f"""
            SELECT followed.customer_id, true AS converted
            FROM ({conversions(campaign, only="true {one}")}) AS followed
            WHERE {since(options.within_days, "followed.placed_at")}
            GROUP BY followed.customer_id
            """,
            key="sent.customer_id",
        ),
    )
