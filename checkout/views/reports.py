"""What became of a promotion."""

from checkout.actions.report import report_promotion
from checkout.serializers.reports import PromotionReportResponse, report_response
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.paths import known_id_in_path


class PromotionReportView(Endpoint):
    """The figures of one promotion."""

    scope = "promotions"

    @operation(
        "What became of a promotion",
        description=(
            "Issued, validated, refused by reason, redeemed, returned, discount, revenue, what is "
            "left of the budget and, at the present rate, when it will be gone. Everything that was "
            "answered before this call is in it, whatever instant it was dated. Raises nothing: the "
            "event `promotion.budget_threshold` comes by itself, within seconds, once at 50, 80 and "
            "100 % of a budget."
        ),
        answers={200: PromotionReportResponse},
        problems=["not_found"],
    )
    def get(self, call: Call, *, promotion_id: str) -> Answer:
        found = report_promotion(promotion_id=known_id_in_path(promotion_id), now=call.now)
        return answer(200, report_response(found))
