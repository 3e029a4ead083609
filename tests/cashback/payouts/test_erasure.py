"""Erasing somebody who was paid, or is being paid: the money goes on, what leads to them goes."""

import pytest

from cashback.models import Payout, SepaFile
from tests.api import HOUR, NOON, Api, make_key
from tests.cashback.money import wallet
from tests.cashback.payouts.asking import FILES, MASKED, PAYOUTS, act, ask, key_of, make_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def erase(ada):
    def erased():
        got = Api(make_key()).post("/customers/ada/erase", {"at": (NOON + HOUR).isoformat()})
        assert got.status == 200

    return erased


def submitted(clerk, boss):
    payout_id = ask(clerk)
    act(boss, payout_id, "approve")
    return payout_id, make_file(boss)["sepa_file_id"]


def left(payout_id):
    """What still leads to somebody: sealed, masked, in words."""
    row = Payout.objects.get(pk=key_of(payout_id))
    return bool(row.destination), row.masked, row.reason


def test_of_what_is_over_nothing_is_left(clerk, boss, ada, erase):
    rejected = ask(clerk)
    act(boss, rejected, "reject", reason="Not Ada's own account")
    paid, file_id = submitted(clerk, boss)
    act(boss, paid, "paid")
    erase()
    assert left(rejected) == left(paid) == (False, "", "")
    assert bytes(SepaFile.objects.get().content) == b""
    assert boss.get(f"{FILES}/{file_id}/pain.001.xml").status == 404
    got = clerk.get(f"{PAYOUTS}/{paid}")
    assert (got["status"], got["amount"]) == ("paid", 500)
    assert got["destination"] == {"kind": "sepa", "iban": None, "name": None, "account": None}
    assert got["customer_id"].startswith("erased~")


@pytest.mark.parametrize("verb", ["paid", "failed"])
def test_what_is_under_way_still_goes_there_and_forgets_at_its_end(clerk, boss, ada, erase, verb):
    payout_id, file_id = submitted(clerk, boss)
    erase()
    assert left(payout_id) == (True, MASKED, "")
    assert boss.get(f"{FILES}/{file_id}/pain.001.xml").status == 200
    assert act(boss, payout_id, verb, at=NOON + 2 * HOUR)["status"] == verb
    assert left(payout_id) == (False, "", "")
    assert bytes(SepaFile.objects.get().content) == b""


def test_what_is_only_asked_for_may_still_be_paid_or_rejected(clerk, boss, ada, erase):
    first, second = ask(clerk), ask(clerk)
    erase()
    act(boss, second, "reject", reason="She has left", at=NOON + 2 * HOUR)
    act(boss, first, "approve", at=NOON + 2 * HOUR)
    make_file(boss, at=NOON + 2 * HOUR)
    act(boss, first, "paid", at=NOON + 2 * HOUR)
    assert left(first) == left(second) == (False, "", "")
    assert wallet(ada) == (0, 9_500, 0, 0)
