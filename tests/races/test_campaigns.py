"""Many senders, schedulers and people at once: each row is one worker's, each message leaves once."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from campaigns.actions.claiming import LEASE, claim, sweep
from campaigns.actions.closing import close_due
from campaigns.actions.enlisting import enlist_due
from campaigns.actions.opening import open_due
from campaigns.actions.running import enlist_all
from campaigns.actions.sending import AT_ONCE, send_due
from campaigns.domain.definition import content_hash
from campaigns.models import Campaign, Delivery
from campaigns.queries.campaigns import definition_of
from customers.models import Consent, Customer
from tests.api import DAY, NOON, Api
from tests.campaigns.shop import ENGLISH, Marketing, at
from tests.campaigns.sink import Sink, running_sink
from tests.races.steps import Paused
from tests.races.storm import Job, Told, storm

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30
SUBMITS = "state = 'submitting', passed_at"


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """The mail server."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    with running_sink() as (server, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.MAIL_FROM = "Teeladen <post@tea.example>"
        yield server


@pytest.fixture
def shop(api: Api, sink: Sink) -> Marketing:
    """Two people who run campaigns."""
    return Marketing(api)


def people(number: int, **fields: Any) -> None:
    made = Customer.objects.bulk_create(
        Customer(
            reference=f"c{n}",
            email=f"c{n}@example.org",
            first_name="Ada",
            created_at=NOON,
            **fields,
        )
        for n in range(number)
    )
    Consent.objects.bulk_create(
        Consent(
            customer=each, channel="email", purpose="marketing", state="granted", recorded_at=NOON
        )
        for each in made
    )


def started(shop: Marketing, *names: str, **fields: Any) -> None:
    for name in names:
        shop.campaign(name, **fields)
        shop.start(name)


def send(now: Any = NOON, wall: Callable[[], Any] = timezone.now) -> Told:
    sent = send_due(lane="bulk", now=lambda: now, wall=wall)
    return Told(200, {"taken": sent.taken})


def in_a_thread(work: Callable[[], Any]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_claimers_in_a_storm_never_share_a_row(shop: Marketing, seed: int) -> None:
    people(200)
    started(shop, "hello")
    enlist_all(now=NOON, wall=timezone.now)

    def take() -> Told:
        claimed = claim(lane="bulk", now=NOON, wall=timezone.now(), most=7)
        return Told(200, list(claimed.keys) if claimed else [])

    attempts = storm([("claim", take)] * 60, seed=seed)
    keys = Counter(key for attempt in attempts for key in attempt.told.body)
    assert (len(keys), set(keys.values())) == (200, {1})


def test_enlisted_by_all_at_once_each_customer_has_one_row(shop: Marketing, seed: int) -> None:
    people(300, birth_date=NOON.date().replace(year=1990))
    started(shop, "hello")
    shop.campaign("birthday", trigger={"kind": "birthday"})
    shop.start("birthday", now=NOON - DAY)

    def enlist() -> Told:
        open_due(now=NOON)
        return Told(200, {"rows": enlist_due(now=NOON)})

    storm([("enlist", enlist)] * 16, seed=seed)
    rows = Counter(Delivery.objects.values_list("campaign__reference", "customer_id"))
    assert (len(rows), set(rows.values())) == (600, {1})


def test_two_senders_of_two_campaigns_never_pass_a_cap_together(
    shop: Marketing, sink: Sink, settings: Any
) -> None:
    """The first has counted, and has not yet written; the second must wait for it."""
    settings.MARKETING_CAP = 1
    people(20)
    started(shop, "one", "two")
    enlist_all(now=NOON, wall=timezone.now)
    first = Paused(send, before=SUBMITS)
    second = Paused(send, before=SUBMITS, may_wait=True)
    told = [first.resume(), second.resume()]
    assert [each.status for each in told] == [200, 200]
    assert sorted(Counter(message["To"] for message in sink.taken).values()) == [1] * 20
    assert Counter(Delivery.objects.values_list("state", flat=True)) == {
        "accepted": 20, "capped": 20,
    }  # fmt: skip


def test_senders_in_a_storm_send_each_message_once_and_keep_the_cap(
    shop: Marketing, sink: Sink, settings: Any, seed: int
) -> None:
    settings.MARKETING_CAP = 2
    people(30)
    names = ("one", "two", "three", "four")
    started(shop, *names)
    jobs: list[Job] = [("send", send)] * 12
    jobs += [("enlist", lambda: Told(200, {"rows": enlist_all(now=NOON, wall=timezone.now)}))] * 4
    storm(jobs, seed=seed)
    enlist_all(now=NOON, wall=timezone.now)
    send()
    assert set(Counter(message["To"] for message in sink.taken).values()) == {2}
    states = Counter(Delivery.objects.values_list("state", flat=True))
    assert states == {"accepted": 60, "capped": 60}
    close_due(now=NOON)
    assert set(Campaign.objects.values_list("status", flat=True)) == {"finished"}


def test_who_deletes_waits_for_who_enlists(shop: Marketing) -> None:
    people(3)
    started(shop, "hello")
    open_due(now=NOON)
    enlister = Paused(
        lambda: Told(200, {"rows": enlist_due(now=NOON)}), before='UPDATE "campaigns_occurrence"'
    )
    deleter = Paused(lambda: Told(shop.api.delete("/campaigns/hello").status), may_wait=True)
    assert enlister.resume()["rows"] == 3
    assert deleter.resume().status == 409
    assert Delivery.objects.count() == 3


def test_who_enlists_finds_nothing_once_it_is_deleted(shop: Marketing) -> None:
    people(3)
    started(shop, "hello")
    open_due(now=NOON)
    deleter = Paused(
        lambda: Told(shop.api.delete("/campaigns/hello").status),
        before='DELETE FROM "campaigns_campaign"',
    )
    enlister = Paused(lambda: Told(200, {"rows": enlist_due(now=NOON)}), may_wait=True)
    assert deleter.resume().status == 204
    assert enlister.resume() == Told(200, {"rows": 0})
    assert (Campaign.objects.count(), Delivery.objects.count()) == (0, 0)


@pytest.mark.parametrize("act", ["pause", "cancel"])
def test_after_the_answer_at_most_what_was_being_handed_over_leaves(
    act: str, shop: Marketing, sink: Sink
) -> None:
    people(150)
    started(shop, "hello")
    enlist_all(now=NOON, wall=timezone.now)
    some = threading.Event()
    sink.on_message = lambda message: some.set() if len(sink.taken) > 30 else None
    senders = [in_a_thread(send) for _ in range(2)]
    assert some.wait(PATIENCE)
    assert shop.api.post(f"/campaigns/hello/{act}", {"at": at(NOON)}).status == 200
    answered = len(sink.taken)
    for each in senders:
        each.join(PATIENCE)
    assert len(sink.taken) <= answered + AT_ONCE * len(senders)
    assert len(sink.taken) < 150
    rest = 150 - len(sink.taken)
    if act == "cancel":
        close_due(now=NOON)
        states = Counter(Delivery.objects.values_list("state", "reason"))
        assert states["cancelled", "campaign_cancelled"] == rest
    else:
        assert Delivery.objects.filter(state="pending").count() == rest
        assert shop.api.post("/campaigns/hello/resume", {"at": at(NOON)}).status == 200
        send()
        assert set(Counter(message["To"] for message in sink.taken).values()) == {1}
        assert len(sink.taken) == 150


def test_what_was_paused_before_the_batch_was_decided_does_not_leave(
    shop: Marketing, sink: Sink
) -> None:
    people(5)
    started(shop, "hello")
    enlist_all(now=NOON, wall=timezone.now)
    sender = Paused(send, before='FROM "campaigns_campaign"', nth=1)
    assert shop.api.post("/campaigns/hello/pause", {"at": at(NOON)}).status == 200
    assert sender.resume()["taken"] == 0
    assert sink.taken == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"pending"}


def test_what_is_approved_is_what_was_submitted_whatever_is_written_meanwhile(
    shop: Marketing, seed: int
) -> None:
    contents = [{"en": {**ENGLISH, "subject": f"Version {number}"}} for number in range(6)]
    shop.campaign("hello", content=contents[0])

    def write(number: int) -> Told:
        body = {
            "name": "hello",
            "trigger": {"kind": "once", "at": at(NOON)},
            "content": contents[number],
        }
        return Told(shop.api.put("/campaigns/hello", body).status)

    def act(api: Api, name: str) -> Told:
        return Told(api.post(f"/campaigns/hello/{name}", {"at": at(NOON - DAY)}).status)

    jobs: list[Job] = [("put", lambda n=n: write(n)) for n in range(6)]
    for _ in range(6):
        jobs += [("submit", lambda: act(shop.api, "submit"))]
        jobs += [("approve", lambda: act(shop.second, "approve"))]
        jobs += [("schedule", lambda: act(shop.second, "schedule"))]
        jobs += [("open", lambda: Told(200, {"opened": open_due(now=NOON - DAY)}))]
    storm(jobs, seed=seed)
    campaign = Campaign.objects.get()
    if campaign.status != "draft":
        assert campaign.content_hash is not None
        assert bytes(campaign.content_hash) == content_hash(definition_of(campaign))


class Wall:
    """The clock on the wall as a sender reads it between two messages."""

    def __init__(self, happens: Callable[[datetime], Any], *, after: int, sink: Sink) -> None:
        self._at = timezone.now()
        self._happens, self._after, self._sink = happens, after, sink

    def __call__(self) -> datetime:
        if len(self._sink.taken) == self._after:
            self._after = -1
            self._at += 2 * LEASE
            self._happens(self._at)
        return self._at


def test_a_slow_server_is_waited_for_and_nobody_takes_the_rows_away(
    shop: Marketing, sink: Sink
) -> None:
    """Each answer takes half a minute, and after each somebody looks for dead workers."""
    people(40)
    started(shop, "hello")
    enlist_all(now=NOON, wall=timezone.now)
    began = timezone.now()
    swept: list[int] = []

    def wall() -> datetime:
        instant = began + len(sink.taken) * timedelta(seconds=30)
        swept.append(sweep(wall=instant, now=NOON))
        return instant

    assert send(wall=wall)["taken"] == 40
    assert (len(swept) > 40, sum(swept)) == (True, 0)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"accepted"}


def test_who_was_believed_dead_tells_what_it_knows_and_the_rest_is_sent_later(
    shop: Marketing, sink: Sink
) -> None:
    people(10)
    started(shop, "hello")
    enlist_all(now=NOON, wall=timezone.now)
    swept: list[int] = []
    wall = Wall(lambda at: swept.append(sweep(wall=at, now=NOON)), after=4, sink=sink)
    assert send(wall=wall)["taken"] == 4
    assert swept == [10]
    assert Counter(Delivery.objects.values_list("state", flat=True)) == {
        "accepted": 4, "pending": 6,
    }  # fmt: skip
    assert send(NOON + timedelta(minutes=1))["taken"] == 6
    assert set(Counter(message["To"] for message in sink.taken).values()) == {1}


def test_who_was_believed_dead_until_the_campaign_was_over_leaves_nothing_open(
    shop: Marketing, sink: Sink
) -> None:
    people(10)
    started(shop, "hello")
    enlist_all(now=NOON, wall=timezone.now)
    wall = Wall(lambda at: enlist_all(now=NOON, wall=lambda: at), after=4, sink=sink)
    assert send(wall=wall)["taken"] == 4
    assert Campaign.objects.get().status == "finished"
    assert Counter(Delivery.objects.values_list("state", "reason")) == {
        ("accepted", ""): 4, ("failed", "lease_lost"): 6,
    }  # fmt: skip


def test_written_for_the_first_time_by_all_at_once_it_is_made_once(
    shop: Marketing, seed: int
) -> None:
    body = {"name": "News", "trigger": {"kind": "once", "at": at(NOON)}, "content": {"en": ENGLISH}}

    def put() -> Told:
        try:
            answer = Api(shop.api.key).put("/campaigns/new", body)
            return Told(answer.status, answer.body)
        finally:
            connections.close_all()

    attempts = storm([("put", put)] * 24, seed=seed)
    states = Counter(attempt.told.status for attempt in attempts)
    assert states == {201: 1, 200: 23}
    assert Campaign.objects.count() == 1
