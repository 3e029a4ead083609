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
            "`cost` is the discount with it less that without it. Its limits are counted along from zero; "
            "periods are left out; shoppers' segments are those of today (`segments_as_of`); countries "
            "and ways to pay and to ship are not kept with orders, and match no condition. The "
            "job's `result` is the forecast."
        ),
        body=ForecastRequest,
        answers={202: ForecastJobResponse},
        problems=["not_found"],
    )
    def post(self, call: Call, *, promotion_id: str) -> Answer:
        reference = known_id_in_path(promotion_id)
        body: ForecastRequest = call.body

        def act() -> Answer:
            job_id = order_forecast(
                promotion_id=reference, since=body.since, until=body.until, now=call.now
            )
            return answer(202, ForecastJobResponse(public_id("job", job_id), "queued"))

        return once(call, act)
