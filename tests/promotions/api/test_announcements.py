"""`promotion.activated` and `promotion.ended`: each once per window, by an edit or by time."""

from datetime import datetime, timedelta

import pytest

from journal.models import OutboxEvent
from promotions.actions.promotions import announce_due
from tests.api import DAY, HOUR, NOON, Api
from tests.promotions.api.shapes import plain


def put(api: Api, *, at: datetime = NOON, status: str = "active", **window: datetime) -> None:
    schedule = {name: instant.isoformat() for name, instant in window.items()}
    got = api.put("/promotions/p", plain(status=status, schedule=schedule) | {"at": at.isoformat()})
    assert got.status in {200, 201}


def events() -> list[str]:
    types = OutboxEvent.objects.order_by("id").values_list("type", flat=True)
    return [name.removeprefix("promotion.") for name in types]


def test_a_promotion_that_begins_when_it_is_put_is_announced_at_once_and_once(api: Api) -> None:
    put(api)
    put(api)
    assert announce_due(now=NOON + DAY) == 0

    assert events() == ["activated"]
    assert OutboxEvent.objects.get().payload == {
        "promotion_id": "p",
        "starts_at": None,
        "ends_at": None,
    }


def test_time_begins_and_ends_it(api: Api) -> None:
    put(api, starts_at=NOON + HOUR, ends_at=NOON + DAY)
    assert events() == []

    told = [announce_due(now=NOON + HOUR * hours) for hours in (0, 1, 2, 24, 25)]

    assert told == [0, 1, 0, 1, 0]
    assert events() == ["activated", "ended"]


def test_a_window_between_two_ticks_is_not_lost(api: Api) -> None:
    put(api, starts_at=NOON + HOUR, ends_at=NOON + 2 * HOUR)

    assert announce_due(now=NOON + DAY) == 1

    assert events() == ["activated", "ended"]


def test_the_instant_of_the_test_clock_does_it(api: Api) -> None:
    put(api, starts_at=NOON + HOUR)

    api.post("/clock/run", {"at": (NOON + HOUR).isoformat()})

    assert events() == ["activated"]


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_putting_it_away_ends_it_and_bringing_it_back_begins_it_anew(api: Api, status: str) -> None:
    put(api)
    put(api, status=status)
    put(api, status=status)
    put(api)

    assert events() == ["activated", "ended", "activated"]


def test_a_pause_ends_nothing(api: Api) -> None:
    put(api)
    put(api, status="paused")
    put(api)

    assert events() == ["activated"]


def test_a_paused_promotion_ends_with_its_window(api: Api) -> None:
    put(api, ends_at=NOON + DAY)
    put(api, status="paused", ends_at=NOON + DAY)
    announce_due(now=NOON + DAY)

    assert events() == ["activated", "ended"]


def test_a_longer_window_after_the_end_is_a_new_one(api: Api) -> None:
    put(api, ends_at=NOON + HOUR)
    announce_due(now=NOON + HOUR)
    put(api, at=NOON + DAY, ends_at=NOON + 2 * DAY)
    announce_due(now=NOON + 2 * DAY)

    assert events() == ["activated", "ended", "activated", "ended"]


def test_a_longer_window_before_the_end_is_the_same_one(api: Api) -> None:
    put(api, ends_at=NOON + HOUR)
    put(api, ends_at=NOON + DAY)
    announce_due(now=NOON + 2 * HOUR)

    assert events() == ["activated"]


def test_a_window_moved_into_the_future_ends_now_and_begins_again_then(api: Api) -> None:
    put(api)
    put(api, starts_at=NOON + DAY)
    assert events() == ["activated", "ended"]

    announce_due(now=NOON + DAY)
    announce_due(now=NOON + DAY + timedelta(seconds=10))

    assert events() == ["activated", "ended", "activated"]


def test_a_window_that_is_over_when_it_is_put_stays_silent(api: Api) -> None:
    put(api, starts_at=NOON - 2 * DAY, ends_at=NOON - DAY)
    announce_due(now=NOON)

    assert events() == []


def test_a_draft_stays_silent_whatever_time_it_is(api: Api) -> None:
    put(api, status="draft", starts_at=NOON + HOUR, ends_at=NOON + 2 * HOUR)
    announce_due(now=NOON + DAY)
    put(api, at=NOON + DAY, starts_at=NOON + HOUR, ends_at=NOON + 2 * HOUR)
    announce_due(now=NOON + DAY)

    assert events() == []
