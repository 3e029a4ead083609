"""What happens is told: signed, in order, again until it is taken, and for three days at most."""

from contextlib import closing
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from customers.actions.erase import SETTLED
from journal.actions import record_event
from journal.actions.deliveries import forget_deliveries
from journal.models import OutboxEvent, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from journal.queries import history_of
from tests.api import DAY, HOUR, NOON, Api
from tests.journal.receiver import Message, Receiver, Said, happen, listen, run_clock
from tests.races.offers import cart

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("inside")]

PATH = "/webhook-endpoints/shop"
MINUTE = timedelta(minutes=1)
ALL = ["redemption.created", "redemption.cancelled", "order.returned", "code.issued"]


def states() -> list[str]:
    return list(WebhookDelivery.objects.order_by("pk").values_list("state", flat=True))


def replay(api: Api, since: datetime, until: datetime, at: datetime) -> Any:
    body = {"from": since.isoformat(), "until": until.isoformat(), "at": at.isoformat()}
    return api.post(f"{PATH}/replay", body)


def redeem(api: Api, number: int, at: datetime) -> str:
    body = cart("TEA26", customer="ada") | {"order_id": f"o{number}", "at": at.isoformat()}
    got = api.post("/checkout/redemptions", body)
    assert got.status == 201, got
    redemption_id: str = got["redemption_id"]
    return redemption_id


def a_shop(api: Api) -> None:
    promotion = {
        "name": "Tea", "status": "active", "currency": "EUR", "at": NOON.isoformat(),
        "effect": {"kind": "fixed_amount", "amount": 10},
    }  # fmt: skip
    assert api.put("/promotions/tea", promotion).status == 201
    code = {"code": "TEA26", "max_redemptions": 1000, "at": NOON.isoformat()}
    assert api.post("/promotions/tea/codes", code).status == 201


def test_a_receiver_that_was_down_for_a_day_gets_all_of_it_later_and_in_order(
    api: Api, receiver: Receiver
):
    a_shop(api)
    secret = listen(api, receiver.url(), *ALL)
    receiver.says(503)
    happened = []
    for hour in range(24):
        at = NOON + hour * HOUR
        redemption_id = redeem(api, hour, at)
        happened.append(("redemption.created", f"o{hour}"))
        if hour % 3 == 0:
            api.post(f"/checkout/redemptions/{redemption_id}/cancel", {"at": at.isoformat()})
            happened.append(("redemption.cancelled", f"o{hour}"))
        elif hour % 3 == 1:
            back = {"return_id": "r", "lines": [{"line_id": "1", "quantity": 1}]}
            api.post(f"/orders/o{hour}/returns", {**back, "at": at.isoformat()})
            happened.append(("order.returned", f"o{hour}"))
        run_clock(api, at)
    assert set(receiver.ids) == {receiver.ids[0]}, "only the first is tried while it fails"
    assert set(states()) == {"waiting"}

    receiver.got.clear()
    receiver.says(204)
    done = run_clock(api, NOON + DAY + HOUR)

    told = [(message.body["type"], message.body["data"]["order_id"]) for message in receiver.got]
    assert told == happened
    assert done["webhooks_delivered"] == len(happened)
    assert set(states()) == {"delivered"}
    assert len(set(receiver.ids)) == len(happened)
    events = OutboxEvent.objects.in_bulk(field_name="event_id")
    by_id = {f"evt_{event_id.hex}": event for event_id, event in events.items()}
    for message in receiver.got:
        verified = Webhook(secret).verify(message.raw, message.headers)
        event = by_id[message.id]
        assert set(verified) == {"type", "timestamp", "data"}
        assert datetime.fromisoformat(verified["timestamp"]) == event.occurred_at
        assert verified["data"] == event.payload | {"customer_id": "ada"}


def test_a_message_that_was_changed_on_its_way_is_not_verified(api: Api, receiver: Receiver):
    secret = listen(api, receiver.url())
    happen(1)
    run_clock(api, NOON)
    (message,) = receiver.got
    assert message.headers["content-type"] == "application/json"
    for raw, headers in (
        (message.raw.replace(b"1", b"2"), message.headers),
        (message.raw, message.headers | {"webhook-id": "evt_0"}),
        (message.raw, message.headers | {"webhook-timestamp": "1"}),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(raw, headers)
    assert Webhook(secret).verify(message.raw, message.headers)


def test_only_what_is_listened_to_and_happened_since_is_told(api: Api, receiver: Receiver):
    happen(1)
    listen(api, receiver.url())
    happen(2, type="promotion.ended")
    happen(3)
    run_clock(api, NOON)
    happen(4)
    run_clock(api, NOON)
    run_clock(api, NOON + DAY)
    assert receiver.numbers == [3, 4]


def test_on_the_test_clock_nothing_is_told_before_it_happens(api: Api, receiver: Receiver):
    listen(api, receiver.url())
    happen(1, at=NOON + HOUR)
    happen(2)
    run_clock(api, NOON)
    assert receiver.numbers == [2]
    run_clock(api, NOON + HOUR)
    assert receiver.numbers == [2, 1]


def test_what_is_of_an_open_transaction_is_waited_for(api: Api, receiver: Receiver):
    """Its number is below those of others that have committed: without the wait it were lost."""
    listen(api, receiver.url())
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            "INSERT INTO journal_outboxevent (event_id, type, payload, occurred_at) VALUES"
            """ (gen_random_uuid(), 'promotion.budget_threshold', '{"percent": 1}', %s)""",
            [NOON],
        )
        happen(2)
        assert api.post("/clock/run", {"at": NOON.isoformat()}).status == 200
        assert receiver.got == []
        cursor.execute("COMMIT")
    run_clock(api, NOON)
    assert receiver.numbers == [1, 2]


def test_the_clock_waits_a_moment_for_a_transaction_that_is_about_to_end(
    api: Api, receiver: Receiver
):
    """So that its answer is whole, whoever else was just writing.

    Told again where a test of another database has a transaction open for longer than that moment.
    """
    listen(api, receiver.url())

    def is_whole(number: int) -> bool:
        with closing(connection.copy()) as other, other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT txid_current()")
            happen(number)

            def ends_now(execute: Any, sql: str, *arguments: Any) -> Any:
                # The first queueing has found it open, and looks whether anything is left.
                if "SELECT EXISTS (SELECT FROM journal_outboxevent" in sql:
                    cursor.execute("ROLLBACK")
                return execute(sql, *arguments)

            with connection.execute_wrapper(ends_now):
                assert api.post("/clock/run", {"at": NOON.isoformat()}).status == 200
        return number in receiver.numbers

    assert any(is_whole(number) for number in range(1, 61))


def test_what_came_of_something_is_told_after_it_whatever_began_first(api: Api, receiver: Receiver):
    """A transaction that began early and told late, beside one that is still open between them."""
    listen(api, receiver.url())
    insert = (
        "INSERT INTO journal_outboxevent (event_id, type, payload, occurred_at) VALUES"
        " (gen_random_uuid(), 'promotion.budget_threshold', json_build_object('percent', %s), %s)"
    )
    with (
        closing(connection.copy()) as early,
        closing(connection.copy()) as between,
        early.cursor() as first,
        between.cursor() as second,
    ):
        first.execute("BEGIN")
        first.execute("SELECT txid_current()")
        second.execute("BEGIN")
        second.execute("SELECT txid_current()")
        happen(1)
        first.execute(insert, [2, NOON])
        first.execute("COMMIT")
        # The second event alone is behind the oldest open transaction.
        api.post("/clock/run", {"at": NOON.isoformat()})
        assert receiver.got == []
        second.execute("ROLLBACK")
    run_clock(api, NOON)
    assert receiver.numbers == [1, 2]


def test_a_failed_event_is_tried_again_ever_more_rarely_but_every_hour(
    api: Api, receiver: Receiver
):
    listen(api, receiver.url())
    happen(1)
    receiver.says(500, b"no")
    tried = []
    for minute in range(5 * 60):
        before = len(receiver.got)
        run_clock(api, NOON + minute * MINUTE)
        if len(receiver.got) > before:
            tried.append(minute)
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert tried[:3] == [0, 1, 2]
    assert pauses[:6] == sorted(pauses[:6])
    assert all(45 <= pause <= 60 for pause in pauses[6:])
    assert len(tried) < 15
    (shown,) = api.get("/webhook-endpoints")["results"]
    assert shown["failing_since"] == "2026-03-10T12:00:00Z"
    attempts = list(WebhookAttempt.objects.order_by("number"))
    assert [attempt.number for attempt in attempts] == list(range(1, len(tried) + 1))
    assert {(a.status_code, a.failure, a.answer) for a in attempts} == {(500, "status", "no")}


def test_an_event_is_given_up_after_three_days_and_the_next_ones_go_on(
    api: Api, receiver: Receiver
):
    """One that the receiver cannot bear holds back the others for as long as that."""
    listen(api, receiver.url())

    def bears(message: Message) -> Said:
        return Said(500 if message.body["data"]["percent"] == 1 else 200)

    receiver.answer = bears
    happen(1)
    for number in range(2, 6):
        happen(number, at=NOON + number * MINUTE)
    for hour in range(72):
        run_clock(api, NOON + hour * HOUR)
    assert set(receiver.numbers) == {1}
    run_clock(api, NOON + 71 * HOUR + 59 * MINUTE)
    assert states() == ["waiting"] * 5
    run_clock(api, NOON + 72 * HOUR)
    assert states() == ["given_up"] + ["delivered"] * 4
    assert receiver.numbers[-4:] == [2, 3, 4, 5]
    assert api.get(PATH)["failing_since"] is None
    assert api.get(PATH)["status"] == "active"


def test_an_endpoint_that_takes_nothing_for_five_days_is_disabled_and_the_staff_told(
    api: Api, receiver: Receiver, settings: Any
):
    settings.STAFF_EMAIL = ["staff@example.org"]
    listen(api, receiver.url())
    receiver.says(500)
    for day in range(8):
        happen(day, at=NOON + day * DAY)
        run_clock(api, NOON + day * DAY)
        if day == 4:
            assert api.get(PATH)["status"] == "active"
    got = api.get(PATH)
    assert (got["status"], got["disabled_reason"]) == ("disabled", "failing")
    assert got["disabled_at"] == "2026-03-15T12:00:00Z"
    assert states() == ["given_up"] * 3 + ["skipped"] * 3
    acts = history_of(subject_kind="webhook_endpoint", subject_id="shop")
    assert [(entry.action, entry.actor) for entry in acts][1:] == [
        ("webhook_endpoint.disabled", "system")
    ]
    (sent,) = mail.outbox
    assert sent.to == ["staff@example.org"]
    assert "abgeschaltet" in sent.subject
    assert "switched off" in sent.subject
    assert receiver.url() in sent.body

    receiver.got.clear()
    receiver.says(200)
    assert api.patch(PATH, {"status": "active"})["status"] == "active"
    happen(9, at=NOON + 8 * DAY)
    run_clock(api, NOON + 8 * DAY)
    assert receiver.numbers == [9], "what it has missed is not sent by itself"
    assert replay(api, NOON, NOON + 8 * DAY, NOON + 8 * DAY)["queued"] == 8
    run_clock(api, NOON + 8 * DAY)
    assert receiver.numbers == [9, *range(8)]


def test_a_rare_event_that_fails_disables_nothing_at_its_first_attempt(
    api: Api, receiver: Receiver
):
    listen(api, receiver.url())
    receiver.says(500)
    happen(1)
    run_clock(api, NOON)
    run_clock(api, NOON + 4 * DAY)
    assert states() == ["given_up"]
    happen(2, at=NOON + 30 * DAY)
    run_clock(api, NOON + 30 * DAY)
    assert api.get(PATH)["status"] == "active"
    assert states()[-1] == "waiting"


def test_a_receiver_that_is_gone_is_told_no_more(api: Api, receiver: Receiver):
    listen(api, receiver.url())
    receiver.says(410)
    for number in (1, 2):
        happen(number)
    run_clock(api, NOON)
    run_clock(api, NOON + DAY)
    assert receiver.numbers == [1]
    got = api.get(PATH)
    assert (got["status"], got["disabled_reason"]) == ("disabled", "gone")
    assert states() == ["skipped", "skipped"]
    assert mail.outbox == []


def test_a_replay_sends_the_same_again_once_and_behind_what_waits(api: Api, receiver: Receiver):
    listen(api, receiver.url())
    for number in range(1, 5):
        happen(number, at=NOON + number * HOUR)
    run_clock(api, NOON + 5 * HOUR)
    first = {message.id: message.raw for message in receiver.got}
    receiver.got.clear()
    happen(5, at=NOON + 6 * HOUR)

    got = replay(api, NOON + 2 * HOUR, NOON + 4 * HOUR, NOON + 6 * HOUR)
    assert (got.status, got.body) == (200, {"endpoint_id": "shop", "queued": 2})
    assert replay(api, NOON, NOON + 9 * HOUR, NOON + 6 * HOUR)["queued"] == 2
    run_clock(api, NOON + 6 * HOUR)

    assert receiver.numbers == [2, 3, 1, 4, 5]
    assert {m.id: m.raw for m in receiver.got if m.id in first} == first
    assert len(first) == 4


def test_the_same_replay_is_made_once_per_idempotency_key(api: Api, receiver: Receiver):
    listen(api, receiver.url())
    happen(1)
    run_clock(api, NOON)
    body = {"from": NOON.isoformat(), "until": (NOON + HOUR).isoformat(), "at": NOON.isoformat()}
    first = api.post(f"{PATH}/replay", body, idempotency_key="replay-1-0123456789")
    run_clock(api, NOON)
    again = api.post(f"{PATH}/replay", body, idempotency_key="replay-1-0123456789")
    run_clock(api, NOON)
    assert (first["queued"], again.raw) == (1, first.raw)
    assert receiver.numbers == [1, 1]


def test_an_endpoint_that_is_disabled_keeps_its_events_for_a_replay(api: Api, receiver: Receiver):
    listen(api, receiver.url())
    happen(1)
    api.patch(PATH, {"status": "disabled"})
    happen(2)
    run_clock(api, NOON)
    assert receiver.got == []
    api.patch(PATH, {"status": "active"})
    happen(3)
    assert replay(api, NOON, NOON + HOUR, NOON)["queued"] == 2
    run_clock(api, NOON)
    assert receiver.numbers == [1, 2, 3]


def test_for_a_day_both_secrets_are_good(api: Api, receiver: Receiver):
    old = listen(api, receiver.url())
    new = api.post(f"{PATH}/rotate-secret", {"at": NOON.isoformat()})["secret"]
    happen(1)
    run_clock(api, NOON)
    happen(2, at=NOON + DAY)
    run_clock(api, NOON + DAY)
    both, one = receiver.got
    assert len(both.headers["webhook-signature"].split()) == 2
    assert Webhook(old).verify(both.raw, both.headers)
    assert Webhook(new).verify(both.raw, both.headers)
    assert Webhook(new).verify(one.raw, one.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(one.raw, one.headers)


def test_an_endpoint_that_fails_holds_up_no_other(api: Api, receiver: Receiver):
    listen(api, receiver.url("/bad"), name="bad")
    listen(api, receiver.url("/good"), name="good")
    receiver.answer = lambda message: Said(500 if message.path == "/bad" else 200)
    for number in (1, 2, 3):
        happen(number)
    run_clock(api, NOON)
    assert [m.body["data"]["percent"] for m in receiver.got if m.path == "/good"] == [1, 2, 3]
    assert [m.body["data"]["percent"] for m in receiver.got if m.path == "/bad"] == [1]


def test_another_address_is_tried_at_once(api: Api, receiver: Receiver):
    listen(api, receiver.url("/old"))
    receiver.answer = lambda message: Said(500 if message.path == "/old" else 200)
    happen(1)
    run_clock(api, NOON)
    api.patch(PATH, {"url": receiver.url("/new")})
    run_clock(api, NOON)
    assert [message.path for message in receiver.got] == ["/old", "/new"]


def test_a_deleted_endpoint_leaves_nothing_behind(api: Api, receiver: Receiver):
    listen(api, receiver.url())
    happen(1)
    run_clock(api, NOON)
    assert api.delete(PATH).status == 204
    assert not WebhookDelivery.objects.exists()
    assert not WebhookAttempt.objects.exists()
    assert not WebhookEndpoint.objects.exists()


def test_the_log_forgets_after_a_month(api: Api, receiver: Receiver):
    listen(api, receiver.url())
    happen(1)
    run_clock(api, NOON)
    assert forget_deliveries(now=NOON + 30 * DAY) == 0
    assert forget_deliveries(now=NOON + 31 * DAY) == 1
    assert not WebhookAttempt.objects.exists()


def test_of_a_person_who_is_erased_no_message_and_no_answer_tells(api: Api, receiver: Receiver):
    """The tables hold ids only; what the shop calls somebody is looked up when it is sent."""
    api.put("/customers/ada", {"email": "ada@example.org"})
    key = _key_of("ada")
    listen(api, receiver.url(), "customer.unsubscribed")
    receiver.says(200, b"ada@example.org is out")
    record_event(type="customer.unsubscribed", payload={}, customer_key=key, now=NOON)
    run_clock(api, NOON)
    assert receiver.got[0].body["data"] == {"customer_id": "ada"}
    assert WebhookAttempt.objects.get().answer == "ada@example.org is out"

    assert api.post("/customers/ada/erase", {"at": NOON.isoformat()}).status == 200
    assert WebhookAttempt.objects.get().answer == ""
    replay(api, NOON, NOON + HOUR, NOON)
    run_clock(api, NOON)
    assert receiver.got[1].body["data"] == {"customer_id": None}
    assert receiver.got[1].id == receiver.got[0].id


def test_an_answer_that_was_on_its_way_during_an_erasure_goes_with_its_sweep(
    api: Api, receiver: Receiver
):
    api.put("/customers/ada", {})
    listen(api, receiver.url(), "customer.unsubscribed")
    receiver.says(200, b"ada is out")
    record_event(type="customer.unsubscribed", payload={}, customer_key=_key_of("ada"), now=NOON)
    run_clock(api, NOON)
    api.post("/customers/ada/erase", {"at": NOON.isoformat()})
    WebhookAttempt.objects.update(answer="ada is out")
    run_clock(api, NOON + SETTLED)
    assert WebhookAttempt.objects.get().answer == ""


def test_the_shop_is_told_whom_it_has_erased_and_its_answers_are_not_kept(
    api: Api, receiver: Receiver
):
    api.put("/customers/ada", {})
    listen(api, receiver.url(), "customer.erased")
    receiver.says(503, b"ada is a hard one")
    api.post("/customers/ada/erase", {"at": NOON.isoformat()})
    run_clock(api, NOON)
    assert receiver.got[0].body["data"] == {"customer_id": "ada"}
    attempt = WebhookAttempt.objects.get()
    assert (attempt.status_code, attempt.answer) == (503, "")


def test_an_event_that_the_list_lacks_is_a_bug_and_not_recorded():
    with pytest.raises(ValueError, match=r"order\.exploded"):
        record_event(type="order.exploded", payload={}, now=NOON)


def test_a_secret_that_no_longer_opens_is_said_in_the_log(
    api: Api, receiver: Receiver, settings: Any
):
    listen(api, receiver.url())
    happen(1)
    WebhookEndpoint.objects.get().secrets.update(sealed=b"of another time")
    run_clock(api, NOON)
    assert receiver.got == []
    assert WebhookAttempt.objects.get().failure == "secret"
    new = api.post(f"{PATH}/rotate-secret", {"at": NOON.isoformat()})["secret"]
    run_clock(api, NOON + HOUR)
    (message,) = receiver.got
    assert Webhook(new).verify(message.raw, message.headers)


def _key_of(reference: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM customers_customer WHERE reference = %s", [reference])
        key: int = cursor.fetchone()[0]
        return key
