"""Carts at which twelve promotions have an effect, ten of them on one line: choosing at its hardest.

Eight of the ten exclude each other in pairs. Of each pair the one that takes more is the better one,
whatever else is chosen, so the best price can be worked out without trying combinations.
"""

import random

from bench.carts import PreparedCart
from bench.measure import Sample, measure
from bench.offers import AMOUNT_OF_CODE, CODE_PROMOTIONS, Body, half_up
from bench.seed import code_of
from bench.service import Service

SAMPLE_CARTS = 200
#: In the order of work; the second of each pair is the better one.
_AMOUNTS = ((300, 500), (200, 250))
_PERCENTS = ((10, 12), (5, 8))
_ON_ORDER = (3, 4)


def twelve_candidates(service: Service, *, rounds: int, requests: int) -> list[Sample]:
    """Rounds of `requests` calls; the ten promotions are archived again afterwards."""
    for promotion_id, body in _promotions().items():
        service.call("PUT", f"/promotions/{promotion_id}", body)
    carts = _carts()
    prepared = [service.request("POST", "/checkout/validate", cart.body) for cart in carts]
    chosen = [at % len(carts) for at in range(requests)]
    samples = [
        measure(
            service,
            [prepared[at] for at in chosen],
            check=lambda number, exchange: carts[chosen[number]].check(exchange),
        )
        for _ in range(rounds + 1)
    ]
    for promotion_id in _promotions():
        service.call("PATCH", f"/promotions/{promotion_id}", {"status": "archived"})
    return samples[1:]


def _promotions() -> dict[str, Body]:
    found: dict[str, Body] = {}
    for letter, amounts in zip("ab", _AMOUNTS, strict=True):
        for amount in amounts:
            effect = {"kind": "fixed_amount", "amount": amount, "on": "line"}
            found[f"twelve-{letter}-{amount}"] = _promotion(effect, group=letter)
    for letter, percents in zip("cd", _PERCENTS, strict=True):
        for percent in percents:
            effect = {"kind": "percentage", "percent": str(percent), "on": "lines"}
            found[f"twelve-{letter}-{percent:02}"] = _promotion(effect, group=letter)
    for percent in _ON_ORDER:
        effect = {"kind": "percentage", "percent": str(percent), "on": "order"}
        found[f"twelve-e-{percent}"] = _promotion(effect, group=None)
    return found


def _promotion(effect: Body, *, group: str | None) -> Body:
    return {
        "name": "One of ten",
        "status": "active",
        "activation": "automatic",
        "currency": "EUR",
        "effect": effect,
        "items": {"include": {"categories": ["twelve"]}},
        "stacking": {"group": group and f"twelve-{group}"},
    }


def _carts() -> list[PreparedCart]:
    chance = random.Random(12)
    return [_cart(number, chance.randint(2_000, 90_000)) for number in range(SAMPLE_CARTS)]


def _cart(number: int, price: int) -> PreparedCart:
    """The line that ten promotions look at, one for each code, and two that nobody looks at."""
    categories = ["twelve", "personal", "single", "other", "other"]
    prices = [price, 1_999, 2_499, 1_299, 899]
    own = number * 2 * CODE_PROMOTIONS
    body = {
        "customer_id": f"c{number + 1}",
        "currency": "EUR",
        "lines": [
            {"line_id": str(at), "sku": f"{category}-{at}", "categories": [category],
             "quantity": 1, "unit_price": prices[at]}
            for at, category in enumerate(categories)
        ],
        "codes": [code_of(own), code_of(own + CODE_PROMOTIONS)],
    }  # fmt: skip
    taken = half_up(prices[1], tenths_of_percent=125) + AMOUNT_OF_CODE
    return PreparedCart(body, _left(price) + sum(prices[1:]) - taken, applied=8)


def _left(price: int) -> int:
    """Of the one line, after the better one of each pair and both on the order."""
    for _, amount in _AMOUNTS:
        price -= amount
    for percent in (*(better for _, better in _PERCENTS), *_ON_ORDER):
        price -= half_up(price, tenths_of_percent=10 * percent)
    return price
