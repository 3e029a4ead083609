"""Returns over REST."""

from checkout.actions.returns import return_lines
from checkout.domain.returns import Asked
from checkout.serializers.returns import ReturnRequest, ReturnResponse
from checkout.views.acts import run
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.paths import known_id_in_path
from common.errors import FieldError, ValidationFailed


class ReturnsView(Endpoint):
    """Something comes back."""

    scope = "orders"

    @operation(
        "Return units of an order, or its shipping",
        description=(
            "Each unit gives back its own share of what was paid, first unit first; "
            "`refund_amount` is the money for the card, shipping included, and already less "
            "`clawback_offset`; the lines tell theirs before that. First the cashback that had paid for the "
            "units is restored, then what they had earned is taken back (`cashback_reversed`): of what is still "
            "there, then as the rule says. Of `cashback_reversed`, `cashback_debt` is owed from later credit, "
            "`clawback_offset` goes off the refund, and what a rule absorbs the customer keeps. A known `return_id` "
            "under a new key gets the first answer with 200, if it says the same. For an order that "
            "was never redeemed its own discounts count."
        ),
        body=ReturnRequest,
        answers={200: ReturnResponse, 201: ReturnResponse},
        problems=[
            "not_found", "return_exceeds_order", "return_id_reused", "state_transition_not_allowed",
        ],
        key="required",
    )  # fmt: skip
    def post(self, call: Call, *, order_id: str) -> Answer:
        known_id_in_path(order_id)
        asked: ReturnRequest = call.body
        if not asked.lines and not asked.refund_shipping:
            raise ValidationFailed(
                errors=[FieldError("/lines", "required", "Nothing is returned by this.")]
            )

        def act(swept: bool) -> Answer:  # noqa: FBT001  # settle's own word
            made = return_lines(
                order_id=order_id,
                return_id=asked.return_id,
                asked=[Asked(line_id=line.line_id, quantity=line.quantity) for line in asked.lines],
                refund_shipping=asked.refund_shipping,
                now=call.now,
            )
            status = 201 if made.is_new else 200
            return answer(status, made.content, closing=made.closing, about=made.customer_key)

        return run(call, act)
