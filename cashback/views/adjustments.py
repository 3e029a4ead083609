"""Cashback that staff give or take."""

from access.authentication import once
from cashback.actions.adjust import adjust
from cashback.serializers.customers import (
    AdjustCashbackRequest,
    AdjustmentResponse,
    adjustment_response,
)
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.ids import new_id
from customers.actions.people import ensure_customer


class CashbackAdjustmentsView(Endpoint):
    """Adjustments by hand."""

    scope = "cashback"

    @operation(
        "Give a customer cashback, or take some",
        body=AdjustCashbackRequest,
        key="required",
        answers={201: AdjustmentResponse},
        problems=["cashback_insufficient"],
        description=(
            "What is given repays debt first; the rest is available at once. What is taken comes from the "
            "lots that expire first; more than is available is refused. A customer whom the service has not "
            "seen yet is created, empty."
        ),
    )
    def post(self, call: Call) -> Answer:
        body: AdjustCashbackRequest = call.body
        body.check()
        adjustment_id = new_id()

        def act() -> Answer:
            key = ensure_customer(reference=body.customer_id, now=call.now)
            adjusted = adjust(
                adjustment_id=adjustment_id,
                customer_key=key,
                currency=body.currency,
                amount=body.amount,
                reason=body.reason,
                expires_at=body.expires_at,
                actor=call.caller.actor,
                now=call.now,
            )
            told = adjustment_response(body, adjusted, adjustment_id=adjustment_id, now=call.now)
            return answer(201, told, about=key)

        return once(call, act)
