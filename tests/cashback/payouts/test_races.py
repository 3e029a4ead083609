"""Many at once on the same payouts: each state is left once, and the money follows it once."""

from collections import Counter
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from cashback.actions import payout_outcomes, payout_requests, sepa_files
from cashback.actions.errors import CashbackInsufficient
from cashback.actions.payout_sending import send_due
from cashback.domain.payouts import SepaDestination, StripeDestination
from cashback.models import Payout, SepaFile
from common.errors import DomainError
from tests.api import NOON
from tests.cashback.money import customer, give, wallet
from tests.cashback.payouts.asking import IBAN, STRIPE, told
from tests.races.storm import SEEDS, Told, by_status, storm

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres15]

BANK = SepaDestination(iban=IBAN, name="Ada Lovelace")
ACCOUNT = StripeDestination(account=STRIPE["account"])


@pytest.fixture
def rich(transactional_db):
    """A customer with 100.00."""
    key = customer("ada")
    give(key, 10_000, now=NOON)
    return key


def run(act, **arguments):
    """An act in a transaction of its own, told as HTTP would tell it."""
    try:
        with transaction.atomic():
            return Told(200, {"made": act(**arguments, now=NOON)})
    except DomainError as refused:
        return Told(409, {"code": refused.code})


def request(amount=100, destination=BANK, actor="key:1"):
    with transaction.atomic():
        return payout_requests.request_payout(
            customer_id="ada", currency="EUR", amount=amount, destination=destination,
            actor=actor, now=NOON,
        )  # fmt: skip


def approved(amount=100, destination=BANK):
    payout = request(amount, destination)
    with transaction.atomic():
        payout_requests.approve(payout_id=payout.pk, actor="key:2", now=NOON)
    return payout.pk


def counted(attempts):
    return {status: len(those) for status, those in by_status(attempts).items()}


@pytest.mark.parametrize("seed", SEEDS)
def test_of_many_approvers_one_approves(rich, seed):
    payout = request()
    approve = partial(run, payout_requests.approve, payout_id=payout.pk)
    jobs = [(n, partial(approve, actor=f"key:{n}")) for n in range(2, 34)]
    assert counted(storm(jobs, seed=seed)) == {200: 1, 409: 31}
    assert Payout.objects.get().status == "approved"


@pytest.mark.parametrize("seed", SEEDS)
def test_approved_or_rejected_but_not_both_unless_one_after_the_other(rich, seed):
    payouts = [request().pk for _ in range(10)]
    jobs = []
    for n, key in enumerate(payouts):
        approve = partial(run, payout_requests.approve, payout_id=key)
        refuse = partial(run, payout_requests.reject, payout_id=key, reason="no")
        jobs += [(("approve", n), partial(approve, actor="key:2"))] * 2
        jobs += [(("reject", n), partial(refuse, actor="key:3"))] * 2
    attempts = storm(jobs, seed=seed)
    # A rejection is possible after an approval too, so all are rejected in the end.
    assert all(a.told.status == 200 for a in attempts if a.tag[0] == "reject")
    assert Counter(Payout.objects.values_list("status", flat=True)) == {"rejected": 10}
    assert [state for state, _ in told()].count("rejected") == 10
    assert wallet(rich) == (0, 10_000, 0, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_payout_is_in_one_of_many_files_made_at_once(rich, seed):
    keys = [approved() for _ in range(20)]
    make = partial(run, sepa_files.make_sepa_file, actor="key:2")
    storm([(n, partial(make, limit=3)) for n in range(32)], seed=seed)
    while run(sepa_files.make_sepa_file, actor="key:2").status == 200:
        pass
    assert sum(SepaFile.objects.values_list("payouts_count", flat=True)) == len(keys)
    assert Payout.objects.filter(status="submitted", sepa_file__isnull=False).count() == len(keys)
    assert wallet(rich) == (0, 10_000 - 20 * 100, 0, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_paid_or_failed_but_not_both(rich, seed):
    keys = [approved() for _ in range(10)]
    with transaction.atomic():
        file = sepa_files.make_sepa_file(actor="key:2", now=NOON)
    jobs = [("file", partial(run, sepa_files.mark_file_paid, file=file, actor="key:2"))] * 2
    for key in keys:
        pay = partial(run, payout_outcomes.mark_paid, payout_id=key, actor="key:2")
        fail = partial(
            run, payout_outcomes.mark_failed, payout_id=key, failure="by_hand", actor="key:3"
        )
        jobs += [("pay", pay), ("fail", fail)] * 2
    storm(jobs, seed=seed)
    ended = Counter(Payout.objects.values_list("status", flat=True))
    assert ended.keys() <= {"paid", "failed"}
    assert sum(ended.values()) == 10
    assert Counter(state for state, _ in told() if state != "requested") == ended
    assert wallet(rich) == (0, 10_000 - 100 * ended["paid"], 0, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_many_senders_at_once_pay_each_payout_once(rich, stripe_server, seed):
    stripe_server.fault = lambda group, nth: "error_after" if int(group[-1], 16) % 3 == 0 else "ok"
    keys = [approved(destination=ACCOUNT) for _ in range(20)]

    def send():
        return Told(200, {"sent": send_due(now=NOON, wall=timezone.now)})

    storm([(n, send) for n in range(16)], seed=seed)
    send_due(now=NOON.replace(hour=18), wall=timezone.now)
    assert len(stripe_server.transfers) == len(keys)
    assert set(stripe_server.calls.values()) == {1}
    assert Payout.objects.filter(status="paid").count() == len(keys)
    assert stripe_server.paid == 2_000


@pytest.mark.parametrize("seed", SEEDS)
def test_more_is_asked_for_at_once_than_there_is(rich, seed):
    def ask(n):
        try:
            return Told(200, {"made": request(1_000, actor=f"key:{n}")})
        except CashbackInsufficient:
            return Told(422)

    assert counted(storm([(n, partial(ask, n)) for n in range(32)], seed=seed)) == {
        200: 10, 422: 22,
    }  # fmt: skip
    assert wallet(rich) == (0, 0, 10_000, 0)
