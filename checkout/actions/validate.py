"""Validating: what would this cart cost? Changes nothing but what was due anyway."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from msgspec import Struct

from access.queries import KeyClaim
from checkout.actions.decide import keep_decision_in_passing
from checkout.actions.expire import expire_due
from checkout.actions.price import Priced, count_misses, price_cart
from checkout.actions.waiting import put_aside
from checkout.domain.carts import check_cart
from checkout.domain.priced import PricedCart
from checkout.models import Decision
from common.cart import Cart
from promotions.domain.refusal import Reason


class Validated(Struct, frozen=True):
    """A priced cart and the decision behind it."""

    answer: PricedCart
    decision_id: UUID
    customer_key: int | None


def validate(*, cart: Cart, now: datetime, claim: KeyClaim | None = None) -> Validated:
    """Price the cart and keep the decision; no use, count, hold or budget changes.

    Raises:
        CartTooLarge, ValidationFailed, TooManyFailedCodes
        ClaimFailed: the key of `claim` is not live any more
    """
    check_cart(cart)
    priced = price_cart(cart=cart, now=now, claim=claim)
    if priced.waits_for_holds and expire_due(now=now):
        priced = price_cart(cart=cart, now=now)
    if _has_unknown_code(priced):
        with transaction.atomic():
            count_misses(priced)
    why, customer_key = priced.why(), priced.facts.customer_key
    decision_id = put_aside(why=why, customer_key=customer_key)
    if decision_id is None:
        decision_id = keep_decision_in_passing(
            kind=Decision.Kind.VALIDATE, why=why, customer_key=customer_key
        )
    return Validated(priced.answer, decision_id, customer_key)


def _has_unknown_code(priced: Priced) -> bool:
    return any(
        row.refusal is not None and row.refusal.code is Reason.CODE_NOT_VALID
        for row in priced.quote.codes
    )
