"""Fields of segment rules about campaigns: who was sent one, who clicked in it, who bought after it."""

from typing import Annotated

from msgspec import Meta, Struct

from campaigns.domain.agents import BY_PEOPLE
from campaigns.queries.attribution import conversions
from common.fields import ShopId
from customers.domain.rules import Leaf, Words
from customers.queries.fields.field import Field, Found, Source, literal, since, texts


class CampaignOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """Which campaign, and how far back."""

    campaign_id: ShopId
    within_days: Annotated[int, Meta(ge=1, le=36_500)] | None = None


#: A mail server took it, whatever it said later.
_SENT = "delivery.state IN ('accepted', 'delivered', 'bounced', 'complained')"


def fields() -> list[Field]:
    """Whether a campaign was sent to the customer, clicked by them, followed by an order."""
    return [
        Field(f"campaign.{name}", "truth", Words(english, german), find, CampaignOptions)
        for name, english, german, find in (
            ("sent", "Got the campaign", "Hat die Kampagne bekommen", _sent),
            ("clicked", "Clicked in the campaign", "Hat in der Kampagne geklickt", _clicked),
            (
                "converted",
                "Ordered after the campaign",
                "Hat nach der Kampagne bestellt",
                _converted,
            ),
        )
    ]


def _sent(leaf: Leaf) -> Found:
    options: CampaignOptions = leaf.options
    return _of_deliveries(
        options, "", f"{_SENT} AND {since(options.within_days, 'delivery.submitted_at')}"
    )


def _clicked(leaf: Leaf) -> Found:
    options: CampaignOptions = leaf.options
    return _of_deliveries(
        options,
        "JOIN campaigns_response AS response ON response.delivery_id = delivery.id",
        f"response.kind = 'click' AND response.agent = ANY({texts(BY_PEOPLE)})"
        f" AND {since(options.within_days, 'response.at')}",
    )


def _of_deliveries(options: CampaignOptions, joined: str, condition: str) -> Found:
    """Whether any message of the campaign to the customer is such. A campaign that does not exist has none."""
    return Found(
        "coalesce({s}.is_so, false)",
        Source(
            f"""
            SELECT delivery.customer_id, true AS is_so FROM campaigns_delivery AS delivery {joined}
            WHERE delivery.campaign_id = (
                    SELECT id FROM campaigns_campaign WHERE reference = {literal(options.campaign_id)})
                AND {condition} {{one}} GROUP BY delivery.customer_id
            """,
            key="delivery.customer_id",
        ),
    )


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
