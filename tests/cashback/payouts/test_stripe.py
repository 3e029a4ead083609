"""Payouts by Stripe, against a server that fails as Stripe may: nothing twice, nothing lost.

What is unknown stays held in clearing until Stripe says, by our own id, what became of it.
"""

import os
import random
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from cashback.actions import payout_sending
from cashback.actions.payout_sending import LEASE, send_due
from cashback.models import Payout, Transfer
from config import timetable
from tests.api import HOUR, NOON
from tests.cashback.money import customer, give, wallet
from tests.cashback.payouts.asking import PAYOUTS, STRIPE, act, ask, key_of, told, trail
from tests.cashback.payouts.stripe_server import signature

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
MANY = 1_000 if os.environ.get("SLOW") == "1" else 70
FAULTS = (
    "decline", "error_after", "timeout_after", "timeout_before", "rate_limited", "no_access",
)  # fmt: skip


def approved(clerk, boss, **changes):
    payout_id = ask(clerk, **{"destination": STRIPE, **changes})
    act(boss, payout_id, "approve")
    return payout_id


def send(at=NOON):
    return send_due(now=at, wall=timezone.now)


def shown(clerk, payout_id):
    return clerk.get(f"{PAYOUTS}/{payout_id}").body


def in_clearing():
    """What has gone to clearing, come back from it, and left for good: minor units."""
    rows = Transfer.objects.values_list("debit_account__kind", "credit_account__kind", "amount")
    into = sum(amount for _, to, amount in rows if to == "payout_clearing")
    left = [(to, amount) for of, to, amount in rows if of == "payout_clearing"]
    back = sum(amount for to, amount in left if to == "available" or to == "debt")
    return into, back, sum(amount for to, amount in left if to == "settled")


def test_what_is_approved_is_paid_once(clerk, boss, ada, stripe_server):
    payout_id = approved(clerk, boss)
    waiting = ask(clerk, destination=STRIPE)

    assert [send(), send(NOON + HOUR)] == [1, 0]

    [made] = stripe_server.transfers.values()
    assert (made["amount"], made["currency"]) == (500, "eur")
    assert made["destination"] == STRIPE["account"]
    assert made["transfer_group"] == made["metadata"]["payout_id"] == payout_id
    got = shown(clerk, payout_id)
    assert (got["status"], got["provider_reference"]) == ("paid", made["id"])
    assert shown(clerk, waiting)["status"] == "requested"
    assert told() == [("requested", 500), ("requested", 500), ("paid", 500)]
    assert trail(payout_id) == ["request", "approve", "submit", "pay"]
    assert wallet(ada) == (0, 9_000, 500, 0)


def test_what_stripe_declines_has_failed_and_is_available_again(clerk, boss, ada, stripe_server):
    stripe_server.fault = lambda group, nth: "decline"
    payout_id = approved(clerk, boss)
    assert send() == 1
    got = shown(clerk, payout_id)
    assert (got["status"], got["failure"]) == ("failed", "balance_insufficient")
    assert wallet(ada) == (0, 10_000, 0, 0)
    assert told()[-1] == ("failed", 500)


@pytest.mark.parametrize("fault", ["error_after", "timeout_after"])
def test_what_is_unknown_stays_held_and_is_asked_for(clerk, boss, ada, stripe_server, fault):
    stripe_server.fault = lambda group, nth: fault
    payout_id = approved(clerk, boss)

    assert send() == 0
    got = shown(clerk, payout_id)
    assert (got["status"], got["unknown_since"]) == ("submitted", "2026-03-10T12:00:00Z")
    assert wallet(ada) == (0, 9_500, 0, 0)
    assert in_clearing() == (500, 0, 0)
    assert send(NOON + timedelta(seconds=29)) == 0
    assert stripe_server.questions == 0

    assert send(NOON + MINUTE) == 1
    got = shown(clerk, payout_id)
    assert (got["status"], got["unknown_since"]) == ("paid", None)
    assert (stripe_server.calls[payout_id], stripe_server.questions) == (1, 1)
    assert stripe_server.paid == 500


def test_what_never_arrived_is_sent_again_under_the_same_key(clerk, boss, ada, stripe_server):
    stripe_server.fault = lambda group, nth: "timeout_before" if nth == 1 else "ok"
    payout_id = approved(clerk, boss)
    assert [send(), send(NOON + MINUTE)] == [0, 1]
    assert shown(clerk, payout_id)["status"] == "paid"
    assert (stripe_server.calls[payout_id], stripe_server.paid) == (2, 500)


@pytest.mark.parametrize("fault", ["rate_limited", "no_access"])
def test_what_stripe_did_not_look_at_waits_and_is_not_unknown(
    clerk, boss, ada, stripe_server, fault
):
    stripe_server.fault = lambda group, nth: fault if nth < 3 else "ok"
    payout_id = approved(clerk, boss)
    assert send() == 0
    assert (shown(clerk, payout_id)["status"], shown(clerk, payout_id)["unknown_since"]) == (
        "submitted", None,
    )  # fmt: skip
    assert [send(NOON + MINUTE), send(NOON + 5 * MINUTE)] == [0, 1]
    assert shown(clerk, payout_id)["status"] == "paid"


def test_a_server_that_is_away_leaves_it_unknown(clerk, boss, ada, stripe_server, settings):
    settings.STRIPE_API_URL = "http://127.0.0.1:9"  # the port of nobody
    payout_id = approved(clerk, boss)
    assert [send(), send(NOON + MINUTE), send(NOON + HOUR)] == [0, 0, 0]
    got = shown(clerk, payout_id)
    assert (got["status"], got["unknown_since"]) == ("submitted", "2026-03-10T12:00:00Z")
    settings.STRIPE_API_URL = stripe_server.url
    assert send(NOON + 3 * HOUR) == 1
    assert stripe_server.paid == 500


def test_whoever_dies_between_claim_and_call_leaves_it_to_the_next(clerk, boss, ada, stripe_server):
    payout_id = approved(clerk, boss)
    assert payout_sending._claim(now=NOON) is not None
    assert shown(clerk, payout_id)["status"] == "submitted"
    assert send(NOON + LEASE - MINUTE) == 0
    assert stripe_server.calls == {}
    assert send(NOON + LEASE) == 1
    assert (shown(clerk, payout_id)["status"], stripe_server.paid) == ("paid", 500)


def test_whoever_dies_between_call_and_record_leaves_it_to_the_next(
    clerk, boss, ada, stripe_server
):
    payout_id = approved(clerk, boss)
    claim = payout_sending._claim(now=NOON)
    assert payout_sending._call(payout_sending.stripe_provider(), claim).kind == "paid"
    assert send(NOON + LEASE) == 1
    assert (shown(clerk, payout_id)["status"], stripe_server.paid) == ("paid", 500)
    assert stripe_server.calls == {payout_id: 1}


def test_what_is_told_twice_is_paid_once(clerk, boss, ada, stripe_server):
    """A sender was silent for longer than its lease, and another one has taken over."""
    approved(clerk, boss)
    order = payout_sending._claim(now=NOON).order
    provider = payout_sending.stripe_provider()
    assert {provider.send(order).reference for _ in range(3)} == {"tr_1"}
    assert stripe_server.paid == 500


def test_a_person_may_decide_what_stays_unknown(clerk, boss, ada, stripe_server):
    stripe_server.fault = lambda group, nth: "timeout_before"
    payout_id = approved(clerk, boss)
    send()
    assert (
        act(boss, payout_id, "failed", reason="Not at Stripe, says support")["status"] == "failed"
    )
    assert send(NOON + HOUR) == 0
    assert (stripe_server.paid, wallet(ada)) == (0, (0, 10_000, 0, 0))


def test_the_clock_drives_it(clerk, boss, ada, stripe_server):
    payout_id = approved(clerk, boss)
    ran = clerk.post("/clock/run", {"at": (NOON + MINUTE).isoformat()})
    assert ran["done"]["payouts_sent"] == 1
    assert shown(clerk, payout_id)["status"] == "paid"
    assert "payouts_sent" in timetable.DUE_WORK


def test_after_its_time_it_begins_no_call(clerk, boss, ada, stripe_server):
    payout_id = approved(clerk, boss)
    ticks = iter([datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 0, 0, 9, tzinfo=UTC)])
    assert send_due(now=NOON, wall=lambda: next(ticks), within=timedelta(seconds=8)) == 0
    assert shown(clerk, payout_id)["status"] == "approved"


@pytest.mark.django_db(
    transaction=True
)  # else each update of a row lengthens its chain of versions
@pytest.mark.parametrize("seed", [1])
def test_stripes_sum_is_that_of_clearing_whatever_fails(clerk, boss, stripe_server, settings, seed):
    """Hundreds of payouts, a third of the calls with a fault, senders that die, webhooks in disorder."""
    settings.PAYOUT_APPROVAL_ABOVE = 10**9
    settings.STRIPE_PATIENCE_MS = 250
    chance = random.Random(seed)
    drawn = {}

    def fault(group, nth):
        if nth > 6:
            return "ok"
        return drawn.setdefault(
            (group, nth), chance.choice(FAULTS) if chance.random() < 0.35 else "ok"
        )

    stripe_server.fault = fault
    people = [f"c{n}" for n in range(30)]
    for person in people:
        give(customer(person), 1_000_000, now=NOON)
    asked = [
        ask(
            clerk,
            customer_id=chance.choice(people),
            amount=chance.randint(1, 5_000),
            destination=STRIPE,
        )
        for _ in range(MANY)
    ]

    at = NOON
    while Payout.objects.filter(status__in=["approved", "submitted"]).exists():
        # Not for ever: of the last one left each would be the only sender.
        if at < NOON + 20 * MINUTE * 40:
            _die(after_the_call=False, at=at)
            _die(after_the_call=True, at=at)
        _tell_in_disorder(stripe_server, chance, at=at)
        assert stripe_server.paid >= in_clearing()[2]
        send(at)
        at += 40 * MINUTE
    _tell_in_disorder(stripe_server, chance, at=at)

    rows = {row.pk: row for row in Payout.objects.all()}
    by_payout = {}
    for made in stripe_server.transfers.values():
        by_payout.setdefault(made["transfer_group"], []).append(made["amount"])
    assert {len(amounts) for amounts in by_payout.values()} == {1}
    paid = {pid for pid in asked if rows[key_of(pid)].status == "paid"}
    assert by_payout.keys() == paid
    into, back, left = in_clearing()
    assert stripe_server.paid == left == sum(rows[key_of(pid)].amount for pid in paid)
    assert into == back + left == sum(row.amount for row in rows.values())
    ends = [state for state, _ in told() if state != "requested"]
    assert (len(ends), ends.count("paid")) == (MANY, len(paid))
    assert {*drawn.values()} == {*FAULTS, "ok"}
    assert not Payout.objects.exclude(contradiction="").exists()


def _die(*, after_the_call, at):
    """A sender claims a payout, and is killed before or after its call."""
    claim = payout_sending._claim(now=at)
    if claim is not None and after_the_call:
        payout_sending._call(payout_sending.stripe_provider(), claim)


def _tell_in_disorder(server, chance, *, at):
    """A third of all webhooks so far, in any order, some of them several times."""
    some = [made for made in server.transfers if chance.random() < 0.3]
    for transfer_id in chance.choices(some, k=len(some)) if some else ():
        raw = server.message(transfer_id)
        got = Client().generic(
            "POST", f"/hooks/stripe?at={quote(at.isoformat())}", raw, "application/json",
            headers={"Stripe-Signature": signature(raw)},
        )  # fmt: skip
        assert got.status_code == 200
