"""Payouts over REST."""

from collections.abc import Callable
from uuid import UUID

from access.authentication import once
from cashback.actions import payout_outcomes, payout_requests
from cashback.actions.payout_outcomes import BY_HAND
from cashback.models import Payout
from cashback.queries.payouts import payout_by_id, payouts_page
from cashback.serializers.payouts import (
    FailPayoutRequest,
    PaidPayoutRequest,
    PayoutResponse,
    PayoutStatus,
    RejectPayoutRequest,
    RequestPayoutRequest,
    payout_response,
)
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf, cursor_of, limit_of, page
from common.errors import NotFound
from common.fields import ShopId
from common.ids import parse_public_id

_DECISION_PROBLEMS = ["not_found", "four_eyes_required", "state_transition_not_allowed"]
_END_PROBLEMS = ["not_found", "state_transition_not_allowed"]


class PayoutsView(Endpoint):
    """All payouts."""

    scope = "payouts"

    @operation(
        "Ask for a payout",
        description=(
            "The amount is held from now on, until it is paid, or given back by a rejection or a "
            "failure. Somebody else has to approve it, with another key; up to the shop's setting "
            "`PAYOUT_APPROVAL_ABOVE` (0 unless set) it is `approved` at once. `sepa` pays euros to a bank "
            "account, `stripe` to the customer's connected account, where the shop has set that up. "
            "Raises the event `payout.requested`."
        ),
        body=RequestPayoutRequest,
        key="required",
        answers={202: PayoutResponse},
        problems=["cashback_insufficient", "payout_provider_not_set_up"],
    )
    def post(self, call: Call) -> Answer:
        asked: RequestPayoutRequest = call.body

        def act() -> Payout:
            return payout_requests.request_payout(
                customer_id=asked.customer_id,
                currency=asked.currency,
                amount=asked.amount,
                destination=asked.destination,
                actor=call.caller.actor,
                now=call.now,
            )

        return _once(call, act, status=202)

    @operation(
        "List payouts in the order in which they were asked for",
        query={**PAGE_QUERY, "status": PayoutStatus, "customer_id": ShopId},
        answers={200: PageOf[PayoutResponse]},
    )
    def get(self, call: Call) -> Answer:
        rows = payouts_page(
            status=call.query.get("status"),
            customer_id=call.query.get("customer_id"),
            after=cursor_of(call, UUID),
            limit=limit_of(call.query),
        )
        return answer(200, page(rows, call=call, key=lambda row: row.pk, show=payout_response))


class PayoutView(Endpoint):
    """One payout."""

    scope = "payouts"

    @operation("Read a payout", answers={200: PayoutResponse}, problems=["not_found"])
    def get(self, call: Call, *, payout_id: str) -> Answer:
        payout = payout_by_id(_key(payout_id))
        if payout is None:
            raise NotFound("There is no such payout.")
        return _shown(200, payout)


class ApprovePayoutView(Endpoint):
    """Somebody else's yes."""

    scope = "payouts"

    @operation(
        "Approve a payout",
        description="By another key than the one that asked for it.",
        answers={200: PayoutResponse},
        problems=_DECISION_PROBLEMS,
    )
    def post(self, call: Call, *, payout_id: str) -> Answer:
        key = _key(payout_id)
        return _once(
            call,
            lambda: payout_requests.approve(payout_id=key, actor=call.caller.actor, now=call.now),
        )


class RejectPayoutView(Endpoint):
    """Somebody else's no."""

    scope = "payouts"

    @operation(
        "Reject a payout",
        description=(
            "By another key than the one that asked for it, also after an approval, until it is "
            "submitted. The money is available again. Raises the event `payout.rejected`."
        ),
        body=RejectPayoutRequest,
        answers={200: PayoutResponse},
        problems=_DECISION_PROBLEMS,
    )
    def post(self, call: Call, *, payout_id: str) -> Answer:
        key = _key(payout_id)
        return _once(
            call,
            lambda: payout_requests.reject(
                payout_id=key, reason=call.body.reason, actor=call.caller.actor, now=call.now
            ),
        )


class PaidPayoutView(Endpoint):
    """The money has left."""

    scope = "payouts"

    @operation(
        "Say that a payout was paid",
        description=(
            "For what was `submitted`: finance has seen it on the bank's statement. Raises the event "
            "`payout.paid`."
        ),
        body=PaidPayoutRequest,
        answers={200: PayoutResponse},
        problems=_END_PROBLEMS,
    )
    def post(self, call: Call, *, payout_id: str) -> Answer:
        key = _key(payout_id)
        return _once(
            call,
            lambda: payout_outcomes.mark_paid(
                payout_id=key,
                reference=call.body.reference,
                actor=call.caller.actor,
                now=call.now,
            ),
        )


class FailedPayoutView(Endpoint):
    """The money did not leave, or came back."""

    scope = "payouts"

    @operation(
        "Say that a payout has failed",
        description=(
            "For what was `submitted`: it was not paid and will not be. The money is available again. "
            "Raises the event `payout.failed`."
        ),
        body=FailPayoutRequest,
        answers={200: PayoutResponse},
        problems=_END_PROBLEMS,
    )
    def post(self, call: Call, *, payout_id: str) -> Answer:
        key = _key(payout_id)
        return _once(
            call,
            lambda: payout_outcomes.mark_failed(
                payout_id=key,
                failure=BY_HAND,
                reason=call.body.reason,
                actor=call.caller.actor,
                now=call.now,
            ),
        )


def _key(payout_id: str) -> UUID:
    key = parse_public_id("pay", payout_id)
    if key is None:
        raise NotFound("There is no such payout.")
    return key


def _once(call: Call, act: Callable[[], Payout], *, status: int = 200) -> Answer:
    return once(call, lambda: _shown(status, act()))


def _shown(status: int, payout: Payout) -> Answer:
    return answer(status, payout_response(payout), about=payout.wallet.customer_id)
