"""Reservations: a price that is promised, and what it needs held until it is redeemed or let go."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db.models.expressions import RawSQL

from cashback.actions import holds
from cashback.queries.rule_book import STAMP
from checkout.actions.decide import decide
from checkout.actions.price import Priced, check_applicable, price_cart
from checkout.actions.purse import OwnHold, hold_for
from checkout.actions.settle import ReservationExpired, check_holds
from checkout.domain.carts import check_cart
from checkout.domain.minimums import minimums_of
from checkout.domain.priced import PricedCart
from checkout.models import Decision, Reservation
from common.cart import Cart
from common.errors import DomainError, NotFound
from common.ids import new_id
from common.statements import run_together
from customers.actions.people import create_customer
from promotions.actions import uses
from promotions.actions.counters import Changes

LONGEST = timedelta(hours=24)


class ReservationNotActive(DomainError):
    """It was redeemed or released before."""

    code = "reservation_not_active"


@dataclass(frozen=True, slots=True)
class Reserved:
    """A reservation as it stands, and the closing statement of the act that left it so."""

    reservation: Reservation
    answer: PricedCart
    closing: Callable[[], None] | None = None


def reserve(*, cart: Cart, ttl_seconds: int, now: datetime, swept: bool) -> Reserved:
    """Hold everything that the cart's price needs, or nothing. Part of the caller's transaction.

    Raises:
        CartTooLarge, ValidationFailed, TooManyFailedCodes, OffersNotApplicable,
        HoldsInTheWay, LimitRaced
    """
    check_cart(cart)
    priced = price_cart(cart=cart, now=now)
    check_holds(priced, swept=swept)
    check_applicable(priced, kind=Decision.Kind.RESERVE)
    reservation = Reservation(
        id=new_id(),
        customer_id=_customer_key(priced, now),
        cart=frozen(cart),
        created_at=now,
        expires_at=now + timedelta(seconds=ttl_seconds),
    )
    return _hold(reservation, priced, Changes(), former=None)


def change_reservation(
    *, reservation_id: UUID, cart: Cart, ttl_seconds: int | None, now: datetime, swept: bool
) -> Reserved:
    """Swap the hold for another cart's; if that is refused the old hold stays.

    Raises:
        NotFound, ReservationExpired, ReservationNotActive, and all of `reserve`
    """
    check_cart(cart)
    reservation = lock_active(reservation_id, now=now)
    priced = price_cart(cart=cart, now=now, own_reservation=reservation_id)
    check_holds(priced, swept=swept)
    check_applicable(priced, kind=Decision.Kind.RESERVE)
    changes, former = Changes(), own_hold(reservation)
    uses.release(changes, reservation_ids=[reservation_id], now=now)
    reservation.customer_id = _customer_key(priced, now)
    reservation.cart = frozen(cart)
    if ttl_seconds is not None:
        reservation.expires_at = _until(reservation, ttl_seconds, now)
    return _hold(reservation, priced, changes, former=former)


def extend_reservation(*, reservation_id: UUID, ttl_seconds: int, now: datetime) -> Reserved:
    """Hold for `ttl_seconds` from now, but never beyond 24 hours after it was made.

    Raises:
        NotFound, ReservationExpired, ReservationNotActive
    """
    reservation = lock_active(reservation_id, now=now)
    reservation.expires_at = _until(reservation, ttl_seconds, now)
    reservation.save(update_fields=["expires_at"])
    if own_hold(reservation).amount:
        holds.extend(reference=reservation.pk, expires_at=reservation.expires_at, now=now)
    return Reserved(reservation, thaw(reservation.quote))


def release_reservation(*, reservation_id: UUID, now: datetime) -> Callable[[], None] | None:
    """Give everything back; a second time nothing happens. The closing statement, if any.

    Raises:
        NotFound, ReservationExpired, ReservationNotActive: it was redeemed.
    """
    reservation = _lock(reservation_id)
    if reservation.status == Reservation.Status.RELEASED:
        return None
    _check_active(reservation, now=now)
    reservation.status = Reservation.Status.RELEASED
    reservation.ended_at = now
    reservation.save(update_fields=["status", "ended_at"])
    changes = Changes()
    uses.release(changes, reservation_ids=[reservation_id], now=now)
    if own_hold(reservation).amount:
        holds.release(references=[reservation_id], now=now)
    return changes.apply()


def lock_active(reservation_id: UUID, *, now: datetime) -> Reservation:
    """The reservation, locked, if it can still be changed or redeemed.

    Raises:
        NotFound, ReservationExpired, ReservationNotActive
    """
    reservation = _lock(reservation_id)
    _check_active(reservation, now=now)
    return reservation


def own_hold(reservation: Reservation) -> OwnHold:
    """The cashback that it holds."""
    quote = thaw(reservation.quote)
    return OwnHold(reservation.customer_id, quote.currency, quote.cashback.spent)


def frozen(cart: Cart) -> dict[str, Any]:
    """The cart as it is kept: without the shopper's address, and with the customer in the row alone."""
    kept = msgspec.to_builtins(cart)
    kept.pop("client_ip", None)
    kept.pop("customer_id", None)
    return {name: kept[name] for name in Cart.__struct_fields__ if name in kept}


def thaw(quote: dict[str, Any]) -> PricedCart:
    """A kept quote as it was."""
    return msgspec.convert(quote, PricedCart)


def _lock(reservation_id: UUID) -> Reservation:
    # Whoever redeems it must know the cashback rules of this moment.
    rows = Reservation.objects.annotate(rule_stamp=RawSQL(STAMP, ()))
    found = rows.select_for_update(of=("self",)).filter(pk=reservation_id).first()
    if found is None:
        raise NotFound("There is no such reservation.")
    return found


def _check_active(reservation: Reservation, *, now: datetime) -> None:
    if reservation.status == Reservation.Status.EXPIRED:
        raise ReservationExpired(reservation.pk)
    if reservation.status != Reservation.Status.ACTIVE:
        raise ReservationNotActive
    if reservation.expires_at <= now:
        raise ReservationExpired(reservation.pk)


def _hold(
    reservation: Reservation, priced: Priced, changes: Changes, *, former: OwnHold | None
) -> Reserved:
    """`former` is what is held already; None: the reservation is new."""
    held = uses.hold(
        changes,
        priced.quote.applied,
        reservation_id=reservation.pk,
        customer_key=reservation.customer_id,
        currency=priced.cart.currency,
        now=priced.now,
    )
    decided = decide(
        kind=Decision.Kind.RESERVE, why=priced.why(), customer_key=reservation.customer_id
    )
    run_together([*held, *decided.inserts])
    hold_for(
        reservation.pk,
        customer_key=reservation.customer_id,
        answer=priced.answer,
        expires_at=reservation.expires_at,
        former=former,
        now=priced.now,
    )
    closing = changes.apply()
    reservation.quote = msgspec.to_builtins(priced.answer)
    reservation.minimums = msgspec.to_builtins(minimums_of(priced.quote, priced.cart))
    reservation.decision_id = decided.decision_id
    reservation.save(force_insert=former is None, force_update=former is not None)
    return Reserved(reservation, priced.answer, closing)


def _customer_key(priced: Priced, now: datetime) -> int | None:
    if priced.cart.customer_id is None:
        return None
    if priced.facts.customer_key is not None:
        return priced.facts.customer_key
    return create_customer(reference=priced.cart.customer_id, now=now)


def _until(reservation: Reservation, ttl_seconds: int, now: datetime) -> datetime:
    return min(now + timedelta(seconds=ttl_seconds), reservation.created_at + LONGEST)
