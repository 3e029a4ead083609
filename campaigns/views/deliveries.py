"""How far a campaign is, and what came of each message."""

from campaigns.models import Campaign
from campaigns.queries.campaigns import campaign_by_id, states_of
from campaigns.queries.deliveries import deliveries_page
from campaigns.queries.placing import views_of
from campaigns.serializers.campaigns import (
    DeliveryResponse,
    DeliveryState,
    ProgressResponse,
    delivery_response,
    progress_response,
)
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf, cursor_of, limit_of, page
from common.api.paths import known_id_in_path
from common.errors import NotFound
from common.fields import ShopId


class CampaignProgressView(Endpoint):
    """How far it is."""

    scope = "campaigns"

    @operation("How far a campaign is", answers={200: ProgressResponse}, problems=["not_found"])
    def get(self, call: Call, *, campaign_id: str) -> Answer:
        campaign = _known(campaign_id)
        is_placement = campaign.channel == Campaign.Channel.PLACEMENT
        views = views_of(campaign.pk) if is_placement else None
        return answer(200, progress_response(campaign, states_of(campaign.pk), views))


class CampaignDeliveriesView(Endpoint):
    """Who got it, who did not, and why."""

    scope = "campaigns"

    @operation(
        "Who got it, who did not, and why",
        description=(
            "A row for each recipient and occasion, held-out customers included, in the order in which they "
            "were enlisted. `reason` is a code wherever nothing was accepted."
        ),
        query={**PAGE_QUERY, "customer_id": ShopId, "state": DeliveryState},
        answers={200: PageOf[DeliveryResponse]},
        problems=["not_found"],
    )
    def get(self, call: Call, *, campaign_id: str) -> Answer:
        rows = deliveries_page(
            campaign_key=_known(campaign_id).pk,
            customer_id=call.query.get("customer_id"),
            state=call.query.get("state"),
            after=cursor_of(call, int),
            limit=limit_of(call.query),
        )
        return answer(200, page(rows, call=call, key=lambda row: row.pk, show=delivery_response))


def _known(campaign_id: str) -> Campaign:
    campaign = campaign_by_id(known_id_in_path(campaign_id))
    if campaign is None:
        raise NotFound("There is no such campaign.")
    return campaign
