"""How fast mail goes: never above the rate, whoever sends, with Redis and without."""

import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaigns.actions.running import enlist_all
from campaigns.actions.sending import send_due
from campaigns.channels import pace as limiter
from campaigns.channels.pace import LONGEST_WAIT, Pace
from campaigns.domain.pace import BURST_SECONDS, Rates, spend
from campaigns.domain.replies import Reply
from campaigns.models import Delivery
from common.redis import ask
from tests.api import NOON
from tests.campaigns.shop import Marketing
from tests.campaigns.sink import Sink

AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture
def redis_away(settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": AWAY}}
    limiter._ALONE._spent_until.clear()


def most_in_a_second(instants: Sequence[float]) -> int:
    """In any window of one second that begins with one of them."""
    ordered = sorted(instants)
    return max(sum(begin <= each < begin + 1 for each in ordered) for begin in ordered)


def take_for(seconds: float, *, threads: int, address: str = "a@tea.example") -> list[float]:
    """The instants at which so many workers got one of the rate, each as fast as it can."""
    got: list[float] = []
    ends_at = time.monotonic() + seconds

    def work() -> None:
        pace = Pace(is_urgent=False)
        while (now := time.monotonic()) < ends_at:
            wait = pace.wait_for(address)
            if wait > 0:
                time.sleep(min(wait, max(ends_at - now, 0)))
            else:
                got.append(time.monotonic())

    crew = [threading.Thread(target=work) for _ in range(threads)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    return got


def test_without_a_rate_nothing_waits_and_redis_is_not_asked(redis_away: None) -> None:
    pace = Pace(is_urgent=False)
    assert [pace.wait_for("a@gmail.com") for _ in range(1000)] == [0.0] * 1000
    assert pace.room(["a@gmail.com"] * 3) == [0.0] * 3


def test_many_workers_together_keep_to_the_rate_and_use_it(settings: Any) -> None:
    settings.MAIL_RATE = 50
    got = take_for(2.5, threads=8)
    assert most_in_a_second(got) <= 50 + 50 * BURST_SECONDS
    assert len(got) >= 50 * 2.5 * 0.7


def test_while_redis_is_away_a_process_keeps_to_its_share(settings: Any, redis_away: None) -> None:
    settings.MAIL_RATE, settings.MAIL_WORKERS = 40, 4
    got = take_for(2, threads=8)
    assert most_in_a_second(got) <= 40 / 4 + 1
    assert len(got) >= 10


def test_each_kind_of_mailbox_has_its_own_rate_within_that_of_all(settings: Any) -> None:
    settings.MAIL_RATE, settings.MAIL_DOMAIN_RATES = 100, {"gmail": 1}
    pace = Pace(is_urgent=False)
    assert pace.wait_for("a@gmail.com") == 0
    assert 0.5 < pace.wait_for("b@googlemail.com") <= 1
    assert pace.wait_for("c@yahoo.de") == 0


def test_what_does_not_go_spends_nothing_of_the_other_rate(settings: Any) -> None:
    settings.MAIL_RATE, settings.MAIL_DOMAIN_RATES = 1, {"gmail": 0.1}
    pace = Pace(is_urgent=False)
    assert pace.wait_for("a@gmail.com") == 0
    time.sleep(1.05)
    assert pace.wait_for("a@gmail.com") > 5
    assert pace.wait_for("b@tea.example") == 0


def test_what_customers_wait_for_goes_first(settings: Any) -> None:
    settings.MAIL_RATE = 2
    bulk, urgent = Pace(is_urgent=False), Pace(is_urgent=True)
    while bulk.wait_for("a@tea.example") == 0:
        pass
    wait = urgent.wait_for("b@tea.example")
    assert 0 < wait <= 0.5
    time.sleep(wait + 0.02)
    # The next of the rate is there, and not for bulk.
    assert bulk.wait_for("a@tea.example") > 0
    assert urgent.wait_for("b@tea.example") == 0


def test_a_server_that_says_it_was_too_fast_gets_half_and_slowly_more(settings: Any) -> None:
    settings.MAIL_DOMAIN_RATES = {"gmail": 1, "yahoo": 1}
    pace = Pace(is_urgent=False)
    for _ in range(25):
        # Those of one moment halve it once.
        pace.heed(Reply("later", "server_busy", too_fast="mailbox"), "a@gmail.com")
    assert pace.wait_for("a@gmail.com") == 0
    assert 1.8 < pace.wait_for("a@gmail.com") <= 2
    assert pace.wait_for("b@yahoo.com") == 0
    assert pace.wait_for("b@yahoo.com") <= 1
    # As if it had been two minutes ago: 0.5 * 1.1 * 1.1.
    past = (time.time() - 120) * 1_000_000
    ask("HSET", "promotions:pace:slow:gmail", "at", f"{past:.0f}")
    ask("DEL", "promotions:pace:spent:gmail")
    assert pace.wait_for("a@gmail.com") == 0
    assert 1.5 < pace.wait_for("a@gmail.com") <= 1 / 0.605
    past = (time.time() - 3600) * 1_000_000
    ask("HSET", "promotions:pace:slow:gmail", "at", f"{past:.0f}")
    ask("DEL", "promotions:pace:spent:gmail")
    assert pace.wait_for("a@gmail.com") == 0
    assert pace.wait_for("a@gmail.com") <= 1


def test_429_slows_the_whole_account_and_its_rest_is_everybodys(settings: Any) -> None:
    settings.MAIL_RATE = 1
    reply = Reply("later", "server_busy", too_fast="account", rest=timedelta(seconds=30))
    Pace(is_urgent=False).heed(reply, "a@gmail.com")
    assert 29 < Pace(is_urgent=True).wait_for("b@tea.example") <= 30
    ask("DEL", "promotions:pace:rest", "promotions:pace:urgent")
    other = Pace(is_urgent=False)
    assert other.wait_for("b@tea.example") == 0
    assert 1.8 < other.wait_for("b@tea.example") <= 2


def test_room_is_told_for_each_message_and_takes_nothing(settings: Any) -> None:
    settings.MAIL_DOMAIN_RATES = {"gmail": 2}
    pace = Pace(is_urgent=False)
    for _ in range(2):
        assert pace.room(["a@gmail.com", "b@tea.example", "c@gmail.com"]) == [0.0, 0.0, 0.5]
    room = pace.room(["a@gmail.com"] * 10)
    assert sum(wait <= LONGEST_WAIT for wait in room) == 5
    assert pace.turned_away == 5


def test_eight_workers_send_no_faster_than_the_rate_and_all_of_it(
    marketing: Marketing, sink: Sink, settings: Any, transactional_db: None
) -> None:
    names = [f"c{number}" for number in range(40)]
    for name in names:
        marketing.customer(name)
    marketing.campaign("hello")
    marketing.start("hello")
    enlist_all(now=NOON, wall=lambda: NOON)
    settings.MAIL_RATE = 10
    came: list[float] = []
    sink.on_message = lambda message: came.append(time.monotonic())  # type: ignore[func-returns-value]
    began = time.monotonic()

    def now() -> Any:
        return NOON + timedelta(seconds=time.monotonic() - began)

    def work() -> None:
        try:
            while (
                time.monotonic() < began + 60 and Delivery.objects.filter(state="pending").exists()
            ):
                send_due(lane="bulk", now=now, wall=timezone.now, within=timedelta(seconds=1))
                time.sleep(0.05)
        finally:
            connection.close()

    crew = [threading.Thread(target=work) for _ in range(8)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    assert set(marketing.deliveries("hello").values()) == {("accepted", None)}
    assert len(came) == len(sink.taken) == 40, "none was sent twice"
    assert most_in_a_second(came) <= 10 + 10 * BURST_SECONDS
    assert Delivery.objects.exclude(attempts=1).count() == 0, "none that waited was blamed"


def test_rows_that_find_no_room_wait_in_their_row(
    marketing: Marketing, sink: Sink, settings: Any
) -> None:
    for name in ("ada", "ben", "cai", "dee"):
        marketing.customer(name, email=f"{name}@gmail.com")
    marketing.customer("eve")
    marketing.campaign("hello")
    marketing.start("hello")
    settings.MAIL_DOMAIN_RATES = {"gmail": 0.2}
    marketing.run()
    states = list(marketing.deliveries("hello").values())
    assert states.count(("accepted", None)) == 2
    assert states.count(("pending", None)) == 3
    waits = Delivery.objects.filter(state="pending").order_by("not_before")
    assert [(row.not_before - NOON).total_seconds() for row in waits] == [5, 10, 15]
    assert {message["To"] for message in sink.taken} >= {"eve@example.org"}


@given(
    rate=st.floats(0.5, 500),
    gaps=st.lists(st.floats(0, 0.5), max_size=200),
    burst=st.sampled_from([0.0, BURST_SECONDS]),
)
def test_no_second_has_more_than_the_rate_and_the_burst(
    rate: float, gaps: list[float], burst: float
) -> None:
    now, spent, taken = 1000.0, 0.0, []
    for gap in gaps:
        now += gap
        wait, spent = spend(spent, rate=rate, now=now, burst=burst)
        if wait == 0:
            taken.append(now)
    if taken:
        assert most_in_a_second(taken) <= rate + max(burst * rate, 1) + 1e-6 * rate


def test_no_more_is_taken_on_than_goes_in_a_few_seconds(settings: Any) -> None:
    assert Pace(is_urgent=False).most(200) == 200
    for rate, most in ((0.1, 1), (5, 20), (1000, 200)):
        settings.MAIL_RATE = rate
        assert Pace(is_urgent=False).most(200) == most


def test_a_share_is_a_part_of_each_rate() -> None:
    shared = Rates(100, {"gmail": 10}).share(4)
    assert (shared.account, shared.of("gmail"), shared.of("other")) == (25, 2.5, 0)
