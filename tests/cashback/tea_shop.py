"""A small shop in the reference, with words to speak of it."""

from datetime import UTC, datetime, timedelta
from itertools import count

from tests.reference.cashback.earning import RuleBook
from tests.reference.cashback.shop import Shop

BERLIN = "Europe/Berlin"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TEN = {"name": "Ten", "percent": "10", "pending_days": 14, "expires_after_days": 30}

_numbers = count(1)


def new_shop(*, partners=None, segments=None, zone=BERLIN, **rules):
    shop = Shop(RuleBook(rules, partners or {}, zone))
    shop.segments = {name: set(inside) for name, inside in (segments or {}).items()}
    return shop


def line(line_id, unit_price, *, quantity=1, discount=0, **more):
    return {
        "line_id": line_id,
        "sku": f"SKU-{line_id}",
        "quantity": quantity,
        "unit_price": unit_price,
        "discount": discount,
    } | more


def cart(*lines, customer_id="ada", currency="EUR", **more):
    return {"customer_id": customer_id, "currency": currency, "lines": list(lines)} | more


def key():
    return f"key-{next(_numbers):016d}"


def redeem(shop, order_id, *lines, at=NOON, **more):
    return shop.redeem(key=key(), order_id=order_id, cart=cart(*lines, **more), at=at)


def tell(shop, order_id, status, *, at, **instants):
    shop.record_order(order_id=order_id, cart={}, status=status, at=at, **instants)


def credit(shop, amount, *, expires_at=None, at=NOON, customer_id="ada"):
    """Given by staff."""
    shop.adjust(
        key=key(),
        customer_id=customer_id,
        currency="EUR",
        amount=amount,
        expires_at=expires_at,
        at=at,
    )


def give_back(shop, order_id, *, at, shipping=False, **quantities):
    """Lines by `l` and their id: `l1=2`."""
    return shop.return_lines(
        key=key(),
        order_id=order_id,
        return_id=f"r{next(_numbers)}",
        quantities={name[1:]: quantity for name, quantity in quantities.items()},
        refund_shipping=shipping,
        at=at,
    )


def balances(shop, at, *, customer_id="ada", currency="EUR"):
    """Pending, available, held, debt; and nothing that must be true is not."""
    shown = shop.balances(customer_id, at=at).get(currency) or {}
    assert shop.breaches() == []
    return tuple(shown.get(name, 0) for name in ("pending", "available", "held", "debt"))


def expiring(shop, at):
    return [
        (row["amount"], row["expires_at"].isoformat())
        for row in shop.balances("ada", at=at)["EUR"]["expiring"]
    ]


def matured(shop, order_id, *lines, at=NOON, **more):
    """Bought and delivered long enough ago; an order recorded by the shop, at `at`."""
    shop.record_order(order_id=order_id, cart=cart(*lines, **more), status="paid", at=at)
    tell(shop, order_id, "delivered", delivered_at=at - 15 * DAY, at=at)


def lots_of(shop):
    """In which accounts each lot is, the oldest first."""
    return [dict(+lot.parts) for lot in shop.ledger.lots]


def pay_out(shop, *steps, amount=60):
    name = key()
    shop.request_payout(
        key=key(), payout_id=name, customer_id="ada", currency="EUR", amount=amount, at=NOON
    )
    for to in steps:
        shop.move_payout(key=key(), payout_id=name, to=to, at=NOON)
