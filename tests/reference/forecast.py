"""A forecast once more, for promotions whose arithmetic is plain, written from the policy alone.

Known are `percentage` on `lines` or `order` with a `max_discount`, and `fixed_amount` on `order`; `items.include` by
category and brand with `skip_reduced`; `min_subtotal`; exclusives and priorities; the three limits
of the whole promotion. Orders and promotions are decoded JSON of the contract.
"""

from collections import Counter
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]
_ITEMS_LANE, _ORDER_LANE = 1, 2


class World:
    """One of the two worlds: beside the others, or alone. Counts what the tried one has given."""

    def __init__(self, tried: Json, others: list[Json]) -> None:
        self.tried, self.others = tried, others
        self.used, self.spent = 0, 0
        self.by_customer: Counter[str] = Counter()

    def play(self, order: Json) -> dict[str, int]:
        """What each promotion of the best combination takes, by its id; the tried one is counted."""
        given = self.best(order, [self.tried, *self.others])
        if self.tried["id"] in given:
            self.used += 1
            self.spent += given[self.tried["id"]]
            if order["customer_id"]:
                self.by_customer[order["customer_id"]] += 1
        return given

    def best(self, order: Json, promotions: list[Json]) -> dict[str, int]:
        """The legal combination that takes most; then the fewest, the highest, the first by id."""
        fitting = [each for each in promotions if self._fits(order, each)]
        legal = [
            self._taken(order, chosen)
            for count in range(len(fitting) + 1)
            for chosen in combinations(fitting, count)
            if count < 2 or not any(each["stacking"]["exclusive"] for each in chosen)
        ]
        priority = {each["id"]: each["stacking"]["priority"] for each in promotions}
        within = [given for given in legal if self._is_within_budget(given)]
        return min(
            within,
            key=lambda given: (
                -sum(given.values()), len(given), -sum(priority[name] for name in given),
                sorted(given),
            ),
        )  # fmt: skip

    def _fits(self, order: Json, promotion: Json) -> bool:
        least = promotion["min_subtotal"]
        if sum(map(subtotal, order["lines"])) < least:
            return False
        if promotion is self.tried and not self._is_within_limits(order):
            return False
        alone = self._taken(order, (promotion,))
        return alone[promotion["id"]] > 0 and self._is_within_budget(alone)

    def _is_within_limits(self, order: Json) -> bool:
        limits, customer = self.tried["limits"], order["customer_id"]
        if "per_customer" in limits and (
            customer is None or self.by_customer[customer] >= limits["per_customer"]
        ):
            return False
        return "redemptions" not in limits or self.used < limits["redemptions"]

    def _is_within_budget(self, given: dict[str, int]) -> bool:
        budget = self.tried["limits"].get("discount_budget")
        takes = given.get(self.tried["id"], 0)
        return budget is None or takes + self.spent <= budget

    def _taken(self, order: Json, chosen: tuple[Json, ...]) -> dict[str, int]:
        left = [subtotal(line) for line in order["lines"]]
        taken = {}
        for each in sorted(chosen, key=_turn):
            cuts = _cuts(each, order["lines"], left)
            left = [amount - cut for amount, cut in zip(left, cuts, strict=True)]
            taken[each["id"]] = sum(cuts)
        return taken


def subtotal(line: Json) -> int:
    """Before any discount."""
    amount: int = line["quantity"] * line["unit_price"]
    return amount


def _turn(promotion: Json) -> tuple[int, int, str]:
    lane = _ITEMS_LANE if promotion["effect"].get("on", "order") == "lines" else _ORDER_LANE
    return lane, -promotion["stacking"]["priority"], promotion["id"]


def _cuts(promotion: Json, lines: list[Json], left: list[int]) -> list[int]:
    """What it takes from each line."""
    effect = promotion["effect"]
    open_to_it = [
        amount if _is_eligible(line, promotion) else 0
        for line, amount in zip(lines, left, strict=True)
    ]
    most = effect.get("max_discount")
    if effect["kind"] == "fixed_amount":
        return spread(min(effect["amount"], sum(open_to_it)), open_to_it)
    percent = Fraction(effect["percent"])
    if effect.get("on", "order") == "order":
        amount = half_up(sum(open_to_it) * percent / 100)
        return spread(amount if most is None else min(amount, most), open_to_it)
    cuts = [half_up(amount * percent / 100) for amount in open_to_it]
    return cuts if most is None or sum(cuts) <= most else spread(most, open_to_it)


def _is_eligible(line: Json, promotion: Json) -> bool:
    if promotion["skip_reduced"] and (line["list_price"] or 0) > line["unit_price"]:
        return False
    categories, brands = promotion["categories"], promotion["brands"]
    if not categories and not brands:
        return True
    return bool(set(categories) & set(line["categories"])) or line["brand"] in brands


def spread(amount: int, parts: list[int]) -> list[int]:
    """In proportion, rounded down; what is left over to the largest remainders, ties to the earlier."""
    whole = sum(parts)
    if not whole:
        return [0] * len(parts)
    shares = [Fraction(amount * part, whole) for part in parts]
    given = [share.numerator // share.denominator for share in shares]
    by_remainder = sorted(range(len(parts)), key=lambda at: (given[at] - shares[at], at))
    for at in by_remainder[: amount - sum(given)]:
        given[at] += 1
    return given


def half_up(amount: Fraction) -> int:
    """To the nearest whole, halves up."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def recomputed(tried: Json, others: list[Json], orders: list[Json], *, zone: str) -> Json:
    """What a forecast must say of these orders, which come in their order of time."""
    beside, alone = World(tried, others), World(tried, [])
    name = tried["id"]
    told: Json = {"orders": len(orders), "orders_hit": 0, "orders_alone": 0}
    sums: Counter[str] = Counter(
        dict.fromkeys(
            ["discount", "discount_alone", "discount_with", "discount_without", "cost"], 0
        )
    )
    instead: Counter[str] = Counter()
    weeks: dict[str, Json] = {}
    hit_customers = set()
    worst: tuple[Fraction, Json | None] = (Fraction(-1), None)
    for order in orders:
        without = sum(beside.best(order, others).values())
        given, by_itself = beside.play(order), alone.play(order)
        with_it = sum(given.values())
        is_hit = name in given
        told["orders_hit"] += is_hit
        told["orders_alone"] += name in by_itself
        if is_hit and order["customer_id"]:
            hit_customers.add(order["customer_id"])
        if not is_hit and name in by_itself:
            instead.update(_in_its_place(tried, others, given))
        sums.update(
            discount=given.get(name, 0), discount_alone=sum(by_itself.values()),
            discount_with=with_it, discount_without=without, cost=with_it - without,
        )  # fmt: skip
        week = weeks.setdefault(_monday(order, zone), {"orders": 0, "orders_hit": 0, "cost": 0})
        week["orders"] += 1
        week["orders_hit"] += is_hit
        week["cost"] += with_it - without
        goods, shipping = sum(map(subtotal, order["lines"])), order.get("shipping_amount", 0)
        whole = goods + shipping
        if is_hit and Fraction(with_it, whole) > worst[0]:
            worst = Fraction(with_it, whole), {
                "order_id": order["order_id"], "currency": order["currency"], "subtotal": goods,
                "shipping_amount": shipping,
                "discount": with_it, "share": _percent(with_it, whole),
            }  # fmt: skip
    customers = {order["customer_id"] for order in orders} - {None}
    return told | {
        "customers": len(customers),
        "customers_hit": len(hit_customers),
        "share_of_customers": _percent(len(hit_customers), len(customers)),
        "amounts": [{"currency": orders[0]["currency"], **sums}],
        "instead": [
            {"promotion_id": each, "orders": count}
            for each, count in sorted(instead.items(), key=lambda row: (-row[1], row[0]))
        ],
        "worst_basket": worst[1],
        "weeks": [
            {"starts_on": day, **week, "cost": {orders[0]["currency"]: week["cost"]}}
            for day, week in sorted(weeks.items())
        ],
    }


def _in_its_place(tried: Json, others: list[Json], given: dict[str, int]) -> list[str]:
    there = [each for each in others if each["id"] in given]
    barring = [
        each for each in there if tried["stacking"]["exclusive"] or each["stacking"]["exclusive"]
    ]
    return [each["id"] for each in barring or there]


def _monday(order: Json, zone: str) -> str:
    day = datetime.fromisoformat(order["placed_at"]).astimezone(ZoneInfo(zone)).date()
    return (day - timedelta(days=day.isoweekday() - 1)).isoformat()


def _percent(part: int, whole: int) -> str:
    hundredths = half_up(Fraction(part * 10_000, whole))
    return f"{hundredths // 100}.{hundredths % 100:02}"
