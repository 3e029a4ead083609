"""Random rules about the customers of `bench.history`, as the contract has them."""

import random
from typing import Any

DEPARTMENTS = 12
Rule = dict[str, Any]


def random_rules(count: int, *, seed: int = 3) -> list[Rule]:
    """So many rules of one to six conditions, in up to two levels of groups."""
    chance = random.Random(seed)
    return [_group(chance, depth=2) for _ in range(count)]


def _group(chance: random.Random, *, depth: int) -> Rule:
    parts = [
        _group(chance, depth=depth - 1) if depth > 1 and chance.random() < 0.3 else _leaf(chance)
        for _ in range(chance.randint(1, 3))
    ]
    rule = {chance.choice(("all", "any")): parts}
    return {"not": rule} if chance.random() < 0.15 else rule


def _leaf(chance: random.Random) -> Rule:
    return chance.choice((_person, _attribute, _orders, _orders, _items, _recency, _buyer))(chance)


def _person(chance: random.Random) -> Rule:
    if chance.random() < 0.5:
        countries = chance.sample(["DE", "AT", "CH", "FR", "NL"], chance.randint(1, 2))
        return {"field": "customer.country", "op": "in", "value": countries}
    low = chance.randint(18, 60)
    return {"field": "customer.age", "op": "between", "value": [low, low + chance.randint(5, 25)]}


def _attribute(chance: random.Random) -> Rule:
    name = "customer.attributes.household_size"
    return {"field": name, "op": "gte", "value": chance.randint(2, 5)}


def _orders(chance: random.Random) -> Rule:
    rule: Rule = {"field": "orders.count", "op": "gte", "value": chance.randint(1, 3)}
    if chance.random() < 0.5:
        rule = {
            "field": "orders.total", "op": "gte", "value": chance.randint(1, 20) * 1_000,
            "currency": "EUR",
        }  # fmt: skip
    if chance.random() < 0.5:
        rule["within_days"] = chance.choice((30, 90, 365))
    return rule


def _items(chance: random.Random) -> Rule:
    names = [f"department-{number}" for number in chance.sample(range(DEPARTMENTS), 3)]
    return {
        "field": "orders.items", "op": "gte", "value": chance.randint(1, 3),
        "within_days": chance.choice((90, 365)), "where": {"categories": names},
    }  # fmt: skip


def _recency(chance: random.Random) -> Rule:
    days = chance.choice((14, 60, 180, 365))
    return {"field": "orders.days_since_last", "op": chance.choice(("lte", "gt")), "value": days}


def _buyer(chance: random.Random) -> Rule:
    labels = chance.sample(["champions", "loyal", "promising", "new", "at_risk", "lost"], 2)
    return {"field": "orders.rfm", "op": "in", "value": labels}
