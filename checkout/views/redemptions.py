"""Redemptions over REST."""

from typing import Any

from checkout.actions import redeem
from checkout.actions.cancel import cancel_redemption
from checkout.actions.reserve import thaw
from checkout.models import Redemption
from checkout.queries.checkouts import redemption_by_id, redemption_of_order
from checkout.serializers.answers import RedemptionResponse, priced_members
from checkout.serializers.carts import RedeemCartRequest, RedeemReservationRequest
from checkout.views.acts import REFUSED_OFFERS, id_in_path, run
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf
from common.errors import NotFound
from common.fields import ShopId
from common.ids import parse_public_id, public_id


def _shape(body: dict[str, Any]) -> Any:
    return RedeemReservationRequest if "reservation_id" in body else RedeemCartRequest


class RedemptionsView(Endpoint):
    """Use the offers of an order."""

    scope = "checkout"

    @operation(
        "Use a reservation's or a whole cart's offers for an order, or nothing",
        description=(
            "An active reservation is honoured at its price, even if its promotion was changed or "
            "has ended since. The order is created as `placed`, or, if it is known already, must be "
            "`placed` or `paid` and agree with the cart. An order is redeemed once, also after a "
            "cancel: `order_already_redeemed` names the redemption. The order earns cashback: by the rules of "
            "this moment, also where a reservation told others, and the bonuses that were promised. An order "
            "that was told as paid before may have earned then; it earns once, and `cashback.earned` is 0 here. "
            "A new order gets the cart's `partner_id`; a known one keeps its own, if it has one."
        ),
        body=RedeemReservationRequest | RedeemCartRequest,
        shape=_shape,
        answers={201: RedemptionResponse},
        problems=[
            "offers_not_applicable", "cashback_insufficient", "cart_too_large",
            "too_many_failed_codes", "not_found", "reservation_expired", "reservation_not_active",
            "order_already_redeemed", "order_differs_from_redemption",
        ],
        problem_members={**REFUSED_OFFERS, "order_already_redeemed": {"redemption_id": str}},
        key="required",
    )  # fmt: skip
    def post(self, call: Call) -> Answer:
        def act(swept: bool) -> Answer:  # noqa: FBT001  # settle's own word
            if isinstance(call.body, RedeemReservationRequest):
                key = parse_public_id("rsv", call.body.reservation_id)
                if key is None:
                    raise NotFound("There is no such reservation.")
                made = redeem.redeem_reservation(
                    reservation_id=key, order_id=call.body.order_id, now=call.now
                )
            else:
                made = redeem.redeem_cart(
                    cart=call.body, order_id=call.body.order_id, now=call.now, swept=swept
                )
            return _answer(201, made, call)

        return run(call, act)

    @operation(
        "The redemption of an order",
        description="One at most: an order is redeemed once, also after a cancel.",
        answers={200: PageOf[RedemptionResponse]},
        query={"order_id": ShopId, **PAGE_QUERY},
        required_query=["order_id"],
    )
    def get(self, call: Call) -> Answer:
        found = redemption_of_order(call.query["order_id"])
        results = [_members(_as_made(found), call)] if found else []
        return answer(200, {"results": results, "next_cursor": None})


class RedemptionView(Endpoint):
    """One redemption."""

    scope = "checkout"

    @operation("A redemption", answers={200: RedemptionResponse}, problems=["not_found"])
    def get(self, call: Call, *, redemption_id: str) -> Answer:
        found = redemption_by_id(id_in_path("red", redemption_id))
        if found is None:
            raise NotFound("There is no such redemption.")
        return _answer(200, _as_made(found), call)


class CancellationView(Endpoint):
    """Take a redemption back."""

    scope = "checkout"

    @operation(
        "Cancel a redemption and its order",
        description=(
            "Gives back what its promotions promise to (`after_cancel`) and the cashback that was spent, takes "
            "back what was earned, and sets the order to `cancelled`. Cashback that was earned and is spent "
            "already is treated as its rule says (`clawback`); since no refund is told here, what would come "
            "off one is owed. Not once it is shipped, or something came back."
        ),
        answers={200: RedemptionResponse},
        problems=["not_found", "already_cancelled", "state_transition_not_allowed"],
        problem_members={"already_cancelled": {"redemption_id": str}},
        key="required",
    )
    def post(self, call: Call, *, redemption_id: str) -> Answer:
        key = id_in_path("red", redemption_id)

        def act(swept: bool) -> Answer:  # noqa: FBT001  # settle's own word
            done = cancel_redemption(redemption_id=key, now=call.now)
            made = _as_made(done.redemption)
            return _answer(
                200,
                redeem.Redeemed(made.redemption, made.order_id, made.answer, done.closing),
                call,
            )

        return run(call, act)


def _as_made(found: Redemption) -> redeem.Redeemed:
    return redeem.Redeemed(found, found.order.reference, thaw(found.quote))


def _answer(status: int, made: redeem.Redeemed, call: Call) -> Answer:
    about = made.redemption.customer_id
    return answer(status, _members(made, call), closing=made.closing, about=about)


def _members(made: redeem.Redeemed, call: Call) -> dict[str, Any]:
    redemption = made.redemption
    return priced_members(
        made.answer,
        decision_id=public_id("dec", redemption.decision_id),
        language=call.language,
    ) | {
        "redemption_id": public_id("red", redemption.pk),
        "order_id": made.order_id,
        "status": redemption.status,
        "reservation_id": public_id("rsv", redemption.reservation_id)
        if redemption.reservation_id
        else None,
        "redeemed_at": redemption.redeemed_at,
        "cancelled_at": redemption.cancelled_at,
    }
