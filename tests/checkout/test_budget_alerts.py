"""`promotion.budget_threshold`: at 50, 80 and 100 % of a budget, each once."""

import pytest

from journal.models import OutboxEvent
from tests.api import NOON
from tests.checkout.till import Till, line

EVENT = "promotion.budget_threshold"


@pytest.fixture
def shop(till: Till) -> Till:
    """A budget of 10.00, of which each redemption takes as much as it has packets at 1.00."""
    budget(till, 1000)
    return till


def budget(till: Till, amount: int | None) -> None:
    till.offer(
        code=None,
        activation="automatic",
        effect={"kind": "percentage", "percent": "100"},
        limits={"discount_budget": amount},
    )


def spend(till: Till, packets: int, order_id: str) -> object:
    made = till.redeem(order_id, line(quantity=packets, unit_price=100))
    assert (made.status, made["discount_total"]) == (201, packets * 100), made
    return made


def tick(till: Till) -> int:
    got = till.api.post("/clock/run", {"at": NOON.isoformat()})
    return got["done"]["budgets_announced"]


def told() -> list[tuple[int, int, int]]:
    """Percent, budget and spent of each event, oldest first."""
    payloads = OutboxEvent.objects.filter(type=EVENT).order_by("id").values_list("payload")
    return [(event["percent"], event["budget"], event["spent"]) for (event,) in payloads]


def test_each_threshold_is_told_once_when_it_is_reached(shop: Till):
    done = []
    for number, packets in enumerate((4, 1, 2, 1, 1, 1)):
        spend(shop, packets, f"o{number}")
        done.append(tick(shop))
        assert tick(shop) == 0

    assert done == [0, 1, 0, 1, 0, 1]
    assert told() == [(50, 1000, 500), (80, 1000, 800), (100, 1000, 1000)]
    assert OutboxEvent.objects.filter(type=EVENT).first().payload == {
        "promotion_id": "tea",
        "percent": 50,
        "budget": 1000,
        "spent": 500,
        "currency": "EUR",
    }


def test_thresholds_that_are_passed_at_one_stride_are_all_told(shop: Till):
    spend(shop, 9, "o1")

    assert tick(shop) == 2
    assert told() == [(50, 1000, 900), (80, 1000, 900)]


def test_a_hold_is_not_spent(shop: Till):
    held = shop.reserve(line(quantity=9, unit_price=100))
    assert tick(shop) == 0

    shop.redeem_held(held, "o1")

    assert tick(shop) == 2


def test_what_a_cancel_gives_back_is_not_told_again_when_it_is_spent_again(shop: Till):
    made = spend(shop, 5, "o1")
    tick(shop)
    shop.cancel(made)
    tick(shop)
    spend(shop, 6, "o2")
    tick(shop)

    assert told() == [(50, 1000, 500)]


def test_a_higher_budget_is_told_anew_from_where_it_is_not_reached_yet(shop: Till):
    spend(shop, 8, "o1")
    tick(shop)
    assert [percent for percent, *_ in told()] == [50, 80]

    budget(shop, 1200)  # 66 % spent: half of it was passed long ago
    assert tick(shop) == 0
    spend(shop, 2, "o2")  # 83 %
    assert tick(shop) == 1
    budget(shop, 4000)  # 25 %
    assert tick(shop) == 0
    spend(shop, 10, "o3")
    assert tick(shop) == 1

    assert told()[2:] == [(80, 1200, 1000), (50, 4000, 2000)]


def test_a_budget_raised_and_spent_between_two_ticks_is_told(shop: Till):
    spend(shop, 8, "o1")
    tick(shop)

    budget(shop, 1250)
    spend(shop, 2, "o2")

    assert tick(shop) == 1
    assert told()[-1] == (80, 1250, 1000)


def test_a_lower_budget_tells_what_it_has_reached_at_once(shop: Till):
    spend(shop, 6, "o1")
    tick(shop)

    budget(shop, 700)
    tick(shop)
    budget(shop, 500)  # below what is spent
    tick(shop)

    assert told() == [(50, 1000, 600), (80, 700, 600), (100, 500, 600)]


def test_taking_the_budget_away_and_bringing_it_back_tells_nothing_twice(shop: Till):
    spend(shop, 8, "o1")
    tick(shop)
    budget(shop, None)
    tick(shop)
    budget(shop, 1000)
    tick(shop)

    assert [percent for percent, *_ in told()] == [50, 80]


def test_an_edit_of_something_else_changes_nothing(shop: Till):
    spend(shop, 5, "o1")
    tick(shop)
    shop.offer(
        name="Another name",
        activation="automatic",
        effect={"kind": "percentage", "percent": "50"},
        limits={"discount_budget": 1000},
    )
    tick(shop)

    assert [percent for percent, *_ in told()] == [50]


def test_going_to_and_fro_between_budgets_tells_nothing_twice(shop: Till):
    spend(shop, 8, "o1")
    for amount in (1000, 1200, 1000, 1200, 1000):
        budget(shop, amount)
        tick(shop)

    assert told() == [(50, 1000, 800), (80, 1000, 800)]


def test_without_a_budget_nothing_is_told(till: Till):
    budget(till, None)
    spend(till, 5, "o1")
    assert tick(till) == 0
    assert told() == []
