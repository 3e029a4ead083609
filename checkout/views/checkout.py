"""Validate, and why."""

from uuid import UUID

from access.authentication import ConfirmsKey, once
from checkout.actions.validate import validate
from checkout.actions.waiting import write_down
from checkout.domain.why import for_callers
from checkout.models import Decision
from checkout.queries.decisions import decision_by_id
from checkout.serializers.answers import DecisionResponse, PricedCartResponse, priced_members
from checkout.views.acts import id_in_path
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.cart import Cart
from common.errors import NotFound
from common.ids import public_id


class ValidateView(ConfirmsKey, Endpoint):
    """What would this cart cost? The statement that reads the facts confirms the key."""

    scope = "checkout"

    @operation(
        "Price a cart and judge its codes; changes nothing",
        description=(
            "`codes` has a row per code given, in the same order and spelling. Of a valid code "
            "that is left out for a better combination the status is `skipped`: it is not used up. "
            "A guest or a customer who is not known yet is priced without being created. `cashback` is the "
            "customer's in the cart's currency: `earned` is what the order would earn by the rules of this "
            "instant, monthly caps and bonuses of promotions included; what it spends earns nothing. A "
            "`partner_id` says whose order it will be: no rule of another partner counts. The "
            "decision behind the answer is kept for 90 days."
        ),
        body=Cart,
        answers={200: PricedCartResponse},
        problems=["cart_too_large", "too_many_failed_codes"],
    )
    def post(self, call: Call) -> Answer:
        # Nothing is written that a replay must not repeat, so a transaction is opened only if asked.
        if call.idempotency_key is None:
            return _validate(call)
        return once(call, lambda: _validate(call))


class DecisionView(Endpoint):
    """Why was a call answered as it was?"""

    scope = "checkout"

    @operation(
        "Explain an answer",
        description=(
            "Each promotion that was considered, each of its rules with the value found and the "
            "value required, and what was chosen over what. A reservation or redemption that was "
            "refused has one too: its problem document carries the `decision_id`. Codes are not written "
            "down here: `position`, and a promotion's `code_position`, is the place of the code in the "
            "call, from 0. For people: its inner form may grow."
        ),
        answers={200: DecisionResponse},
        problems=["not_found"],
    )
    def get(self, call: Call, *, decision_id: str) -> Answer:
        known_id = id_in_path("dec", decision_id)
        # Redis may have come to the first look before it came to what was told just then.
        decision = _written(known_id) or _written(known_id)
        if decision is None:
            raise NotFound("There is no such decision, or no more.")
        return answer(
            200,
            DecisionResponse(
                decision_id=decision_id,
                kind=decision.kind,  # type: ignore[arg-type]  # held by the column's choices
                made_at=decision.made_at,
                decision=for_callers(decision.content, decision.findings),
            ),
        )


def _written(decision_id: UUID) -> Decision | None:
    write_down()
    return decision_by_id(decision_id)


def _validate(call: Call) -> Answer:
    found = validate(cart=call.body, now=call.now, claim=call.caller.claim)
    decision_id = public_id("dec", found.decision_id)
    members = priced_members(found.answer, decision_id=decision_id, language=call.language)
    return answer(200, members, about=found.customer_key)
