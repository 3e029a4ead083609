"""Ticks, redemptions and edits at once: each threshold of a budget is told exactly once."""

import random
from collections import Counter

from django.db import transaction

from journal.models import OutboxEvent
from promotions.actions.budgets import announce_budgets
from promotions.models import PromotionCounter
from tests.api import NOON
from tests.races.offers import cart, customers, promotion
from tests.races.shops import ThroughActions
from tests.races.steps import Paused
from tests.races.storm import Job, Told, storm

CARTS = 120
EACH = 10
EVENT = "promotion.budget_threshold"


def announce() -> Told:
    return Told(200, {"done": announce_budgets(now=NOON)})


def told() -> Counter[tuple[int, int]]:
    """How often each percent of each budget was told."""
    payloads = OutboxEvent.objects.filter(type=EVENT).values_list("payload", flat=True)
    return Counter((event["budget"], event["percent"]) for event in payloads)


def limits(budget: int) -> dict:
    return {"activation": "automatic", "limits": {"discount_budget": budget}}


def test_many_ticks_among_redemptions_tell_each_threshold_once(
    action_shop: ThroughActions, seed: int
) -> None:
    owner = promotion("spring", **limits(CARTS * EACH))
    jobs: list[Job] = [
        ("redeem", lambda n=n, who=who: action_shop.redeem(cart(customer=who), f"o{n}", at=NOON))
        for n, who in enumerate(customers(CARTS))
    ]
    jobs += [("tick", announce)] * CARTS

    storm(jobs, seed=seed)
    announce()

    assert PromotionCounter.objects.get(promotion=owner).spent == CARTS * EACH
    assert told() == {(CARTS * EACH, percent): 1 for percent in (50, 80, 100)}


def test_nor_do_edits_of_the_budget_tell_one_twice(action_shop: ThroughActions, seed: int) -> None:
    """Whatever the order, no budget's threshold is told more than once, and the end is told."""
    promotion("spring", **limits(CARTS * EACH))
    chance = random.Random(seed)
    budgets = [CARTS * EACH + chance.randrange(1, 100) for _ in range(10)]
    jobs: list[Job] = [
        ("redeem", lambda n=n, who=who: action_shop.redeem(cart(customer=who), f"o{n}", at=NOON))
        for n, who in enumerate(customers(CARTS))
    ]
    jobs += [("tick", announce)] * CARTS
    jobs += [
        ("edit", lambda b=b: Told(200, {"id": promotion("spring", **limits(b)).pk}))
        for b in budgets
    ]

    storm(jobs, seed=seed)
    promotion("spring", **limits(CARTS * EACH))
    announce()

    assert max(told().values()) == 1
    assert {percent for _, percent in told()} == {50, 80, 100}


def test_a_second_tick_waits_for_the_first_and_is_silent(action_shop: ThroughActions) -> None:
    promotion("spring", **limits(EACH))
    action_shop.redeem(cart(), "o1", at=NOON)

    first = Paused(announce, before="EXECUTE event")
    second = Paused(announce, may_wait=True)

    assert (first.resume()["done"], second.resume()["done"]) == (3, 0)
    assert set(told().values()) == {1}


def test_what_a_dying_tick_did_not_tell_the_next_one_tells(action_shop: ThroughActions) -> None:
    promotion("spring", **limits(EACH))
    action_shop.redeem(cart(), "o1", at=NOON)

    def die() -> Told:
        with transaction.atomic():
            announce()
            transaction.set_rollback(True)
        return Told(200)

    die()
    assert told() == {}
    assert announce()["done"] == 3
