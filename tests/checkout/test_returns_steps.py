"""Returns over HTTP in random steps, with cancelling and shipping in between.

The test keeps books of its own: each unit's discount by the policy's words, what came back, what
was paid back, and how often the code is used.
"""

from dataclasses import dataclass, field
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from promotions.queries.verify import limit_breaches
from tests.checkout.till import Till, line
from tests.promotions.effects import (
    bonus_cashback,
    bundle_price,
    buy_x_get_y,
    fixed_price,
    free_shipping,
    gift,
    tiered,
)

_numbers = count(1)

LINES = some.lists(
    some.tuples(some.integers(1, 5), some.one_of(some.integers(0, 9), some.integers(0, 10**6))),
    min_size=1,
    max_size=4,
)
SHIPPING_PRICE = 199
CHEAP_SHIPPING = {"effect": free_shipping(shipping_price=SHIPPING_PRICE)}
OFFERS = some.sampled_from(
    [
        {"effect": {"kind": "percentage", "percent": "33.3333"}},
        {"effect": {"kind": "percentage", "percent": "19", "on": "lines"}},
        {"effect": {"kind": "fixed_amount", "amount": 1}},
        {"effect": {"kind": "fixed_amount", "amount": 997}},
        {"effect": {"kind": "fixed_amount", "amount": 333, "on": "unit"}},
        {"effect": {"kind": "percentage", "percent": "100"}},
        {"effect": {"kind": "fixed_amount", "amount": 997}, "after_cancel": "keep"},
        {"effect": fixed_price(5)},
        {"effect": bundle_price(3, 1000)},
        {"effect": buy_x_get_y(2, 1)},
        {"effect": tiered({4: 777}, by="quantity")},
        {"effect": gift()},
        {"effect": bonus_cashback(amount=500)},
        CHEAP_SHIPPING,
    ]
)
STEPS = some.lists(
    some.one_of(
        some.tuples(
            some.just("return"),
            some.dictionaries(some.integers(0, 4), some.integers(1, 5), max_size=3),
            some.booleans(),
        ),
        some.tuples(some.just("repeat"), some.integers(0, 3)),
        some.tuples(some.just("alter"), some.integers(0, 3)),
        some.tuples(some.just("cancel")),
        some.tuples(some.sampled_from(["paid", "shipped"])),
    ),
    max_size=8,
)


@dataclass
class Books:
    """What must be true of one order."""

    prices: dict[str, int]
    #: Unit by unit, first unit first.
    discounts: dict[str, list[int]]
    shipping: int
    restores: bool
    has_code: bool
    back: dict[str, int]
    status: str = "placed"
    shipping_back: bool = False
    paid_back: int = 0
    told: list = field(default_factory=list)
    code_used: int = 0

    @property
    def paid(self) -> int:
        taken = sum(map(sum, self.discounts.values()))
        cost = sum(self.prices[name] * len(units) for name, units in self.discounts.items())
        return cost - taken + self.shipping

    @property
    def is_complete(self) -> bool:
        return all(self.back[name] == len(units) for name, units in self.discounts.items())

    def fits(self, units, shipping) -> bool:
        return not (shipping and self.shipping_back) and all(
            name in self.back and self.back[name] + wanted <= len(self.discounts[name])
            for name, wanted in units.items()
        )


@given(lines=LINES, offer=OFFERS, steps=STEPS, shipping=some.sampled_from([0, 495]))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_comes_back_in_whatever_steps_pays_back_what_was_paid(
    till, lines, offer, steps, shipping
):
    books, order_id, code = sell(till, lines, offer, shipping)
    for name, *more in steps:
        {"return": give_back, "repeat": repeat, "alter": alter, "cancel": cancel}.get(name, move)(
            till, books, order_id, code, *(more or [name])
        )
    if books.status != "cancelled":
        rest = {
            name: len(units) - books.back[name]
            for name, units in books.discounts.items()
            if len(units) > books.back[name]
        }
        if rest or not books.shipping_back:
            give_back(till, books, order_id, code, rest, not books.shipping_back, named=True)
        assert books.paid_back == books.paid
        assert books.is_complete
    else:
        assert books.paid_back == 0
    assert till.code(code, f"p{order_id}") == (books.code_used, 0)
    assert till.api.get(f"/orders/{order_id}")["returns"] == [body for _, body in books.told]
    assert limit_breaches() == []


def sell(till: Till, lines, offer, shipping):
    number = next(_numbers)
    order_id, code, customer = f"o{number}", f"CODE{number}", f"customer{number}"
    made = [
        line(str(at), quantity=quantity, unit_price=price)
        for at, (quantity, price) in enumerate(lines)
    ]
    till.offer(f"p{order_id}", code=code, limits={"per_customer": 1}, **offer)
    asked = {"customer": customer, "shipping_amount": shipping}
    # Not every offer has an effect on every cart.
    has_code = till.why(*made, codes=[code], **asked) is None
    sold = till.redeem(order_id, *made, codes=[code] * has_code, **asked)
    assert sold.status == 201, sold
    discounts = {}
    for row, (quantity, _) in zip(sold["lines"], lines, strict=True):
        each, left = divmod(row["discount"], quantity)
        discounts[row["line_id"]] = [each + (unit < left) for unit in range(quantity)]
    books = Books(
        prices={row["line_id"]: row["unit_price"] for row in made},
        discounts=discounts,
        shipping=min(shipping, SHIPPING_PRICE)
        if offer is CHEAP_SHIPPING and has_code
        else shipping,
        restores=offer.get("after_cancel") != "keep",
        has_code=has_code,
        back=dict.fromkeys(discounts, 0),
        code_used=int(has_code),
    )
    assert books.paid == sold["total"]
    return books, order_id, code


def give_back(till, books: Books, order_id, code, units, shipping, *, named=False):
    units = units if named else {str(at): wanted for at, wanted in units.items()}
    name = f"r{len(books.told)}"
    got = till.give_back(order_id, name, units, shipping=shipping)
    if not units and not shipping:
        assert (got.status, got["code"]) == (422, "validation_failed")
    elif books.status == "cancelled":
        assert (got.status, got["code"]) == (409, "state_transition_not_allowed")
    elif not books.fits(units, shipping):
        assert (got.status, got["code"]) == (422, "return_exceeds_order")
    else:
        assert got.status == 201, got
        check(books, got, units, shipping, code)
        books.told.append(((units, shipping), got.body))


def check(books: Books, got, units, shipping, code):
    """The answer against the books, which then go on."""
    was_complete = books.is_complete
    discount = refund = 0
    for (name, wanted), row in zip(units.items(), got["lines"], strict=True):
        own = books.discounts[name][books.back[name] : books.back[name] + wanted]
        amount = books.prices[name] * wanted - sum(own)
        assert row == {"line_id": name, "quantity": wanted, "refund_amount": amount}
        discount, refund = discount + sum(own), refund + amount
        books.back[name] += wanted
    shipped = books.shipping if shipping else 0
    books.shipping_back |= shipping
    assert got["refund_amount"] == refund + shipped
    assert (got["discount_reversed"], got["shipping_refunded"]) == (discount, shipped)
    books.paid_back += refund + shipped
    gives_code = books.is_complete and not was_complete and books.restores and books.has_code
    assert got["codes_restored"] == ([code] if gives_code else [])
    books.code_used -= gives_code


def repeat(till, books: Books, order_id, _, at):
    if at < len(books.told):
        (units, shipping), body = books.told[at]
        again = till.give_back(order_id, f"r{at}", units, shipping=shipping)
        assert (again.status, again.body) == (200, body)


def alter(till, books: Books, order_id, _, at):
    if at < len(books.told):
        (units, shipping), _ = books.told[at]
        other = till.give_back(order_id, f"r{at}", {**units, "another": 1}, shipping=shipping)
        assert (other.status, other["code"]) == (409, "return_id_reused")


def cancel(till, books: Books, order_id, _, name):
    got = move(till, books, order_id, _, "cancelled")
    if got.status == 200 and books.restores:
        books.code_used = 0


def move(till, books: Books, order_id, _, status):
    """The order as the shop tells it: by `PATCH`, which is a `PUT` of what it is else."""
    order = till.api.get(f"/orders/{order_id}")
    lines = [
        {name: row[name] for name in ("line_id", "sku", "quantity", "unit_price")}
        for row in order["lines"]
    ]
    got = till.put_order(
        order_id,
        *lines,
        status=status,
        customer_id=order["customer_id"],
        shipping_amount=order["shipping_amount"],
    )
    steps = ["placed", "paid", "shipped"]
    if books.status == "cancelled":
        allowed = status == "cancelled"
    elif status == "cancelled":
        allowed = books.status != "shipped" and not books.told
    else:
        allowed = steps.index(status) >= steps.index(books.status)
    if allowed:
        assert got.status == 200, got
        books.status = status
    else:
        assert (got.status, got["code"]) == (409, "state_transition_not_allowed")
    return got
