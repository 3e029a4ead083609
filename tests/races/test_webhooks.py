"""Many senders at once, and senders that are killed: each event is taken once, and in its order."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection, connections
from django.utils import timezone

from journal.actions.deliveries import queue_deliveries
from journal.actions.sending import LEASE, send_due
from journal.models import WebhookAttempt, WebhookDelivery
from stack.paths import CHECKOUT
from stack.testing import with_database
from tests.api import HOUR, NOON, Api
from tests.journal.receiver import (
    Message,
    Receiver,
    Said,
    happen,
    listen,
    listening,
    until_nothing_older_is_open,
)
from tests.races.storm import Job, Told, storm

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20
EVENTS = 30


@pytest.fixture
def receiver(settings: Any) -> Any:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with listening() as found:
        yield found


def pump(wall: Callable[[], datetime] = timezone.now) -> Told:
    return Told(200, {"delivered": send_due(now=NOON, wall=wall)})


def queue() -> Told:
    return Told(200, {"queued": queue_deliveries(now=NOON, simulated=True)})


def queue_all() -> int:
    until_nothing_older_is_open()
    queued: int = queue()["queued"]
    return queued


def later() -> datetime:
    """The clock on the wall when a sender has been silent for too long."""
    return timezone.now() + 2 * LEASE


def in_a_thread(work: Callable[[], Any]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_senders_in_a_storm_deliver_each_event_once_and_in_order(
    api: Api, receiver: Receiver, seed: int
):
    names = ("a", "b", "c")
    for name in names:
        listen(api, receiver.url(f"/{name}"), name=name)

    def tell(number: int) -> Told:
        happen(number)
        return Told(200)

    jobs: list[Job] = [("tell", lambda n=n: tell(n)) for n in range(EVENTS)]
    jobs += [("queue", queue), ("send", pump)] * EVENTS
    storm(jobs, seed=seed)
    queue_all()
    pump()

    for name in names:
        told = [m.body["data"]["percent"] for m in receiver.got if m.path == f"/{name}"]
        assert sorted(told) == list(range(EVENTS))
        ids = [m.id for m in receiver.got if m.path == f"/{name}"]
        assert len(set(ids)) == EVENTS
        rows = WebhookDelivery.objects.filter(endpoint__reference=name).order_by("event_id")
        assert [f"evt_{row.event.event_id.hex}" for row in rows.select_related("event")] == ids
    assert WebhookAttempt.objects.count() == EVENTS * len(names)


def test_a_second_sender_leaves_an_endpoint_to_the_first_and_serves_others(
    api: Api, receiver: Receiver
):
    listen(api, receiver.url("/slow"), name="slow")
    asked, go = threading.Event(), threading.Event()

    def slowly(message: Message) -> Said:
        if message.path == "/slow":
            asked.set()
            assert go.wait(PATIENCE)
        return Said()

    receiver.answer = slowly
    happen(1)
    queue_all()
    first = in_a_thread(pump)
    assert asked.wait(PATIENCE)
    listen(api, receiver.url("/quick"), name="quick")
    happen(2)
    queue_all()
    assert pump()["delivered"] == 1
    go.set()
    first.join(PATIENCE)
    assert [(m.path, m.body["data"]["percent"]) for m in receiver.got] == [
        ("/slow", 1), ("/quick", 2), ("/slow", 2),
    ]  # fmt: skip


def test_no_transaction_is_open_while_a_receiver_thinks(api: Api, receiver: Receiver):
    listen(api, receiver.url())
    open_ones: list[int] = []

    def looks(message: Message) -> Said:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%%'"
            )
            open_ones.append(cursor.fetchone()[0])
        connection.close()
        return Said()

    receiver.answer = looks
    for number in (1, 2):
        happen(number)
    queue_all()
    pump()
    assert open_ones == [0, 0]


def test_a_sender_that_was_silent_too_long_is_taken_over_and_changes_nothing_after_that(
    api: Api, receiver: Receiver
):
    listen(api, receiver.url())
    asked, go = threading.Event(), threading.Event()

    def once_slowly(message: Message) -> Said:
        if not asked.is_set():
            asked.set()
            assert go.wait(PATIENCE)
            return Said(500)
        return Said()

    receiver.answer = once_slowly
    for number in (1, 2):
        happen(number)
    queue_all()
    first = in_a_thread(pump)
    assert asked.wait(PATIENCE)
    assert pump()["delivered"] == 0
    assert pump(later)["delivered"] == 2
    go.set()
    first.join(PATIENCE)

    assert receiver.numbers == [1, 1, 2]
    assert receiver.ids[0] == receiver.ids[1]
    assert set(WebhookDelivery.objects.values_list("state", "attempts")) == {("delivered", 1)}
    got = api.get("/webhook-endpoints/shop")
    assert got["failing_since"] is None


def test_what_a_killed_sender_had_in_hand_is_sent_by_the_next_one(api: Api, receiver: Receiver):
    """A process of its own, killed with -9 while the receiver has the message and has not answered."""
    listen(api, receiver.url())
    asked, go = threading.Event(), threading.Event()

    def hold(message: Message) -> Said:
        asked.set()
        assert go.wait(PATIENCE)
        return Said()

    receiver.answer = hold
    for number in (1, 2, 3):
        happen(number)
    queue_all()
    sender = subprocess.Popen(
        [sys.executable, "-c", _SENDER], cwd=CHECKOUT, env={**os.environ, **_variables()}
    )
    assert asked.wait(60)
    sender.send_signal(signal.SIGKILL)
    sender.wait(PATIENCE)
    go.set()
    receiver.answer = lambda message: Said()

    assert pump()["delivered"] == 0, "the lease of the dead is waited for"
    assert pump(later)["delivered"] == 3
    assert receiver.numbers == [1, 1, 2, 3]
    assert receiver.ids[0] == receiver.ids[1]


def test_an_endpoint_is_disabled_or_deleted_while_a_message_is_on_its_way(
    api: Api, receiver: Receiver
):
    for name in ("disabled", "deleted"):
        listen(api, receiver.url(f"/{name}"), name=name)
    asked = {name: threading.Event() for name in ("/disabled", "/deleted")}
    go = threading.Event()

    def hold(message: Message) -> Said:
        asked[message.path].set()
        assert go.wait(PATIENCE)
        return Said()

    receiver.answer = hold
    for number in (1, 2):
        happen(number)
    queue_all()
    sender = in_a_thread(pump)
    for each in asked.values():
        assert each.wait(PATIENCE)
    assert api.patch("/webhook-endpoints/disabled", {"status": "disabled"}).status == 200
    assert api.delete("/webhook-endpoints/deleted").status == 204
    go.set()
    sender.join(PATIENCE)

    assert sorted(message.path for message in receiver.got) == ["/deleted", "/disabled"]
    states = list(WebhookDelivery.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["delivered", "skipped"]


def test_a_sender_whose_time_is_over_leaves_the_rest_to_the_next_tick(api: Api, receiver: Receiver):
    listen(api, receiver.url())
    for number in range(5):
        happen(number)
    queue_all()
    moments = iter(NOON + n * timedelta(seconds=1) for n in range(1000))

    def ticking() -> datetime:
        return next(moments)

    first = send_due(now=NOON, wall=ticking, within=timedelta(seconds=8))
    assert 0 < first < 5
    assert send_due(now=NOON, wall=lambda: NOON + HOUR) == 5 - first
    assert receiver.numbers == list(range(5))


_SENDER = """
import django
django.setup()
from django.utils import timezone
from journal.actions.sending import send_due
from tests.api import NOON
send_due(now=NOON, wall=timezone.now)
"""


def _variables() -> dict[str, str]:
    name = str(connection.settings_dict["NAME"])
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": with_database(os.environ["DATABASE_URL"], name),
        "SECRET_KEY": configured.SECRET_KEY,
        "WEBHOOK_ALLOW_PRIVATE": "1",
    }
