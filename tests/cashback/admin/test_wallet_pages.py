"""Wallets on the staff's pages: found by customer, told as they stand; nothing of the ledger is edited."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import NoReverseMatch, reverse

from cashback.models import (
    Account,
    AccountTotal,
    Adjustment,
    Allocation,
    Hold,
    HoldOutcome,
    Lot,
    LotShare,
    Posting,
    RollUp,
    RuleStamp,
    Transfer,
    Wallet,
)  # fmt: skip
from tests.api import DAY, NOON
from tests.cashback.admin.text import read, text_of
from tests.cashback.money import buy, customer, give, hold, kept_rule, pay_with
from tests.privacy.life import table_dump

pytestmark = pytest.mark.django_db

LIST = reverse("admin:cashback_wallet_changelist")
LEDGER = (
    Account, AccountTotal, Allocation, Hold, HoldOutcome, Lot, LotShare, Posting, RollUp, RuleStamp,
    Transfer,
)  # fmt: skip


def page_of(key: int) -> str:
    wallet = Wallet.objects.get(customer_id=key)
    return reverse("admin:cashback_wallet_change", args=[wallet.pk])


def test_wallets_are_found_by_customer_with_their_balances(staff: Client, ada: int):
    give(customer("eve"), 250, now=NOON)
    said = read(staff, LIST)
    assert "€100.00" in said or "100.00 €" in said
    found = read(staff, f"{LIST}?q=eve")
    assert "2.50" in found
    assert "100.00" not in found
    assert "ada" in read(staff, f"{LIST}?customer__id__exact={ada}")


def test_balances_are_told_as_they_stand_whether_or_not_a_job_has_run(staff: Client):
    key = customer("ada")
    buy(key, kept_rule(pending_days=14), paid_at=NOON, delivered_at=NOON)
    assert Wallet.objects.get().pending == 20
    said = read(staff, LIST)
    assert Wallet.objects.get().pending == 20
    assert re.search(r"ada EUR \S*0.00 \S+ \S*0.20", said), said


def test_a_list_of_wallets_takes_as_many_statements_for_many(
    staff: Client, django_assert_max_num_queries: Any
):
    for number in range(30):
        give(customer(f"c{number}"), 100, now=NOON)
    staff.get(LIST)
    with django_assert_max_num_queries(6):
        staff.get(LIST)


def test_the_page_has_the_statement_with_reason_order_rule_and_running_balance(staff: Client):
    key = customer("ada")
    rule = kept_rule("club")
    bought = buy(key, rule, paid_at=NOON, delivered_at=NOON)
    give(key, 500, now=NOON + DAY)
    spent = pay_with(key, 200, now=NOON + DAY)
    hold(key, 100, now=NOON + DAY, expires_at=NOON + 10_000 * DAY)

    said = read(staff, page_of(key))
    for words in (
        f"earned {bought.order_id} · club", "by staff sorry", f"spent on an order {spent.reference}",
        "a checkout rsv_", "What is left of what came in",
    ):  # fmt: skip
        assert words in said, (words, said)
    german = read(staff, page_of(key), "de")
    assert "Auszug" in german
    assert "verdient" in german


def test_the_statement_is_turned_by_pages(staff: Client, ada: int):
    for number in range(60):
        give(ada, 1, now=NOON + number * DAY / 1000)
    first = staff.get(page_of(ada))
    (older,) = re.findall(r'href="(\?after=[0-9]+-[0-9]+)"', first.content.decode())
    second = staff.get(page_of(ada) + older)
    rows = [page.content.decode().count("by staff") for page in (first, second)]
    # Each page names the kind once more, where the first money came from.
    assert first.content.decode().count("<tr><td>") > 50
    assert "Older" not in text_of(second)
    assert "The newest" in text_of(second)
    assert rows[0] > rows[1]
    assert staff.get(page_of(ada) + "?after=x").status_code == 200
    assert staff.get(page_of(ada) + f"?after={'9' * 18}-{'9' * 18}").status_code == 200


def test_nothing_of_the_ledger_can_be_edited(staff: Client, ada: int):
    tables = [model._meta.db_table for model in (*LEDGER, Wallet)]
    before = [table_dump(table) for table in tables]
    key = Wallet.objects.get().pk
    for name, arguments in (("add", []), ("change", [key]), ("delete", [key])):
        url = reverse(f"admin:cashback_wallet_{name}", args=arguments)
        assert staff.post(url, {"available": "1", "post": "yes"}).status_code in {403, 405}, name
    sent = {"action": "delete_selected", "_selected_action": [key], "post": "yes"}
    staff.post(LIST, sent)
    assert [table_dump(table) for table in tables] == before
    for model in LEDGER:
        assert model not in admin.site._registry
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:cashback_{model._meta.model_name}_changelist")
        address = f"/admin/cashback/{model._meta.model_name}"
        for rest in ("", "add/", "1/change/", "1/delete/"):
            assert staff.post(f"{address}/{rest}", {}).status_code in {403, 404, 405}


def test_what_was_adjusted_settled_or_paid_out_is_not_edited_either(staff: Client, ada: int):
    made = Adjustment.objects.get()
    for model, key in (("adjustment", made.pk), ("settlement", 1), ("payout", made.adjustment_id),
                       ("sepafile", made.adjustment_id)):  # fmt: skip
        for name in ("change", "delete"):
            url = reverse(f"admin:cashback_{model}_{name}", args=[key])
            assert staff.post(url, {"post": "yes", "amount": "1"}).status_code in {302, 403, 405}
    assert Adjustment.objects.get().amount == made.amount
    for model in ("payout", "sepafile"):
        assert staff.post(reverse(f"admin:cashback_{model}_add"), {}).status_code == 403


def test_the_customers_page_leads_to_their_wallets(staff: Client, ada: int):
    page = staff.get(reverse("admin:customers_customer_change", args=[ada])).content.decode()
    address = f"/admin/customers/customer/{ada}/wallets/"
    assert address in page
    assert staff.get(address).headers["Location"] == f"{LIST}?customer__id__exact={ada}"


def test_who_has_nothing_to_do_with_finance_sees_none_of_it(
    stranger: Client, looker: Client, ada: int
):
    user = User.objects.get(username="sam")
    user.user_permissions.add(Permission.objects.get(codename="view_customer"))
    page = stranger.get(reverse("admin:customers_customer_change", args=[ada]))
    assert "/wallets/" not in page.content.decode()
    urls = [
        LIST,
        page_of(ada),
        reverse("admin:cashback_liability"),
        reverse("admin:cashback_proof"),
    ]
    for url in urls:
        assert stranger.get(url).status_code == 403, url
        assert looker.get(url).status_code == 200, url
    assert "Give or take cashback" not in read(looker, page_of(ada))
