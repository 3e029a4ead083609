"""Cashback that staff give or take on their pages: with a reason, by the act of the API, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cashback.models import Adjustment, Wallet
from journal.models import AuditEntry
from tests.cashback.admin.text import read, text_of
from tests.cashback.money import customer, give, wallet
from tests.promotions.admin.pages import open_page, send

ADD = reverse("admin:cashback_adjustment_add")
GIVEN = {"customer_id": "ada", "currency": "EUR", "amount": "12,50", "reason": "For the delay"}


def test_cashback_is_given_with_a_reason_that_the_statement_tells(staff: Client, anna: User):
    key = customer("ada")
    page = open_page(staff, f"{ADD}?customer_id=ada&currency=EUR")
    assert (page.form["customer_id"], page.form["currency"]) == (["ada"], ["EUR"])
    answer = send(staff, ADD, page.form, **GIVEN)
    assert answer.headers["Location"] == reverse(
        "admin:cashback_wallet_change", args=[Wallet.objects.get().pk]
    )
    assert wallet(key) == (0, 1_250, 0, 0)
    made = Adjustment.objects.get()
    assert (made.amount, made.reason, made.actor) == (1_250, "For the delay", f"staff:{anna.pk}")
    assert AuditEntry.objects.filter(action="adjust_cashback").count() == 1
    assert "For the delay" in read(staff, answer.headers["Location"])
    said = read(staff, reverse("admin:cashback_adjustment_changelist"))
    assert "For the delay" in said
    assert "anna" in read(staff, reverse("admin:cashback_adjustment_change", args=[made.pk]))


def test_a_form_that_is_sent_twice_is_done_once(db: None, staff: Client):
    key = customer("ada")
    page = open_page(staff, ADD)
    for _ in range(2):
        assert send(staff, ADD, page.form, **GIVEN).status_code == 302
    assert wallet(key) == (0, 1_250, 0, 0)
    changed = send(staff, ADD, page.form, **(GIVEN | {"amount": "99"}))
    assert "This form was sent already" in text_of(changed)
    assert wallet(key) == (0, 1_250, 0, 0)
    # Another form is another adjustment.
    send(staff, ADD, open_page(staff, ADD).form, **GIVEN)
    assert wallet(key) == (0, 2_500, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_form_that_is_sent_eight_times_at_once_is_done_once():
    key = customer("ada")
    anna = User.objects.create_superuser("anna")

    def browser() -> Client:
        client = Client()
        client.force_login(anna)
        return client

    page = open_page(browser(), ADD)
    browsers = [browser() for _ in range(8)]

    def sent(client: Client) -> int:
        try:
            return send(client, ADD, page.form, **GIVEN).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(sent, browsers)) == {302}
    assert wallet(key) == (0, 1_250, 0, 0)
    assert Adjustment.objects.count() == 1


def test_what_is_taken_comes_from_what_is_available(db: None, staff: Client):
    key = customer("ada")
    give(key, 1_000, now=timezone.now())
    page = open_page(staff, ADD)
    send(staff, ADD, page.form, **(GIVEN | {"direction": "take", "amount": "4"}))
    assert wallet(key) == (0, 600, 0, 0)


def test_what_is_refused_keeps_all_that_was_typed(db: None, staff: Client):
    key = customer("ada")
    give(key, 333, now=timezone.now())
    page = open_page(staff, ADD)
    typed = GIVEN | {"direction": "take", "amount": "7"}
    refused = send(staff, ADD, page.form, **typed)
    assert refused.status_code == 200
    form = refused.context["adminform"].form
    assert form.errors == {"amount": ["There are only 3.33\N{NO-BREAK SPACE}€."]}
    assert {name: form[name].value() for name in typed} == typed
    assert form["adjustment_id"].value() == page.form["adjustment_id"][0]
    assert wallet(key) == (0, 333, 0, 0)
    assert send(staff, ADD, page.form, **(typed | {"amount": "3"})).status_code == 302
    assert wallet(key) == (0, 33, 0, 0)


def test_what_is_given_lasts_as_long_as_was_said(db: None, staff: Client):
    customer("ada")
    day = timezone.localdate() + timedelta(days=10)
    page = open_page(staff, ADD)
    send(staff, ADD, page.form, **(GIVEN | {"expires_at_0": day.isoformat()}))
    (lot,) = Wallet.objects.get().lots.all()
    assert timezone.localtime(lot.expires_at).date() == day


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"customer_id": "eve"}, "There is no customer with this id."),
        ({"amount": "0"}, "An amount above zero."),
        ({"amount": "-5"}, "This is no amount of money."),
        ({"amount": "1.2345"}, "EUR has fewer decimals."),
        ({"reason": " "}, "This field is required."),
        ({"currency": ""}, "This field is required."),
        ({"direction": "take", "expires_at_0": "2030-01-01"}, "What is taken does not expire."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    db: None, staff: Client, changes: dict[str, str], says: str
):
    customer("ada")
    page = open_page(staff, ADD)
    answer = send(staff, ADD, page.form, **(GIVEN | changes))
    assert answer.status_code == 200
    assert says in text_of(answer)
    assert not Adjustment.objects.exists()
    assert not Wallet.objects.exists()


def test_it_needs_the_right_to_add(looker: Client, stranger: Client, staff: Client):
    customer("ada")
    form = open_page(staff, ADD).form
    for client in (looker, stranger):
        assert client.get(ADD).status_code == 403
        assert client.post(ADD, form | GIVEN).status_code == 403
    user = User.objects.get(username="sam")
    user.user_permissions.add(Permission.objects.get(codename="add_adjustment"))
    assert stranger.post(ADD, form | GIVEN).headers["Location"] == ADD
    assert Adjustment.objects.count() == 1


def test_a_list_takes_as_many_statements_for_many(
    db: None, staff: Client, django_assert_max_num_queries: Any
):
    for number in range(30):
        give(customer(f"c{number}"), 100, now=timezone.now())
    url = reverse("admin:cashback_adjustment_changelist")
    staff.get(url)
    with django_assert_max_num_queries(6):
        staff.get(url)
