"""What would a promotion have cost?"""

from access.authentication import once
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.paths import known_id_in_path
from common.ids import public_id
from promotions.actions.forecast import order_forecast
from promotions.serializers.forecast import ForecastJobResponse, ForecastRequest


class ForecastView(Endpoint):
    """A promotion, in any status, replayed over past orders."""

    scope = "promotions"

    @operation(
        "Replay a promotion over past orders",
        description=(
            "A background job prices every order of the period three times, by the pricing of checkout: "
            "with the promotion beside the automatic ones that run today, without it, and with it alone. "
            "Its limits are counted along from zero; periods are left out; shoppers' segments are those "
            "of today (`segments_as_of`); what is not kept with orders (`not_kept`) matches no "
            "condition.\n\n"
            "The job's `result` is the forecast: `orders` of the period, `orders_hit` of them that got "
            "it, and `orders_alone` that it would fit by itself; where others took its place, `instead` "
            "says which and how often. Of `amounts`, by currency, `discount` is what the promotion took, "
            "`cost` all discount with it less all discount without it. `worst_basket` is the order of "
            "which all promotions together took the greatest share. `weeks` begin on Mondays. "
            "`checklist` has what to look at before the launch: a `code`, a `severity` (`stop`: it would "
            "not do what is meant; `look`: it may well be meant so) and a `text` in each language.\n\n"
            "`POST /jobs/{job_id}/cancel` ends it before its time."
        ),
        body=ForecastRequest,
        answers={202: ForecastJobResponse},
        problems=["not_found"],
    )
    def post(self, call: Call, *, promotion_id: str) -> Answer:
        reference = known_id_in_path(promotion_id)
        body: ForecastRequest = call.body

        def act() -> Answer:
            forecast = order_forecast(
                promotion_id=reference,
                since=body.since,
                until=body.until,
                actor=call.caller.actor,
                now=call.now,
            )
            return answer(202, ForecastJobResponse(public_id("job", forecast.job_id), "queued"))

        return once(call, act)
