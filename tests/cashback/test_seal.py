"""What is sealed cannot be changed without being found, even where every sum stays right."""

import threading
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, transaction

from cashback.actions import seal as sealing
from cashback.actions.seal import publish_head
from cashback.actions.seal import seal as seal_now
from cashback.models import Lot, Posting, Seal, Wallet
from cashback.queries.seal_keys import seal_keys
from cashback.queries.seals import last_seal, unsealed
from cashback.queries.verify import breaches
from cashback.queries.verify_seal import AS_SEALED, AS_TOLD, ONE_CHAIN, seal_breaches
from tests.api import DAY, HOUR, NOON
from tests.cashback.money import customer, give
from tests.cashback.settled import until_settled
from tests.cashback.tampering import tamper

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.tampers]


def seal(**asked: Any) -> int:
    """Once no other database of the server stands in the way."""
    until_settled()
    return seal_now(**asked)


#: Of Ada's order that has earned and is still pending: all that knows its amount.
_TOGETHER = (
    (
        "UPDATE cashback_transfer SET amount = amount + {0}, credit_after = credit_after + {0}"
        " WHERE posting_id = {{pending}}"
    ),
    (
        "UPDATE cashback_lot SET amount = amount + {0}, remaining = remaining + {0}"
        " WHERE posting_id = {{pending}}"
    ),
    (
        "UPDATE cashback_lotshare SET amount = amount + {0}"
        " WHERE lot_id IN (SELECT id FROM cashback_lot WHERE posting_id = {{pending}})"
    ),
    "UPDATE cashback_wallet SET pending = pending + {0} WHERE customer_id = {{ada}}",
)
TAMPERED = {
    "an amount with its lot and wallet": [one.format(1) for one in _TOGETHER],
    "a posting deleted with all that it made": [
        ("UPDATE cashback_wallet SET pending = pending - (SELECT amount FROM cashback_lot"
         " WHERE posting_id = {pending}) WHERE customer_id = {ada}"),
        ("DELETE FROM cashback_lotshare WHERE lot_id IN (SELECT id FROM cashback_lot"
         " WHERE posting_id = {pending})"),
        "DELETE FROM cashback_transfer WHERE posting_id = {pending}",
        "DELETE FROM cashback_lot WHERE posting_id = {pending}",
        "DELETE FROM cashback_posting WHERE id = {pending}",
    ],
    "a posting put in, as if it had been there": [
        ("INSERT INTO cashback_posting (wallet_id, kind, source_kind, source_ref, sequence, order_id,"
         " at, posted_at, actor, xid) SELECT wallet_id, kind, source_kind, source_ref || 'x', sequence,"
         " order_id, at, posted_at, actor, xid FROM cashback_posting WHERE id = {pending}"),
    ],
    "two customers swapped": [
        "UPDATE cashback_wallet SET customer_id = {carol} WHERE customer_id = {ada}",
        "UPDATE cashback_wallet SET customer_id = {ada} WHERE customer_id = {bob}",
        "UPDATE cashback_wallet SET customer_id = {bob} WHERE customer_id = {carol}",
    ],
    "the day of a posting": [
        "UPDATE cashback_posting SET at = at - interval '1 day' WHERE id = {pending}"
    ],
    "when it was booked": [
        "UPDATE cashback_posting SET posted_at = posted_at - interval '1 s' WHERE id = {pending}"
    ],
    "who did it": ["UPDATE cashback_posting SET actor = 'staff:9' WHERE id = {given}"],
    "what it happened to": [
        "UPDATE cashback_posting SET source_ref = source_ref || '9' WHERE id = {pending}"
    ],
    "the how manieth time": [
        "UPDATE cashback_posting SET sequence = sequence + 1 WHERE id = {pending}"
    ],
    "its order": ["UPDATE cashback_posting SET order_id = order_id + 1 WHERE id = {pending}"],
    "its transaction": ["UPDATE cashback_posting SET xid = xid - 1 WHERE id = {pending}"],
    "the key of a transfer": [
        "UPDATE cashback_transfer SET id = id + 100000 WHERE posting_id = {pending}"
    ],
    "what a statement says": [
        "UPDATE cashback_transfer SET credit_after = credit_after + 1 WHERE posting_id = {pending}"
    ],
    "the lot of a transfer": [
        "UPDATE cashback_transfer SET lot_id = NULL WHERE posting_id = {matured}"
    ],
    "when a lot expires": [
        "UPDATE cashback_lot SET expires_at = expires_at + interval '90 days' WHERE id = {available}"
    ],
    "since when a lot is available": [
        "UPDATE cashback_lot SET available_at = available_at - interval '1 day' WHERE id = {available}"
    ],
    "when given credit expires": [
        ("UPDATE cashback_lot SET expires_at = expires_at + interval '90 days'"
         " WHERE posting_id = {given}"),
    ],
    "the rule of a lot": [
        ("UPDATE cashback_lot SET rule_id = (SELECT id FROM cashback_rule WHERE reference = 'half')"
         " WHERE posting_id = {pending}"),
    ],
    "what becomes of it when it is taken back": [
        "UPDATE cashback_lot SET clawback = 'offset_refund' WHERE posting_id = {pending}"
    ],
    "what a rule said": [
        "UPDATE cashback_lot SET terms = '{{\"percent\": 1}}' WHERE posting_id = {pending}"
    ],
    "the line that earned": [
        ("UPDATE cashback_lotshare SET line_id = '2' WHERE lot_id = (SELECT id FROM cashback_lot"
         " WHERE posting_id = {pending})"),
    ],
    "what a hold is for": [
        "UPDATE cashback_hold SET reference = gen_random_uuid() WHERE posting_id = {held}"
    ],
    "the purpose of a hold": [
        "UPDATE cashback_hold SET purpose = 'payout' WHERE posting_id = {held}"
    ],
    "who pays": [
        ("UPDATE cashback_transfer SET debit_account_id = (SELECT id FROM cashback_account"
         " WHERE kind = 'partner') WHERE posting_id = {pending}"),
    ],
}  # fmt: skip

#: Of these no sum knows anything.
UNSEEN = [
    "an amount with its lot and wallet", "a posting deleted with all that it made",
    "a posting put in, as if it had been there", "two customers swapped", "the day of a posting",
    "who did it", "when a lot expires",
]  # fmt: skip


@pytest.fixture
def places(lived):
    """Keys of what is tampered with; everything is sealed."""
    ada = Wallet.objects.get(customer_id=lived)
    available = Lot.objects.filter(
        wallet=ada, account__kind="available", order__isnull=False, origin=None
    ).earliest("id")
    seal(now=NOON)
    assert [*breaches(every_row=True), *seal_breaches()] == []

    def posting(kind: str, **more: object) -> int:
        return Posting.objects.filter(wallet=ada, kind=kind, **more).latest("id").pk

    return {
        "ada": lived,
        "bob": customer("bob"),
        "carol": customer("carol"),
        "pending": posting("earn"),
        "given": posting("adjust"),
        "matured": posting("mature"),
        "held": posting("hold"),
        "available": available.pk,
    }


def test_twenty_tamperings_are_found_and_named_also_where_every_sum_stays_right(places):
    missed, unseen = {}, []
    for name, statements in TAMPERED.items():
        with transaction.atomic():
            tamper(*[statement.format(**places) for statement in statements])
            found = [breach for breach in seal_breaches() if breach.check == AS_SEALED]
            if not found or not found[0].row.startswith("posting "):
                missed[name] = found
            if not list(breaches()):
                unseen.append(name)
            transaction.set_rollback(True)
    assert missed == {}
    assert list(seal_breaches()) == []
    assert len(TAMPERED) >= 20
    assert set(UNSEEN) <= set(unseen)


def test_the_posting_that_was_changed_is_named_with_its_customer(places):
    tamper("UPDATE cashback_posting SET actor = 'staff:9' WHERE id = {given}".format(**places))
    [breach] = seal_breaches()
    assert breach.row.startswith(f"posting {places['given']} (adjust of adjustment ")
    assert breach.row.endswith(f", customer {places['ada']})")
    with pytest.raises(SystemExit):
        call_command("verify_ledger", stdout=(out := StringIO()))
    assert breach.row in out.getvalue()


def test_what_is_not_sealed_yet_is_told_and_is_no_breach(lived):
    seal(now=NOON)
    give(lived, 10, now=NOON + HOUR)
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert "1 postings since 2026-03-10 13:00 are not sealed yet" in out.getvalue()
    assert seal(now=NOON + HOUR) == 1
    assert unsealed() == (0, None)
    assert list(seal_breaches()) == []


def test_a_posting_is_sealed_only_when_all_older_transactions_are_over():
    """Else one that was begun before, and ends after, would never be sealed."""
    ada, bob = customer(), customer("bob")
    for key in (ada, bob):
        give(key, 5, now=NOON)
    assert seal(now=NOON) == 2
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            give(ada, 10, now=NOON)
            begun.set()
            go_on.wait(30)
        connection.close()

    slow = threading.Thread(target=slowly)
    slow.start()
    begun.wait(30)
    give(bob, 20, now=NOON)
    assert seal_now(now=NOON) == 0
    assert unsealed().postings == 1
    go_on.set()
    slow.join()
    assert seal(now=NOON) == 2
    assert list(seal_breaches()) == []


def test_of_two_runs_at_once_one_seals():
    give(customer(), 10, now=NOON)
    sealed: list[int] = []

    def run() -> None:
        sealed.append(seal(now=NOON))
        connection.close()

    runs = [threading.Thread(target=run) for _ in range(4)]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    assert sorted(sealed) == [0, 0, 0, 1]
    assert Seal.objects.count() == 1


def test_a_run_over_many_postings_makes_several_blocks(lived):
    assert seal(now=NOON, batch=3) == Posting.objects.count()
    assert Seal.objects.count() > 3
    assert list(seal_breaches()) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cashback_seal SET digests[1] = sha256('') WHERE number = 2",
        "UPDATE cashback_seal SET sealed_at = sealed_at + interval '1 s' WHERE number = 2",
        "UPDATE cashback_seal SET horizon = horizon + 1 WHERE number = 2",
        "UPDATE cashback_seal SET hash = sha256('') WHERE number = 2",
        "DELETE FROM cashback_seal WHERE number = 2",
    ],
)
def test_a_seal_that_was_tampered_with_is_named(lived, statement):
    seal(now=NOON, batch=3)
    tamper(statement)
    named = {breach.row.split(" (")[0] for breach in seal_breaches() if breach.check == ONE_CHAIN}
    assert named & {"seal 2", "seal 3"}


def test_a_chain_that_was_made_anew_is_not_the_one_that_was_published(lived):
    seal(now=NOON)
    head = publish_head(now=NOON)
    assert head is not None
    call_command("verify_ledger", "--head", str(head), stdout=StringIO())
    tamper(
        "UPDATE cashback_posting SET actor = 'staff:9' WHERE kind = 'adjust'",
        "DELETE FROM cashback_seal",
    )
    seal(now=NOON + DAY)
    [breach] = seal_breaches()
    assert (breach.check, breach.row, breach.counted) == (AS_TOLD, "seal 1", head.hash.hex())
    tamper("DELETE FROM journal_auditentry WHERE subject_kind = 'ledger'", also="journal_audit%")
    assert list(seal_breaches()) == []
    with pytest.raises(SystemExit):
        call_command("verify_ledger", "--head", str(head), stdout=StringIO())


def test_the_head_is_published_once_a_day_where_something_was_sealed(caplog):
    assert publish_head(now=NOON) is None
    for day in range(2):
        give(customer(), 10, now=NOON + day * DAY)
        seal(now=NOON + day * DAY)
        head = publish_head(now=NOON + day * DAY)
        assert head == last_seal().head
        assert str(head) in caplog.text
        give(customer(), 10, now=NOON + day * DAY + HOUR)
        seal(now=NOON + day * DAY + HOUR)
        assert publish_head(now=NOON + day * DAY + HOUR) is None
    call_command("ledger_head", stdout=(out := StringIO()), stderr=StringIO())
    assert out.getvalue().strip() == str(last_seal().head)


def test_keys_can_be_changed_as_long_as_the_former_ones_are_kept(settings):
    former, present = "2026a:" + "a" * 32, "2026b:" + "b" * 32
    ada = customer()
    for day, keys in enumerate(([], [former], [present, former])):
        settings.LEDGER_KEYS = keys
        give(ada, 10, now=NOON + day * DAY)
        seal(now=NOON + day * DAY)
    assert list(seal_breaches()) == []
    used = list(Seal.objects.order_by("number").values_list("key_id", flat=True))
    assert used == ["secret-key", "2026a", "2026b"]
    settings.LEDGER_KEYS = [present, "2026a:" + "c" * 32]
    assert [breach.row.split(" (")[0] for breach in seal_breaches()] == ["seal 2"]
    settings.LEDGER_KEYS = [present]
    assert [breach.counted for breach in seal_breaches()] == ["no such key"]


@pytest.mark.parametrize(
    "entry", ["", "2026a", "2026a:short", ":" + "a" * 40, "n" * 33 + ":" + "a" * 40]
)
def test_a_key_that_is_none_is_refused(settings, entry):
    settings.LEDGER_KEYS = [entry]
    with pytest.raises(ImproperlyConfigured):
        seal_keys()


def test_after_a_restore_into_another_cluster_the_older_rows_are_closed(lived):
    """Numbers of transactions begin anew there: those of old rows may be far ahead, or come again."""
    before = Posting.objects.order_by("id").values_list("id", flat=True)[:3]
    elsewhere = sealing._Chain(None, cluster=1, key=seal_keys()[0], now=NOON)
    with transaction.atomic():
        assert elsewhere.add(list(before), horizon=10**15, floor=0, batch=10)
    assert list(seal_breaches()) == []
    rest = Posting.objects.count() - 3
    assert unsealed().postings == rest
    assert seal(now=NOON) == rest
    assert unsealed().postings == 0
    give(lived, 10, now=NOON + HOUR)
    assert unsealed().postings == 1
    assert seal(now=NOON + HOUR) == 1
    assert list(seal_breaches()) == []
