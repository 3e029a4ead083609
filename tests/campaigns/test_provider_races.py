"""What a provider tells while a worker still has the message in its hand, or nobody knows what became of it."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from campaigns.actions import hearing
from campaigns.actions.claiming import Claim, claim
from campaigns.actions.preparing import prepare
from campaigns.actions.ready import Ready
from campaigns.actions.recording import record
from campaigns.actions.running import enlist_all
from campaigns.channels.pace import Pace
from campaigns.domain.provider_events import Told
from campaigns.domain.replies import Reply
from campaigns.models import Delivery, ProviderEvent
from journal.models import OutboxEvent
from tests.api import NOON
from tests.campaigns.provider_server import CUT, TAKEN, Provider
from tests.campaigns.provider_words import postmark, tell
from tests.campaigns.shop import Marketing

KINDS = ("delivered", "soft_bounce", "rejected", "hard_bounce", "complaint", "unsubscribe")


def state(marketing: Marketing) -> tuple[str, str | None]:
    return marketing.deliveries("hello")["ada"]


def in_hand() -> tuple[Claim, list[Ready]]:
    """All that is due is enlisted, and a worker is just handing it over."""
    enlist_all(now=NOON, wall=lambda: NOON)
    claimed = claim(lane="bulk", now=NOON, wall=NOON)
    assert claimed is not None
    return claimed, prepare(
        claimed, claimed.keys, pace=Pace(is_urgent=False), now=NOON, wall=NOON
    )  # fmt: skip


def test_what_nobody_knew_is_known_by_the_providers_word(
    marketing: Marketing, provider: Provider
) -> None:
    marketing.customer("ada")
    marketing.campaign("hello")
    marketing.start("hello")
    provider.answer = CUT
    marketing.run()
    assert state(marketing) == ("unknown", "connection_lost")
    tell("postmark", postmark("Delivery", Delivery.objects.get().pk))
    assert state(marketing) == ("delivered", None)


def test_a_mail_that_was_to_be_tried_again_is_not_if_the_provider_has_it_after_all(
    marketing: Marketing, provider: Provider
) -> None:
    marketing.customer("ada")
    marketing.campaign("hello")
    marketing.start("hello")
    provider.answer = TAKEN._replace(status=503)
    marketing.run()
    assert state(marketing) == ("pending", None)
    tell("postmark", postmark("Delivery", Delivery.objects.get().pk))
    provider.answer = TAKEN
    marketing.run(NOON + timedelta(minutes=5))
    assert state(marketing) == ("delivered", None)
    assert len(provider.asked) == 1


@pytest.mark.parametrize("outcome", ["accepted", "unknown", "later", "refused"])
@pytest.mark.parametrize("kind", ["Delivery", "HardBounce"])
def test_what_is_told_before_it_is_recorded_is_not_lost(
    marketing: Marketing, provider: Provider, outcome: Any, kind: str
) -> None:
    marketing.customer("ada")
    marketing.campaign("hello")
    marketing.start("hello")
    provider.answer = CUT
    claimed, ready = in_hand()
    assert state(marketing) == ("submitting", None)
    tell("postmark", postmark(kind, ready[0].delivery_key))
    record(claimed, ready, {ready[0].delivery_key: Reply(outcome, "said")}, now=NOON)
    expected = {"Delivery": ("delivered", None), "HardBounce": ("bounced", "hard_bounce")}
    assert state(marketing) == expected[kind]


@pytest.mark.django_db(transaction=True)
def test_the_providers_word_and_our_own_record_may_come_at_the_same_moment(
    marketing: Marketing, provider: Provider
) -> None:
    names = [f"c{number:02}" for number in range(20)]
    for name in names:
        marketing.customer(name)
    marketing.campaign("hello")
    marketing.start("hello")
    claimed, ready = in_hand()
    assert len(ready) == 20
    start, done = threading.Barrier(5), []

    def both(part: int) -> None:
        start.wait()
        try:
            if part == 0:
                replies = {each.delivery_key: Reply("accepted") for each in ready}
                record(claimed, ready, replies, now=NOON)
            else:
                for each in ready[part - 1 :: 4]:
                    kind: Any = "hard_bounce" if part % 2 else "delivered"
                    told = Told(
                        event_id=f"{each.delivery_key}", kind=kind, at=NOON,
                        delivery_key=each.delivery_key, recipient=each.recipient,
                    )  # fmt: skip
                    hearing.hear([told], provider="postmark", now=NOON)
            done.append(part)
        finally:
            connection.close()

    crew = [threading.Thread(target=both, args=(part,)) for part in range(5)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    assert sorted(done) == [*range(5)], "none fell into a deadlock"
    states = sorted(state for state, _ in marketing.deliveries("hello").values())
    assert states == ["bounced"] * 10 + ["delivered"] * 10


@pytest.mark.django_db(transaction=True)
def test_one_event_told_by_eight_at_once_is_noted_once(marketing: Marketing, sent: int) -> None:
    told = [
        Told(event_id=f"e{number}", kind=kind, delivery_key=sent, recipient="ada@example.org", at=NOON)
        for number, kind in enumerate(KINDS)
    ]  # fmt: skip
    noted: list[int] = []
    start = threading.Barrier(8)

    def hear(turn: int) -> None:
        start.wait()
        try:
            order = told if turn % 2 else told[::-1]
            noted.append(hearing.hear(order, provider="postmark", now=NOON))
            noted.append(hearing.hear(order[:2], provider="postmark", now=NOON))
        finally:
            connection.close()

    threads = [threading.Thread(target=hear, args=(turn,)) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(noted) == 16, "none fell into a deadlock"
    assert sum(noted) == len(KINDS) == ProviderEvent.objects.count()
    assert state(marketing) == ("complained", "complaint")
    assert OutboxEvent.objects.filter(type="customer.unsubscribed").count() == 1
