"""What a campaign brought, and how much of the revenue hangs on discounts."""

from campaigns.queries.campaigns import campaign_by_id
from campaigns.queries.dependence import dependence
from campaigns.queries.report import report_of
from campaigns.serializers.dependence import (
    DependenceResponse,
    Moment,
    dependence_response,
    range_asked,
)
from campaigns.serializers.reports import CampaignReportResponse, campaign_report_response
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.paths import known_id_in_path
from common.errors import NotFound


class CampaignReportView(Endpoint):
    """The figures of one campaign."""

    scope = "campaigns"

    @operation(
        "What a campaign brought",
        description=(
            "Sent, opened, clicked, converted, and what its orders came to, in all and by variant; and in "
            "`lift` what it really added: everybody who was meant to get it against those who were held out "
            "(`holdout_percent`), with a 95 % interval. All of it follows returns and cancellations. "
            "docs/campaigns.md tells how each figure is made."
        ),
        answers={200: CampaignReportResponse},
        problems=["not_found"],
    )
    def get(self, call: Call, *, campaign_id: str) -> Answer:
        campaign = campaign_by_id(known_id_in_path(campaign_id))
        if campaign is None:
            raise NotFound("There is no such campaign.")
        report = report_of(campaign.pk, now=call.now)
        return answer(200, campaign_report_response(campaign.reference, report))


class DependenceView(Endpoint):
    """What the shop would miss without discounts."""

    scope = "reports"

    @operation(
        "What share of the revenue came with discounts",
        description=(
            "Paid orders placed from `from` to before `until`: what share of their revenue came with a "
            "discount, and what share was paid with cashback, by month (the shop's) and by segment. Without "
            "`until` up to now, without `from` the last twelve months. A share that only grows is a shop "
            "that cannot sell without discounts any more."
        ),
        query={"from": Moment, "until": Moment},
        answers={200: DependenceResponse},
    )
    def get(self, call: Call) -> Answer:
        since, until = range_asked(call)
        found = dependence(since=since, until=until, now=call.now)
        return answer(200, dependence_response(found, since=since, until=until))
