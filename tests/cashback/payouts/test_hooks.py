"""What Stripe tells at /hooks/stripe: believed when it is signed, harmless however often and in what order."""

import time

import pytest
from django.test import Client
from django.utils import timezone

from cashback.actions.payout_sending import send_due
from cashback.models import Payout
from tests.api import HOUR, NOON
from tests.cashback.money import wallet
from tests.cashback.payouts.asking import PAYOUTS, STRIPE, act, ask, key_of, told, trail
from tests.cashback.payouts.stripe_server import signature

pytestmark = pytest.mark.django_db

AT = "?at=2026-03-10T13:00:00%2B00:00"


def tell(raw, signed=None, **headers):
    headers = {"Stripe-Signature": signature(raw) if signed is None else signed, **headers}
    return Client(enforce_csrf_checks=True).generic(
        "POST", f"/hooks/stripe{AT}", raw, "application/json", headers=headers
    )


@pytest.fixture
def unknown(clerk, boss, ada, stripe_server):
    """A payout that Stripe has made, of which we do not know."""
    stripe_server.fault = lambda group, nth: "error_after"
    payout_id = ask(clerk, destination=STRIPE)
    act(boss, payout_id, "approve")
    send_due(now=NOON, wall=timezone.now)
    return payout_id


def state(payout_id):
    row = Payout.objects.get(pk=key_of(payout_id))
    return row.status, row.contradiction


def test_it_says_what_became_of_an_unknown_payout(unknown, ada, stripe_server):
    got = tell(stripe_server.message("tr_1"))
    assert (got.status_code, got.json()) == (200, {"received": True, "noted": True})
    assert state(unknown) == ("paid", "")
    assert told()[-1] == ("paid", 500)
    assert send_due(now=NOON + HOUR, wall=timezone.now) == 0
    assert stripe_server.questions == 0


def test_repeated_it_changes_nothing(unknown, ada, stripe_server):
    for _ in range(5):
        assert tell(stripe_server.message("tr_1")).status_code == 200
    assert trail(unknown).count("pay") == 1
    assert [name for name, _ in told()].count("paid") == 1
    assert wallet(ada) == (0, 9_500, 0, 0)


def test_what_was_taken_back_before_we_knew_has_failed(unknown, ada, stripe_server):
    """The later message comes first."""
    reversed_ = stripe_server.message("tr_1", "transfer.reversed", reversed=True)
    assert tell(reversed_).status_code == 200
    assert state(unknown) == ("failed", "")
    assert wallet(ada) == (0, 10_000, 0, 0)
    assert tell(reversed_).status_code == 200
    assert state(unknown) == ("failed", "")


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        (False, True, ("paid", "reversed_after_paid")),
        (True, False, ("failed", "paid_after_failed")),
    ],
)
def test_what_is_over_stays_so_and_a_person_is_told_once(
    unknown, boss, stripe_server, first, then, expected
):
    for is_reversed in (first, then, then, first, then):
        kind = "transfer.reversed" if is_reversed else "transfer.created"
        got = tell(stripe_server.message("tr_1", kind, reversed=is_reversed))
        assert got.status_code == 200
    assert state(unknown) == expected
    assert trail(unknown).count("contradict") == 1
    assert boss.get(f"{PAYOUTS}/{unknown}")["contradiction"] == expected[1]
    assert len([name for name, _ in told() if name != "requested"]) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"transfer_group": "pay_" + "0" * 32},
        {"transfer_group": "order_77"},
        {"transfer_group": None},
        {"amount": 501},
        {"currency": "usd"},
    ],
)
def test_a_transfer_that_is_not_what_we_asked_for_changes_nothing(unknown, stripe_server, changes):
    got = tell(stripe_server.message("tr_1", **changes))
    assert (got.status_code, got.json()["noted"]) == (200, False)
    assert state(unknown) == ("submitted", "")


@pytest.mark.parametrize(
    "raw", [b"{}", b"[]", b"", b"nothing", b'{"type": "transfer.created"}', b'{"type": 5}',
            b'{"type": "charge.refunded", "data": {"object": {"id": "ch_1"}}}',
            b'{"type": "transfer.created", "data": {"object": {"id": 5}}}']
)  # fmt: skip
def test_whatever_else_is_signed_is_taken_and_forgotten(unknown, raw):
    got = tell(raw)
    assert (got.status_code, got.json()["noted"]) == (200, False)
    assert state(unknown) == ("submitted", "")


def test_nobody_else_is_believed(unknown, stripe_server):
    raw = stripe_server.message("tr_1")
    good = signature(raw)
    stamp, _, mac = good.partition(",v1=")
    forged = [
        "", "x", "t=,v1=", f"{stamp},v1=", f"{stamp},v0={mac}",
        signature(raw, secret="whsec_of_others"),
        signature(raw, at=time.time() - 301),
        f"t={int(time.time()) + 1},v1={mac}",
        f"{stamp},v1={mac[:-1]}{'0' if mac[-1] != '0' else '1'}",
        f"{stamp},v1={mac}é".encode().decode("latin-1"),
    ]  # fmt: skip
    for signed in forged:
        got = tell(raw, signed)
        assert (got.status_code, got.json()["code"]) == (400, "malformed_request"), signed
    for place in range(0, len(raw), 12):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        assert tell(changed, good).status_code == 400
    assert state(unknown) == ("submitted", "")
    assert tell(raw, good).status_code == 200


def test_it_is_a_post_of_a_bounded_size_and_only_where_it_is_set_up(
    unknown, stripe_server, settings
):
    assert Client().get("/hooks/stripe").status_code == 405
    large = b'{"type": "' + b"x" * 256 * 1024 + b'"}'
    assert tell(large).status_code == 413
    settings.STRIPE_WEBHOOK_SECRET = ""
    assert tell(stripe_server.message("tr_1")).status_code == 404
