"""What a campaign added: who is compared, and which orders count on both sides."""

from typing import Any

import pytest

from campaigns.models import Delivery
from tests.api import DAY, HOUR, NOON
from tests.campaigns.shop import Marketing
from tests.campaigns.test_report import LATER, SECOND, WEEK, order, report


@pytest.fixture(autouse=True)
def margin(settings: Any) -> None:
    settings.MARGIN_PERCENT = 35


def test_what_waits_for_morning_has_the_window_of_those_held_out(marketing: Marketing) -> None:
    """Else an order in the night would count for the hold-out alone."""
    names = [f"c{number:02}" for number in range(40)]
    for name in names:
        marketing.customer(name, timezone="Asia/Tokyo")  # 21:00 there at noon
    quiet = {"from": "21:00", "until": "08:00"}
    marketing.campaign("night", holdout_percent="50", quiet_hours=quiet)
    marketing.start("night")
    marketing.run()
    for name in names:
        order(marketing.api, f"o-{name}", NOON + HOUR, customer=name, told=NOON + HOUR)
    states = dict(
        Delivery.objects.values_list("customer__reference", "state").order_by("customer_id")
    )
    assert set(states.values()) == {"pending", "held_out"}
    for now in (NOON + 2 * HOUR, LATER):
        lift = report(marketing.api, "night", now=now)["lift"]
        [row] = lift["by_currency"]
        for side, state in (("treated", "pending"), ("held_out", "held_out")):
            people = list(states.values()).count(state)
            assert (row[side]["people"], row[side]["buyers"]) == (people, people)


def test_the_lift_takes_paid_orders_of_everybody_who_was_meant_sent_or_not(
    marketing: Marketing,
) -> None:
    names = [f"c{number:02}" for number in range(60)]
    for name in names:
        marketing.customer(name, consent=None)
    marketing.campaign("hello", holdout_percent="50")
    marketing.start("hello")
    marketing.run()
    states = dict(Delivery.objects.values_list("customer__reference", "state"))
    assert set(states.values()) == {"no_consent", "held_out"}
    treated = [name for name in names if states[name] == "no_consent"]
    held_out = [name for name in names if states[name] == "held_out"]
    order(marketing.api, "in", NOON, customer=treated[0])
    order(marketing.api, "last", NOON + WEEK - SECOND, customer=held_out[0])
    order(marketing.api, "early", NOON - SECOND, customer=treated[1])
    order(marketing.api, "late", NOON + WEEK, customer=treated[2])
    order(marketing.api, "unpaid", NOON, customer=treated[3], status="placed")
    order(marketing.api, "dropped", NOON, customer=treated[4], status="cancelled")
    order(marketing.api, "guest", NOON, customer=None)
    got = report(marketing.api, "hello")
    assert (got["sent"], got["converted"]) == (0, 0)
    lift = got["lift"]
    assert (lift["status"], lift["treated_people"], lift["held_out_people"]) == (
        "too_early", len(treated), len(held_out),
    )  # fmt: skip
    [row] = lift["by_currency"]
    assert row["treated"] == {
        "people": len(treated), "buyers": 1, "orders": 1, "revenue": 1000, "profit": 350,
    }  # fmt: skip
    assert (row["held_out"]["buyers"], row["held_out"]["revenue"]) == (1, 1000)
    difference = row["revenue_per_1000"]
    assert difference["low"] < difference["value"] < difference["high"]


@pytest.mark.parametrize(
    ("trigger", "orders"),
    [
        ({"kind": "order", "status": "paid", "delay_minutes": 0}, 2),
        ({"kind": "recurring", "rrule": "FREQ=DAILY;INTERVAL=5", "local_time": "13:00"}, 3),
    ],
    ids=["set off by orders: the first window alone", "comes to everybody: each window"],
)
def test_who_buys_more_is_not_looked_at_for_longer(
    marketing: Marketing, trigger: dict[str, Any], orders: int
) -> None:
    marketing.customer("ada", timezone="Europe/Berlin")
    marketing.campaign("thanks", trigger=trigger, timezone="Europe/Berlin")
    marketing.start("thanks", now=NOON - HOUR)
    for name, days in (("o1", 0), ("o2", 5), ("o3", 9)):
        placed = NOON + days * DAY
        order(marketing.api, name, placed, told=placed)
        marketing.run(placed)
    assert Delivery.objects.count() > 1
    lift = report(marketing.api, "thanks")["lift"]
    assert (lift["treated_people"], lift["by_currency"][0]["treated"]["orders"]) == (1, orders)
