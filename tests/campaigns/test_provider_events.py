"""What mail providers tell: believed when it is signed, once, in any order, and never of other people's mail."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from campaigns.actions import hearing
from campaigns.actions.forget import forget
from campaigns.domain.provider_events import end_after, rests_until
from campaigns.models import Delivery, ProviderEvent
from customers.models import Suppression
from journal.models import OutboxEvent
from tests.api import DAY, NOON
from tests.campaigns.provider_server import Provider
from tests.campaigns.provider_words import BASIC, SIGNING_KEY, mailgun, postmark, tell
from tests.campaigns.shop import Marketing

STATES = (
    "pending",
    "claimed",
    "submitting",
    "accepted",
    "unknown",
    "delivered",
    "bounced",
    "complained",
)
KINDS = ("delivered", "soft_bounce", "rejected", "hard_bounce", "complaint", "unsubscribe")


@pytest.fixture
def by_mailgun(settings: Any, provider: Provider) -> None:
    settings.EMAIL_PROVIDER = "mailgun"
    settings.ANYMAIL = {
        "MAILGUN_API_KEY": "k", "MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY,
        "WEBHOOK_SECRET": "shop:secret",
    }  # fmt: skip


def state(marketing: Marketing) -> tuple[str, str | None]:
    return marketing.deliveries("hello")["ada"]


def consent(marketing: Marketing) -> str:
    rows = marketing.api.get("/customers/ada/consents")["consents"]
    return next(row["state"] for row in rows if row["purpose"] == "marketing")


def test_what_is_delivered_is_so_once(marketing: Marketing, sent: int) -> None:
    for noted in (1, 0, 0):
        answer = tell("postmark", postmark("Delivery", sent))
        assert (answer.status_code, answer.json()) == (200, {"received": True, "noted": noted})
    assert state(marketing) == ("delivered", None)
    assert ProviderEvent.objects.count() == 1


def test_an_address_that_bounced_for_good_gets_nothing_more_not_even_of_orders(
    marketing: Marketing, sent: int
) -> None:
    assert tell("postmark", postmark("HardBounce", sent)).status_code == 200
    assert state(marketing) == ("bounced", "hard_bounce")
    assert list(Suppression.objects.values_list("reason", flat=True)) == ["bounced"]
    assert consent(marketing) == "granted", "the customer has said nothing"
    marketing.campaign("again", trigger={"kind": "once", "at": (NOON + DAY).isoformat()})
    marketing.start("again")
    marketing.run(NOON + DAY)
    assert marketing.deliveries("again") == {"ada": ("suppressed", "suppressed")}


def test_the_address_that_bounced_is_suppressed_and_not_the_one_of_today(
    marketing: Marketing, sent: int
) -> None:
    marketing.api.patch("/customers/ada", {"email": "new@example.org"})
    tell("postmark", postmark("HardBounce", sent))
    marketing.campaign("again", trigger={"kind": "once", "at": (NOON + DAY).isoformat()})
    marketing.start("again")
    marketing.run(NOON + DAY)
    assert marketing.deliveries("again") == {"ada": ("accepted", None)}


def test_whoever_complains_has_withdrawn_and_the_outside_is_told(
    marketing: Marketing, sent: int
) -> None:
    for _ in range(2):
        tell("postmark", postmark("SpamComplaint", sent), at=NOON + timedelta(minutes=1))
    assert state(marketing) == ("complained", "complaint")
    assert consent(marketing) == "withdrawn"
    assert list(Suppression.objects.values_list("reason", flat=True)) == ["complained"]
    assert OutboxEvent.objects.filter(type="customer.unsubscribed").count() == 1
    history = marketing.api.get("/customers/ada/consents")["history"]
    assert history[-1]["source"] == hearing.COMPLAINT


def test_whoever_leaves_at_the_provider_has_withdrawn(marketing: Marketing, sent: int) -> None:
    tell("postmark", postmark("SubscriptionChange", sent), at=NOON + timedelta(minutes=1))
    assert consent(marketing) == "withdrawn"
    assert state(marketing) == ("accepted", None)


@pytest.mark.parametrize("first", ["HardBounce", "SpamComplaint"])
def test_a_late_word_of_delivery_changes_nothing(
    marketing: Marketing, sent: int, first: str
) -> None:
    tell("postmark", postmark(first, sent))
    was = state(marketing)
    assert tell("postmark", postmark("Delivery", sent)).json()["noted"] == 1
    assert state(marketing) == was


def test_a_complaint_outweighs_a_bounce_and_never_the_other_way(
    marketing: Marketing, sent: int
) -> None:
    tell("postmark", postmark("SoftBounce", sent))
    assert state(marketing) == ("bounced", "soft_bounce")
    assert not Suppression.objects.exists()
    tell("postmark", postmark("SpamComplaint", sent, ID=2))
    tell("postmark", postmark("HardBounce", sent, ID=3))
    assert state(marketing) == ("complained", "complaint")


def test_mailgun_is_believed_by_its_signature_and_a_retry_with_another_token_is_the_same(
    marketing: Marketing, sent: int, by_mailgun: None
) -> None:
    assert tell("mailgun", mailgun("delivered", sent)).json()["noted"] == 1
    assert tell("mailgun", mailgun("delivered", sent, token="t2")).json()["noted"] == 0
    assert state(marketing) == ("delivered", None)
    later = {"severity": "temporary", "reason": "generic", "id": "2"}
    assert tell("mailgun", mailgun("failed", sent, **later)).json()["noted"] == 0
    hard = {"severity": "permanent", "reason": "bounce", "id": "3"}
    assert tell("mailgun", mailgun("failed", sent, **hard)).json()["noted"] == 1
    assert state(marketing) == ("bounced", "hard_bounce")
    tell("mailgun", mailgun("complained", sent, id="4"))
    assert state(marketing) == ("complained", "complaint")


def test_mailgun_calls_permanent_what_its_filter_refused_and_that_is_no_dead_address(
    marketing: Marketing, sent: int, by_mailgun: None
) -> None:
    tell("mailgun", mailgun("failed", sent, severity="permanent", reason="generic"))
    assert state(marketing) == ("bounced", "soft_bounce")
    assert not Suppression.objects.exists()


def test_nothing_is_believed_that_is_not_signed(
    marketing: Marketing, sent: int, by_mailgun: None
) -> None:
    forged = mailgun("complained", sent)
    forged["signature"]["signature"] = "0" * 64
    other = mailgun("complained", sent)
    other["signature"]["token"] = "other"
    for event in (forged, other, {}, {"signature": None}, []):
        answer = tell("mailgun", event)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed_request")
    endless = tell("mailgun", None, raw=b"[" * 100_000)
    assert (endless.status_code, endless.json()["code"]) == (400, "malformed_request")
    for secret in (None, "Basic c2hvcDp3cm9uZw==", "Bearer x"):
        assert tell("mailgun", mailgun("complained", sent), secret=secret).status_code == 400
    assert state(marketing) == ("accepted", None)
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize("raw", [b"", b"{", b"[1]", b"null", b'"x"', b"\xff", b"{}" * 9], ids=repr)
def test_what_is_no_event_is_a_problem_or_nothing_and_never_a_failure(
    provider: Provider, transactional_db: None, clock: None, raw: bytes
) -> None:
    answer = tell("postmark", None, raw=raw or b" ")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_mail_of_others_changes_nothing(marketing: Marketing, sent: int) -> None:
    others = (
        postmark("HardBounce", sent + 1000),
        postmark("HardBounce", sent, Metadata={}),
        postmark("HardBounce", sent, Metadata={"delivery": f"d{sent}.0123456789abcdef"}),
        postmark("HardBounce", sent, Metadata={"delivery": 7}),
        postmark("HardBounce", 0),
        postmark("Transient", sent),
        {"RecordType": "Open", "Metadata": postmark("Delivery", sent)["Metadata"]},
        {"RecordType": "SomethingNew"},
    )
    for event in others:
        answer = tell("postmark", event)
        assert (answer.status_code, answer.json()) == (200, {"received": True, "noted": 0})
    assert state(marketing) == ("accepted", None)
    assert not Suppression.objects.exists()


def test_there_is_no_address_without_a_provider_and_a_secret(
    provider: Provider, transactional_db: None, settings: Any
) -> None:
    assert tell("mailgun", {}).status_code == 404
    settings.EMAIL_WEBHOOK_SECRET = ""
    assert tell("postmark", {}).status_code == 404
    settings.EMAIL_PROVIDER = ""
    assert tell("postmark", {}).status_code == 404
    assert tell("", {}).status_code == 404


def test_three_of_five_soft_bounces_are_a_rest_of_thirty_days(
    marketing: Marketing, sent: int
) -> None:
    for number in range(3):
        at = f"2026-03-1{number}T12:00:20Z"
        tell("postmark", postmark("SoftBounce", sent, ID=number, BouncedAt=at), at=NOON + 3 * DAY)
    for name, days, expected in (
        ("soon", 31, ("suppressed", "soft_bounces")),
        ("later", 33, ("accepted", None)),
    ):
        when = NOON + days * DAY
        marketing.campaign(name, trigger={"kind": "once", "at": when.isoformat()})
        marketing.start(name)
        marketing.run(when)
        assert marketing.deliveries(name) == {"ada": expected}


def test_what_arrived_since_ends_a_rest() -> None:
    soft = [("soft_bounce", NOON - number * DAY) for number in range(3)]
    good = [("delivered", NOON + number * DAY) for number in range(1, 4)]
    assert rests_until([*soft]) == NOON + 30 * DAY  # type: ignore[list-item]
    assert rests_until([*reversed(good[:2]), *soft]) == NOON + 30 * DAY  # type: ignore[list-item]
    assert rests_until([*reversed(good), *soft]) is None  # type: ignore[list-item]
    assert rests_until(soft[:2]) is None  # type: ignore[arg-type]


@given(st.permutations(KINDS), st.sampled_from(STATES))
def test_in_any_order_the_state_comes_to_the_same(kinds: list[Any], state: str) -> None:
    for kind in kinds:
        end = end_after(state, kind)
        state = end.state if end else state
    assert state == "complained"


@given(st.lists(st.sampled_from(KINDS)), st.sampled_from(STATES))
def test_a_state_never_says_less_than_before(kinds: list[Any], state: str) -> None:
    ranks = {name: rank for rank, name in enumerate(("delivered", "bounced", "complained"), 1)}
    rank = ranks.get(state, 0)
    for kind in kinds:
        if end := end_after(state, kind):
            assert ranks[end.state] > rank
            state, rank = end.state, ranks[end.state]


def test_an_erasure_forgets_what_was_told(marketing: Marketing, sent: int) -> None:
    tell("postmark", postmark("Delivery", sent))
    with transaction.atomic():
        forget(customer_key=Delivery.objects.get().customer_id, now=NOON)
    assert not ProviderEvent.objects.exists()


def test_what_is_old_is_forgotten(marketing: Marketing, sent: int) -> None:
    tell("postmark", postmark("Delivery", sent))
    assert hearing.forget_heard(before=NOON) == 0
    assert hearing.forget_heard(before=NOON + DAY) == 1


def test_the_hook_is_there_for_whoever_asks_first(provider: Provider, settings: Any) -> None:
    from django.test import Client

    assert (
        Client().head("/hooks/mail/postmark", headers={"authorization": BASIC}).status_code == 200
    )
