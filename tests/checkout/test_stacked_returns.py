"""Orders with several promotions at once, returned unit by unit in any order.

The redemption and each return over HTTP are held against the tests' reference.
"""

import os
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as some

from promotions.queries.verify import limit_breaches
from tests.api import NOON
from tests.checkout.till import Till
from tests.promotions.agreement.amounts import CENTS, REAL, Money
from tests.promotions.agreement.effects import KINDS, effects
from tests.promotions.agreement.items import ITEMS, cart_lines
from tests.reference.codes import normalised
from tests.reference.pricing import answer
from tests.reference.reasons import Asked
from tests.reference.returns import Order

#: For each effect, which is one of those applied.
ORDERS = 30 if os.environ.get("SLOW") == "1" else 6
SHIPPING = "shipping"

_numbers = count(1)


@some.composite
def promotions(draw, money: Money, kind: str) -> dict[str, Any]:
    """One that may stand beside others, sometimes with a minimum."""
    promotion = {
        "name": "A promotion",
        "status": "active",
        "currency": "EUR",
        "activation": draw(some.sampled_from(["code", "automatic"])),
        "effect": draw(effects(money)[kind]),
        "items": draw(some.just({}) | some.just({}) | ITEMS),
        "stacking": {"priority": draw(some.integers(-1, 1))},
        "after_cancel": draw(some.sampled_from(["restore", "restore", "keep"])),
    }
    minimum = draw(some.sampled_from([None, None, "min_subtotal", "min_quantity"]))
    if minimum is not None:
        promotion["conditions"] = {minimum: draw(some.integers(1, 4))}
    return promotion


@some.composite
def sales(draw, kind: str):
    """(cart lines, shipping, up to five promotions, the order in which all comes back)."""
    money = draw(some.sampled_from([CENTS, REAL]))
    lines = draw(cart_lines(money, (2, 1, 3)))
    others = draw(some.lists(some.sampled_from(KINDS), min_size=1, max_size=4))
    offered = [draw(promotions(money, name)) for name in [kind, *others]]
    to_return = [line["line_id"] for line in lines for _ in range(line["quantity"])]
    return lines, draw(money.amounts), offered, draw(some.permutations([*to_return, SHIPPING]))


@pytest.mark.parametrize("kind", KINDS)
def test_stacked_orders_come_back_as_the_reference_says(till, kind):
    sold = 0

    @settings(
        max_examples=ORDERS,
        derandomize=True,
        database=None,
        # To make a failing sale smaller over HTTP takes minutes.
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(sale=sales(kind))
    def sell_and_take_back(sale):
        nonlocal sold
        lines, shipping, offered, to_return = sale
        shop = Shop(till, lines, shipping, offered)
        assume(2 <= len(shop.expected["applied"]) <= 4 and kind in shop.kinds_expected)
        try:
            shop.take_all_back(shop.sell(), to_return)
        finally:
            shop.close()
        sold += 1

    sell_and_take_back()

    assert sold >= ORDERS
    assert limit_breaches() == []


class Shop:
    """Promotions, each with a code of its own or automatic, and one customer's cart."""

    def __init__(self, till: Till, lines, shipping, offered) -> None:
        number = next(_numbers)
        self.till = till
        self.order_id = f"o{number}"
        self.promotions = {f"p{at}-{number}": body for at, body in enumerate(offered)}
        self.codes = {
            promotion_id: f"CODE-{promotion_id}"
            for promotion_id, body in self.promotions.items()
            if body["activation"] == "code"
        }
        self.cart = {
            "currency": "EUR",
            "customer_id": f"customer{number}",
            "shipping_amount": shipping,
            "lines": lines,
            "codes": list(self.codes.values()),
        }
        self.expected = self._expect()
        # A code that may not be used would refuse the whole order.
        self.cart["codes"] = [
            row["code"] for row in self.expected["codes"] if row["status"] != "inapplicable"
        ]
        self.expected = self._expect()

    @property
    def kinds_expected(self) -> set[str]:
        """Of the effects that are applied."""
        ids = [row["promotion_id"] for row in self.expected["applied"]]
        return {self.promotions[promotion_id]["effect"]["kind"] for promotion_id in ids}

    def _expect(self):
        asked = Asked(
            cart=self.cart,
            now=NOON,
            shop_zone="Europe/Berlin",
            codes={
                normalised(code): {"promotion_id": promotion_id}
                for promotion_id, code in self.codes.items()
            },
            counts={},
            customer={"registered": False, "earlier_orders": 0, "segments": []},
        )
        return answer(asked, self.promotions)

    def sell(self):
        for promotion_id, body in self.promotions.items():
            self.till.offer(promotion_id, code=self.codes.get(promotion_id), **body)
        body = {**self.cart, "order_id": self.order_id, "at": NOON.isoformat()}
        sold = self.till.api.post("/checkout/redemptions", body)
        assert sold.status == 201, sold
        for name in ("total", "item_discount", "shipping_total", "lines", "gifts", "best"):
            assert sold[name] == self.expected[name], name
        assert without_title(sold["applied"]) == self.expected["applied"]
        return sold

    def take_all_back(self, sold, to_return):
        """Unit by unit; in the end everything has been paid back."""
        order = Order(self.cart, sold.body, self.promotions)
        paid_back = taken_back = 0
        for at, name in enumerate(to_return):
            units = {} if name == SHIPPING else {name: 1}
            expected = order.take_back(units, refund_shipping=name == SHIPPING)
            got = self.till.give_back(self.order_id, f"r{at}", units, shipping=name == SHIPPING)
            assert got.status == 201, got
            # What each unit has earned by a bonus is held against the model in tests/cashback.
            expected = {
                name: value for name, value in expected.items() if name != "cashback_reversed"
            }
            assert {name: sorted_names(got[name]) for name in expected} == expected
            paid_back += got["refund_amount"]
            taken_back += got["cashback_reversed"]
        assert paid_back == sold["total"]
        assert taken_back == sold["cashback"]["earned"]
        self.check_codes(sold)

    def check_codes(self, sold):
        applied = {row["promotion_id"] for row in sold["applied"]}
        for promotion_id, code in self.codes.items():
            keeps = self.promotions[promotion_id]["after_cancel"] == "keep"
            used = int(promotion_id in applied and keeps)
            assert self.till.code(code, promotion_id) == (used, 0)

    def close(self):
        """Nothing automatic is left for the next customer."""
        for promotion_id in self.promotions:
            self.till.api.patch(f"/promotions/{promotion_id}", {"status": "archived"})


def without_title(applied):
    return [{name: value for name, value in row.items() if name != "title"} for row in applied]


def sorted_names(value):
    """Lists of codes and of promotion ids have no order in the contract."""
    is_names = isinstance(value, list) and all(isinstance(name, str) for name in value)
    return sorted(value) if is_names else value
