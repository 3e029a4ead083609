"""The proof finds what is wrong, the statement adds up, and totals are the sums of the transfers."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from cashback.actions import due
from cashback.actions.totals import roll_up
from cashback.models import AccountTotal, Posting, RollUp, Transfer
from cashback.queries.balances import balances
from cashback.queries.liability import liability
from cashback.queries.screens import sums_agree
from cashback.queries.statement import entries
from cashback.queries.totals import shop_totals
from cashback.queries.verify import CHECKS, Breach, breaches
from tests.api import DAY, HOUR, NOON
from tests.cashback.money import (
    buy,
    customer,
    give,
    kept_partner,
    kept_rule,
    pay_with,
    wallet,
)
from tests.cashback.settled import until_settled
from tests.cashback.tampering import tamper

pytestmark = pytest.mark.django_db


def test_a_statement_adds_up_and_its_pages_fit_together(lived):
    whole = entries(customer_key=lived, currency="EUR", limit=1000)
    standing = {"pending": 0, "available": 0, "held": 0, "debt": 0}
    for entry in reversed(whole):
        standing[entry.account] += entry.amount
        assert standing[entry.account] == entry.balance_after >= 0
    assert tuple(standing.values()) == wallet(lived)
    pages, after = [], None
    while page := entries(customer_key=lived, currency="EUR", after=after, limit=3):
        pages += page
        after = page[-1].posting_key, page[-1].place
    assert pages == whole


def test_a_statement_says_why(lived):
    whole = entries(customer_key=lived, currency="EUR", limit=1000)
    earned, *_ = [entry for entry in whole if entry.kind == "earn"]
    assert (earned.rule_id, earned.account, earned.amount) == (f"later-{lived}", "pending", 100)
    [given] = [entry for entry in whole if entry.kind == "adjust"]
    assert (given.reason, given.amount, given.expires_at) == ("sorry", 70, NOON + DAY)
    assert all(entry.order_id for entry in whole if entry.kind in ("earn", "spend", "restore"))


@pytest.mark.parametrize("at", [NOON, NOON + DAY, NOON + 14 * DAY, NOON + 900 * DAY])
def test_what_is_told_of_an_instant_is_what_will_be_booked_by_then(lived, at):
    keys = [lived, customer("bob")]
    told = {key: balances(customer_key=key, at=at)[0] for key in keys}
    [owed] = liability(at=at)
    for name in ("pending", "held", "debt"):
        assert getattr(owed, name) == sum(getattr(one, name) for one in told.values())
    assert owed.outstanding == sum(one.available for one in told.values())
    assert sum(row.amount for row in owed.expiring) == owed.outstanding
    due.book_due(now=at)
    for key in keys:
        one = told[key]
        assert (one.pending, one.available, one.held, one.debt) == wallet(key)
        assert balances(customer_key=key, at=at) == [one]
        assert sum(row.amount for row in one.expiring) == one.available


TAMPERED = {
    "an amount": "UPDATE cashback_transfer SET amount = amount + 1 WHERE id = {transfer}",
    "a balance": "UPDATE cashback_wallet SET pending = pending + 1 WHERE customer_id = {ada}",
    "a debt": "UPDATE cashback_wallet SET debt = debt + 1, available = 0",
    "what is held": "UPDATE cashback_wallet SET held = held + 1 WHERE customer_id = {ada}",
    "a lot": "UPDATE cashback_lot SET remaining = remaining - 1 WHERE remaining > 0",
    "a lot's amount": "UPDATE cashback_lot SET amount = amount + 1 WHERE order_id IS NOT NULL",
    "a line's share": "UPDATE cashback_lotshare SET amount = amount + 1",
    "what was taken back": "UPDATE cashback_lotshare SET taken_back = taken_back - 1"
    " WHERE taken_back > 0",
    "a hold": "UPDATE cashback_hold SET amount = amount + 1",
    "an allocation": "UPDATE cashback_allocation SET amount = amount - 1",
    "an outcome": "DELETE FROM cashback_holdoutcome",
    "an account": "UPDATE cashback_transfer SET credit_account_id = (SELECT id FROM cashback_account"
    " WHERE kind = 'settled') WHERE id = {transfer}",
    "a transfer": "DELETE FROM cashback_transfer WHERE id = {transfer}",
    "a date": "UPDATE cashback_wallet SET due_at = NULL WHERE due_at IS NOT NULL",
    "a rule": "UPDATE cashback_lot SET rule_id = NULL WHERE rule_id IS NOT NULL",
    "a reason": "DELETE FROM cashback_adjustment",
    "a line of a statement": "UPDATE cashback_transfer SET credit_after = credit_after + 1"
    " WHERE credit_after IS NOT NULL",
}


@pytest.mark.tampers
@pytest.mark.parametrize("statement", TAMPERED.values(), ids=TAMPERED.keys())
def test_what_was_tampered_with_is_found(lived, statement):
    assert list(breaches(every_row=True)) == []
    earned = Transfer.objects.filter(posting__kind="earn").earliest("id").pk
    tamper(statement.format(transfer=earned, ada=lived))
    assert list(breaches(every_row=True)) != []


@pytest.mark.tampers
@pytest.mark.parametrize("statement", TAMPERED.values(), ids=TAMPERED.keys())
def test_sums_that_agree_hide_nothing_that_rows_would_tell(lived, statement):
    earned = Transfer.objects.filter(posting__kind="earn").earliest("id").pk
    tamper(statement.format(transfer=earned, ada=lived))
    told = []
    with connection.cursor() as cursor:
        for check, sql in CHECKS.items():
            cursor.execute(sql)
            told += [Breach(check, *row) for row in cursor.fetchall()]
    assert sorted(breaches()) == sorted(told)


@pytest.mark.tampers
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE cashback_transfer DISABLE TRIGGER cashback_transfer_no_update_or_delete",
        "ALTER TABLE cashback_transfer DISABLE TRIGGER cashback_transfer_in_time",
        "ALTER TABLE cashback_posting DROP CONSTRAINT cashback_posting_once",
        "ALTER TABLE cashback_wallet DROP CONSTRAINT cashback_wallet_not_below_zero",
        "ALTER TABLE cashback_transfer DROP CONSTRAINT cashback_transfer_debit_in_currency",
    ],
)
def test_a_guard_that_is_gone_is_named(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
    [breach] = breaches()
    assert breach.row in statement


@pytest.mark.tampers
@pytest.mark.django_db(transaction=True)
def test_the_command_exits_with_the_rows(capsys):
    give(customer(), 70, now=NOON)
    out = StringIO()
    call_command("verify_ledger", "--every-row", stdout=out)
    assert "rules of the ledger hold" in out.getvalue()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cashback_wallet SET available = 71")
    with pytest.raises(SystemExit) as ended:
        call_command("verify_ledger", stdout=out)
    assert ended.value.code == 1
    assert "71; counted 70" in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_added_to_a_posting_whose_transaction_is_over():
    give(customer(), 70, now=NOON)
    posting, transfer = Posting.objects.get(), Transfer.objects.get()
    same = {
        "posting": posting, "debit_account": transfer.debit_account, "currency": "EUR",
        "credit_account": transfer.credit_account, "amount": 1,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="not one of this transaction"):
        Transfer.objects.create(**same)


def test_a_transfer_is_in_the_currency_of_its_accounts(lived):
    transfer = Transfer.objects.filter(posting__kind="adjust").earliest("id")
    with pytest.raises(IntegrityError, match="debit_in_currency"), transaction.atomic():
        Transfer.objects.create(
            posting=transfer.posting, debit_account=transfer.debit_account, amount=1,
            credit_account=transfer.credit_account, currency="USD",
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_shops_totals_are_the_same_before_and_after_they_are_rolled_up():
    ada = customer()
    rule = kept_rule("half", percent="50", pending_days=0, partner=kept_partner())
    for number in range(3):
        before = shop_totals()
        until_settled()
        roll_up()
        assert shop_totals() == before
        buy(ada, rule, delivered_at=NOON, now=NOON + number * HOUR)
        pay_with(ada, 100, now=NOON + number * HOUR)
    named = {row.partner_id or row.kind: (row.debits, row.credits) for row in shop_totals()}
    assert named["expense"] == named["acme"] == (750, 0)
    assert named["settled"] == (0, 300)
    assert AccountTotal.objects.get(account__kind="settled").credits == 200


def test_sums_agree_before_anything_is_looked_for_row_by_row(lived):
    """Else the proof would be as right, but slow."""
    assert sums_agree() == dict.fromkeys(
        ("balances", "totals", "lots", "explained", "taken_back", "due"), True
    )


@pytest.mark.tampers
def test_an_amount_beyond_all_measure_is_a_breach_and_no_error(lived):
    tamper("UPDATE cashback_transfer SET amount = 9000000000000000000")
    assert sums_agree() == {}
    assert list(breaches()) != []


@pytest.mark.django_db(transaction=True)
def test_after_a_restore_into_another_cluster_the_totals_are_summed_up_anew():
    """Numbers of transactions begin anew there, and were far ahead of these."""
    ada = customer()
    give(ada, 300, now=NOON)
    roll_up()
    RollUp.objects.update(cluster=1, horizon=10**15)
    AccountTotal.objects.update(debits=F("debits") + 1)
    pay_with(ada, 100, now=NOON)

    def told():
        return {row.kind: (row.debits, row.credits) for row in shop_totals()}

    for _ in range(3):
        assert (told()["expense"], told()["settled"]) == ((300, 0), (0, 100))
        roll_up()
    pay_with(ada, 50, now=NOON + HOUR)
    assert told()["settled"] == (0, 150)
    roll_up()
    assert told()["settled"] == (0, 150)
