"""What else goes wrong for a while: Redis, PostgreSQL, the mail server, the senders themselves."""

import itertools
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import psycopg2
import pytest
from django.db import InterfaceError, OperationalError, connection

from campaigns.models import Delivery
from common.redis import ask
from stack.testing import OWN, with_database
from tests.api import Api
from tests.campaigns.sink import CUT
from tests.faults.conftest import IS_LONG, Post
from tests.faults.harness import Crew, crew, finished, run_to_its_end, until
from tests.faults.shops import CAMPAIGN, birthday_of, coded_campaign, people
from tests.faults.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 2_000 if IS_LONG else 100
NOWHERE = "redis://127.0.0.1:1/0"
Tell = Callable[..., None]


def test_sending_asks_nothing_of_redis(api: Api, post: Post, tell: Tell) -> None:
    """Senders that cannot reach it send all the same."""
    people(PEOPLE)
    coded_campaign(api, post.sink)
    with crew({"REDIS_URL": NOWHERE, "CELERY_BROKER_URL": NOWHERE}) as senders:
        run_to_its_end(senders, CAMPAIGN, port=post.port)
        senders.stop()
    run = verify(post.sink, campaign=CAMPAIGN, may_be_unknown=False)
    tell("no Redis", kills=0, unknown=run.unknown, rows=run.rows)


def test_redis_is_flushed_again_and_again(api: Api, post: Post, senders: Crew, tell: Tell) -> None:
    people(PEOPLE)
    coded_campaign(api, post.sink)
    senders.go(port=post.port)

    def flushed() -> bool:
        ask("FLUSHDB")
        return finished(CAMPAIGN)

    until(flushed)
    senders.stop()
    run = verify(post.sink, campaign=CAMPAIGN, may_be_unknown=False)
    tell("Redis flushed", kills=0, unknown=run.unknown, rows=run.rows)


def test_a_database_that_ends_all_its_sessions_costs_nothing_but_time(
    api: Api, post: Post, senders: Crew, tell: Tell
) -> None:
    """As a restart or a failover does it to whoever is connected, five times."""
    people(PEOPLE)
    coded_campaign(api, post.sink)
    senders.go(port=post.port)
    url = with_database(os.environ["DATABASE_URL"], "postgres")
    admin = psycopg2.connect(url)
    admin.autocommit = True
    ended: list[int] = []
    try:
        with admin.cursor() as cursor:

            def end_some() -> bool:
                ended.append(_end_sessions(cursor))
                return ended[-1] > 0

            for share in range(1, 6):
                until(lambda share=share: len(post.sink.taken) >= PEOPLE * share // 8)
                # Whoever lost one may not have another one yet.
                until(end_some)
    finally:
        admin.close()
    run_to_its_end(senders, CAMPAIGN, port=post.port)
    senders.stop()
    run = verify(post.sink, campaign=CAMPAIGN, kills=sum(ended))
    tell(f"{sum(ended)} sessions ended", kills=0, unknown=run.unknown, rows=run.rows)
    assert sum(ended) >= 5, ended


def test_a_server_that_says_421_for_a_while_gets_all_of_it_later(
    api: Api, post: Post, senders: Crew, tell: Tell
) -> None:
    people(50)
    coded_campaign(api, post.sink)
    began = time.monotonic()
    busy = 4.0
    post.sink.on_message = lambda message: (
        "421 4.7.0 too many" if time.monotonic() - began < busy else None
    )
    senders.go(port=post.port, pace=20)
    until(lambda: time.monotonic() - began > busy)
    assert post.sink.taken == []
    until(lambda: finished(CAMPAIGN))
    senders.stop()
    run = verify(post.sink, campaign=CAMPAIGN, may_be_unknown=False)
    tell("421 for a while", kills=0, unknown=run.unknown, rows=run.rows)


def test_a_server_that_drops_connections_after_the_message_leaves_those_unknown_and_no_more(
    api: Api, post: Post, senders: Crew, tell: Tell
) -> None:
    people(60)
    coded_campaign(api, post.sink)
    numbers = itertools.count(1)
    dropped: list[str] = []

    def drop(message: EmailMessage) -> str | None:
        if next(numbers) % 20:
            return None
        dropped.append(str(message["To"]))
        return CUT

    post.sink.on_message = drop
    senders.go(port=post.port, pace=20)
    until(lambda: finished(CAMPAIGN))
    senders.stop()
    run = verify(post.sink, campaign=CAMPAIGN, kills=1)
    tell("dropped after DATA", kills=0, unknown=run.unknown, rows=run.rows)
    lost = Delivery.objects.filter(state="unknown").values_list("customer__email", "reason")
    assert sorted(lost) == sorted((address, "connection_lost") for address in dropped)


def test_after_an_outage_over_a_birthday_it_is_told_once_and_only_within_its_time(
    api: Api, post: Post, senders: Crew, tell: Tell
) -> None:
    """Nobody works on the day; a day later those who may still be told are, and an hour later nobody."""
    day = datetime(2026, 3, 10, tzinfo=UTC)
    people(30, birth_date=birthday_of(day.date()), timezone="Europe/Berlin")
    coded_campaign(
        api, post.sink, trigger={"kind": "birthday"}, expires_after_hours=48,
        begins=day - timedelta(days=3),
    )  # fmt: skip
    senders.go(port=post.port, now=day - timedelta(days=1))
    time.sleep(1.5)
    senders.stop()
    assert not Delivery.objects.exists()
    late = day + timedelta(days=1, hours=12)
    senders.go(port=post.port, now=late)
    until(lambda: Delivery.objects.filter(closed_at__isnull=False).count() == 30)
    senders.stop()
    senders.go(port=post.port, now=late + timedelta(hours=1))
    time.sleep(1.5)
    senders.stop()
    run = verify(post.sink, campaign=CAMPAIGN, may_be_unknown=False)
    assert len(post.sink.taken) == run.states["accepted"]
    tell("away over a birthday", kills=0, unknown=run.unknown, rows=run.rows)


def test_after_an_outage_longer_than_it_may_be_late_nobody_is_told(
    api: Api, post: Post, senders: Crew
) -> None:
    day = datetime(2026, 3, 10, tzinfo=UTC)
    people(30, birth_date=birthday_of(day.date()), timezone="Europe/Berlin")
    coded_campaign(
        api, post.sink, trigger={"kind": "birthday"}, expires_after_hours=24,
        begins=day - timedelta(days=3),
    )  # fmt: skip
    senders.go(port=post.port, now=day + timedelta(days=1, hours=12))
    time.sleep(1.5)
    senders.stop()
    assert post.sink.taken == []
    assert set(Delivery.objects.values_list("state", flat=True)) <= {"expired"}


@pytest.mark.long_faults
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["stopped", "crashed"])
def test_postgresql_is_started_again_in_the_middle(
    how: signal.Signals, api: Api, post: Post, senders: Crew, tell: Tell
) -> None:
    if "DATABASE_URL" not in os.environ.get(OWN, "") or "PYTEST_XDIST_WORKER" in os.environ:
        pytest.skip("the server is not ours alone")
    people(PEOPLE)
    coded_campaign(api, post.sink)
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        lock = Path(cursor.fetchone()[0]) / "postmaster.pid"
    connection.close()
    senders.go(port=post.port)
    for share in (1, 2, 3):
        until(lambda share=share: len(post.sink.taken) >= PEOPLE * share // 5)
        os.kill(int(lock.read_text().split()[0]), how)
    until(_is_finished_and_up)
    senders.stop()
    run = verify(post.sink, campaign=CAMPAIGN, kills=3)
    tell(f"PostgreSQL {how.name}", kills=3, unknown=run.unknown, rows=run.rows)


def _is_finished_and_up() -> bool:
    try:
        return finished(CAMPAIGN)
    except (OperationalError, InterfaceError):
        connection.close()
        return False


def _end_sessions(cursor: psycopg2.extensions.cursor) -> int:
    """Those of the senders; how many."""
    cursor.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND application_name = 'crew'",
        [_database()],
    )
    return int(cursor.rowcount)


def _database() -> str:
    return str(connection.settings_dict["NAME"])
