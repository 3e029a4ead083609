"""Partners on the staff's pages: what they owe by the month, and what they have paid, recorded once."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cashback.models import Partner, Settlement
from journal.queries import history_of
from tests.api import Api
from tests.cashback.admin.text import read, text_of
from tests.cashback.api.shapes import PARTNER
from tests.cashback.money import buy, customer, kept_partner, kept_rule
from tests.promotions.admin.pages import open_page, send

LIST = reverse("admin:cashback_partner_changelist")
ADD = reverse("admin:cashback_partner_add")
SETTLE = reverse("admin:cashback_settlement_add")


def page_of(name: str = "change") -> str:
    return reverse(f"admin:cashback_partner_{name}", args=[Partner.objects.get().pk])


def earn() -> None:
    """The partner owes 0.10 of 0.20 that was earned just now."""
    partner = kept_partner()
    buy(customer(), kept_rule(partner=partner), now=timezone.now())


def test_a_partner_is_made_and_edited_as_by_the_api(api: Api, staff: Client):
    page = open_page(staff, ADD)
    made = send(staff, ADD, page.form, partner_id="acme", name="Acme", share_percent="12,5 %")
    assert made.status_code == 302, text_of(made)
    assert api.get("/cashback/partners/acme")["share_percent"] == "12.5"
    page = open_page(staff, page_of())
    send(staff, page_of(), page.form, share_percent="40")
    assert api.get("/cashback/partners/acme")["share_percent"] == "40"
    assert [entry.action for entry in history_of(subject_kind="cashback_partner", subject_id="acme")] == [
        "cashback_partner.created", "cashback_partner.changed",
    ]  # fmt: skip
    stale = send(staff, page_of(), page.form, share_percent="50")
    assert "It has been changed meanwhile." in text_of(stale)
    wrong = send(staff, page_of(), open_page(staff, page_of()).form, share_percent="0")
    assert "A percentage is above 0" in text_of(wrong)
    assert api.get("/cashback/partners/acme")["share_percent"] == "40"


def test_the_list_and_the_month_tell_what_is_owed(db: None, staff: Client):
    earn()
    assert "0.10" in read(staff, LIST)
    said = read(staff, page_of("account"))
    assert "Owed now" in said
    assert "0.10" in said
    assert "earned" in said
    last_year = read(staff, page_of("account") + "?month=2025-01")
    assert "Nothing happened in this month." in last_year
    assert "Januar 2025" in read(staff, page_of("account") + "?month=2025-01", "de")
    got = staff.get(page_of("csv"))
    assert b"".join(got.streaming_content).count(b"\n") == 2
    for odd in ("2025-13", "0000-01", "x", "2999-01"):
        assert staff.get(page_of("account") + f"?month={odd}&after=x").status_code == 200


def test_a_payment_is_recorded_and_less_is_owed(db: None, staff: Client):
    earn()
    page = open_page(staff, f"{SETTLE}?partner_id=acme")
    assert page.form["partner_id"] == ["acme"]
    typed = {"amount": "0,04", "currency": "eur", "reference": "INV-1"}
    answer = send(staff, SETTLE, page.form, **typed)
    assert answer.headers["Location"] == page_of("account")
    settled = Settlement.objects.get()
    assert (settled.amount, settled.currency, settled.reference) == (4, "EUR", "INV-1")
    assert "0.06" in read(staff, page_of("account"))

    # The same form once more: nothing is done twice.
    send(staff, SETTLE, page.form, **typed)
    assert Settlement.objects.count() == 1
    changed = send(staff, SETTLE, page.form, **(typed | {"amount": "1"}))
    assert "This form was sent already" in text_of(changed)
    assert Settlement.objects.count() == 1

    page = open_page(staff, f"{SETTLE}?partner_id=acme")
    send(staff, SETTLE, page.form, **(typed | {"direction": "went_back", "amount": "0.01"}))
    assert [each.amount for each in Settlement.objects.order_by("id")] == [4, -1]
    assert "0.07" in read(staff, page_of("account"))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"amount": "0"}, "An amount above zero."),
        ({"amount": ""}, "This field is required."),
        ({"amount": "x"}, "This is no amount of money."),
        ({"reference": " "}, "This field is required."),
        ({"partner_id": "eve"}, "Select a valid choice."),
        ({"currency": "EURO"}, "Enter a valid value."),
    ],
)
def test_what_is_wrong_with_a_payment_is_said_and_nothing_is_written(
    db: None, staff: Client, changes: dict[str, str], says: str
):
    kept_partner()
    page = open_page(staff, f"{SETTLE}?partner_id=acme")
    sound = {"amount": "5", "currency": "EUR", "reference": "INV-1"}
    assert says in text_of(send(staff, SETTLE, page.form, **(sound | changes)))
    assert not Settlement.objects.exists()


def test_a_list_of_partners_takes_as_many_statements_for_many(
    api: Api, staff: Client, django_assert_max_num_queries: Any
):
    for number in range(20):
        api.put(f"/cashback/partners/p{number}", PARTNER)
    staff.get(LIST)
    with django_assert_max_num_queries(7):
        staff.get(LIST)


def test_whoever_may_only_look_writes_nothing(api: Api, looker: Client, stranger: Client):
    api.put("/cashback/partners/acme", PARTNER)
    assert "50 %" in read(looker, page_of())
    assert looker.post(page_of(), {"name": "x"}).status_code == 403
    assert looker.get(ADD).status_code == 403
    assert looker.get(SETTLE).status_code == 403
    assert "Record a payment" not in read(looker, page_of("account"))
    for url in (LIST, page_of(), page_of("account"), page_of("csv"), SETTLE):
        assert stranger.get(url).status_code == 403
