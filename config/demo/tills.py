"""Who stands at the till this very day: prices that are promised and held."""

from collections.abc import Sequence
from datetime import datetime

from checkout.actions.price import OffersNotApplicable
from checkout.actions.reserve import reserve
from checkout.actions.validate import validate
from common.cart import Cart
from config.demo.assortment import BY_SKU
from config.demo.baskets import PARCEL, cart_line, postage
from config.demo.offers.personal import TEA_20
from config.demo.people import Person
from promotions.actions.codes import CodeTerms, issue_code

_A_DAY = 86_400
#: The code of the last shopper, who has two windows open.
TWO_WINDOWS = "TEE-ZWEIMAL2"


def fill_tills(everybody: Sequence[Person], *, actor: str, now: datetime) -> None:
    """Three shoppers hold a price; one of them asks again elsewhere. Part of the caller's transaction."""
    _hold(_cart(everybody[0], "KANNE-GUSS"), now=now)
    _hold(_cart(everybody[1], "TEE-GYOKURO", code="GRUEN2"), now=now)
    newest = everybody[-1]
    issue_code(
        promotion_id=TEA_20,
        given=TWO_WINDOWS,
        customer_id=newest.customer_id,
        terms=CodeTerms(),
        actor=actor,
        now=now,
    )
    cart = _cart(newest, "TEE-DARJEELING", code=TWO_WINDOWS)
    _hold(cart, now=now)
    validate(cart=cart, now=now)


def _hold(cart: Cart, *, now: datetime) -> None:
    try:
        held = reserve(cart=cart, ttl_seconds=_A_DAY, now=now, swept=True)
    except OffersNotApplicable:
        # Somebody was faster.
        return
    if held.closing is not None:
        held.closing()


def _cart(person: Person, sku: str, *, code: str | None = None) -> Cart:
    country = person.profile.country or "DE"
    return Cart(
        customer_id=person.customer_id,
        currency="EUR",
        channel="web",
        shipping_country=country,
        shipping_method=PARCEL,
        shipping_amount=postage(method=PARCEL, country=country),
        payment_method="card",
        lines=[cart_line("1", BY_SKU[sku], 3)],
        codes=[code] if code is not None else [],
    )
