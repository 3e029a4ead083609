"""Reservations over REST."""

from checkout.actions import reserve
from checkout.actions.expire import expire_due
from checkout.queries.checkouts import reservation_by_id
from checkout.serializers.answers import ReservationResponse, priced_members
from checkout.serializers.carts import (
    ChangeReservationRequest,
    ExtendReservationRequest,
    ReserveRequest,
)
from checkout.views.acts import REFUSED_OFFERS, id_in_path, run
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.errors import NotFound
from common.ids import public_id

_REFUSALS = [
    "offers_not_applicable",
    "cashback_insufficient",
    "cart_too_large",
    "too_many_failed_codes",
]
_STATES = ["not_found", "reservation_expired", "reservation_not_active"]


class ReservationsView(Endpoint):
    """Hold what a cart's price needs."""

    scope = "checkout"

    @operation(
        "Hold a cart's codes, limits, budgets and cashback together, or nothing",
        description=(
            "If any code given is inapplicable, or there is not so much cashback, nothing is held "
            "and the answer says which, and why. A skipped code never refuses and is not held. Cashback that "
            "is held may be spent although it expires meanwhile; released, it has its own expiry again."
        ),
        body=ReserveRequest,
        answers={201: ReservationResponse},
        problems=_REFUSALS,
        problem_members=REFUSED_OFFERS,
        key="required",
    )
    def post(self, call: Call) -> Answer:
        def act(swept: bool) -> Answer:  # noqa: FBT001  # settle's own word
            made = reserve.reserve(
                cart=call.body, ttl_seconds=call.body.ttl_seconds, now=call.now, swept=swept
            )
            return _answer(201, made, call)

        return run(call, act)


class ReservationView(Endpoint):
    """One reservation."""

    scope = "checkout"

    @operation(
        "A reservation",
        description="As it was priced; texts are in the language of this call.",
        answers={200: ReservationResponse},
        problems=["not_found"],
    )
    def get(self, call: Call, *, reservation_id: str) -> Answer:
        key = id_in_path("rsv", reservation_id)
        reservation = reservation_by_id(key)
        if reservation is None:
            raise NotFound("There is no such reservation.")
        if reservation.is_due(now=call.now):
            expire_due(now=call.now, reservation_id=key)
            reservation.refresh_from_db()
        return _answer(200, reserve.Reserved(reservation, reserve.thaw(reservation.quote)), call)

    @operation(
        "Swap the hold for another cart's",
        description=(
            "The old hold does not stand in the way of the new one, and stays if the new one is "
            "refused. The end moves only if `ttl_seconds` is sent, and never beyond 24 hours after "
            "the reservation was made: what is more is cut."
        ),
        body=ChangeReservationRequest,
        answers={200: ReservationResponse},
        problems=[*_REFUSALS, *_STATES],
        problem_members=REFUSED_OFFERS,
    )
    def put(self, call: Call, *, reservation_id: str) -> Answer:
        key = id_in_path("rsv", reservation_id)

        def act(swept: bool) -> Answer:  # noqa: FBT001  # settle's own word
            changed = reserve.change_reservation(
                reservation_id=key,
                cart=call.body,
                ttl_seconds=call.body.ttl_seconds,
                now=call.now,
                swept=swept,
            )
            return _answer(200, changed, call)

        return run(call, act)

    @operation(
        "Let go of everything",
        description="A second time it is 204 again.",
        answers={204: None},
        problems=_STATES,
    )
    def delete(self, call: Call, *, reservation_id: str) -> Answer:
        key = id_in_path("rsv", reservation_id)

        def act(swept: bool) -> Answer:  # noqa: FBT001  # settle's own word
            closing = reserve.release_reservation(reservation_id=key, now=call.now)
            return answer(204, closing=closing)

        return run(call, act)


class ReservationExtensionView(Endpoint):
    """More time."""

    scope = "checkout"

    @operation(
        "Hold for longer",
        description=(
            "From now, and never beyond 24 hours after the reservation was made: what is more is "
            "cut, so look at `expires_at`."
        ),
        body=ExtendReservationRequest,
        answers={200: ReservationResponse},
        problems=_STATES,
    )
    def post(self, call: Call, *, reservation_id: str) -> Answer:
        key = id_in_path("rsv", reservation_id)

        def act(swept: bool) -> Answer:  # noqa: FBT001  # settle's own word
            extended = reserve.extend_reservation(
                reservation_id=key, ttl_seconds=call.body.ttl_seconds, now=call.now
            )
            return _answer(200, extended, call)

        return run(call, act)


def _answer(status: int, reserved: reserve.Reserved, call: Call) -> Answer:
    reservation = reserved.reservation
    content = priced_members(
        reserved.answer,
        decision_id=public_id("dec", reservation.decision_id),
        language=call.language,
    ) | {
        "reservation_id": public_id("rsv", reservation.pk),
        "status": reservation.status,
        "expires_at": reservation.expires_at,
    }
    return answer(status, content, closing=reserved.closing, about=reservation.customer_id)
