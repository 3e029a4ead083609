"""What the shop owes, and whether the books add up, on pages that finance reads."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cashback.actions.adjust import adjust
from cashback.actions.proof import JOB_KIND
from cashback.admin.proof import CHECK_WORDS
from cashback.models import Wallet
from cashback.queries.verify import CHECKS
from common.ids import new_id
from journal.actions import run_next_job
from journal.models import AuditEntry, Job
from tests.cashback.admin.text import read, text_of
from tests.cashback.money import buy, customer, give, hold, kept_rule, pay_with
from tests.cashback.tampering import tamper

LIABILITY = reverse("admin:cashback_liability")
PROOF = reverse("admin:cashback_proof")


def test_a_shop_that_owes_nothing_is_told_so(db: None, staff: Client):
    assert "No customer has any cashback." in read(staff, LIABILITY)


def test_the_liability_is_told_with_its_months_and_ages(db: None, staff: Client):
    now = timezone.now()
    ada, eve = customer("ada"), customer("eve")
    give(ada, 1_000, now=now - timedelta(days=40), expires_at=now + timedelta(days=70))
    give(eve, 500, now=now, expires_at=now + timedelta(days=400))
    buy(eve, kept_rule(), now=now)
    pay_with(ada, 300, now=now)
    hold(ada, 100, now=now, expires_at=now + timedelta(hours=1))
    said = read(staff, LIABILITY)
    for label, amount in (
        ("Outstanding", "11.00"), ("Pending", "0.20"), ("Put aside", "1.00"), ("Used", "3.00"),
        ("Breakage", "0.00"), ("for 0 to 30 days", "5.00"), ("for 31 to 90 days", "6.00"),
    ):  # fmt: skip
        place = said.index(label)
        assert amount in said[place : place + 40], (label, said[place : place + 60])
    page = staff.get(LIABILITY).content.decode()
    # All months between the first and the last have a bar, also those in which nothing expires.
    assert page.count('class="day"') >= 11
    assert "Offen" in read(staff, LIABILITY, "de")


def test_of_several_currencies_one_is_told_at_a_time(db: None, staff: Client):
    now = timezone.now()
    give(customer("ada"), 1_000, now=now)
    adjust(
        adjustment_id=new_id(), customer_key=customer("ada"), currency="JPY", amount=777,
        reason="x", actor="staff:1", now=now,
    )  # fmt: skip
    assert "777" not in read(staff, LIABILITY)
    assert "777" in read(staff, f"{LIABILITY}?currency=JPY")
    assert staff.get(f"{LIABILITY}?currency=XXX").status_code == 200


def look(staff: Client) -> str:
    """Ask, let the worker work, and read what it found."""
    assert staff.post(PROOF).headers["Location"] == PROOF
    assert "The books are being looked at." in read(staff, PROOF)
    while run_next_job(now=timezone.now):
        pass
    return read(staff, PROOF)


@pytest.mark.django_db
def test_books_that_add_up_are_said_to(staff: Client):
    give(customer("ada"), 1_000, now=timezone.now())
    assert "Look at the books" in read(staff, PROOF)
    assert "Everything adds up." in look(staff)
    assert "Alles geht auf." in read(staff, PROOF, "de")
    asked = AuditEntry.objects.get(action="cashback_proof.ordered")
    assert asked.actor.startswith("staff:")


@pytest.mark.django_db
@pytest.mark.tampers
def test_what_does_not_add_up_is_told_row_by_row(staff: Client):
    give(customer("ada"), 1_000, now=timezone.now())
    tamper("UPDATE cashback_wallet SET available = 999")
    said = look(staff)
    wallet = Wallet.objects.get()
    assert "rows do not add up." in said
    assert f"wallet {wallet.pk} available 999 1000" in said
    assert "Everything adds up." not in said


@pytest.mark.django_db
def test_one_look_at_a_time_is_enough(staff: Client):
    for _ in range(3):
        staff.post(PROOF)
    assert Job.objects.filter(kind=JOB_KIND).count() == 1


def test_each_check_has_its_words():
    assert set(CHECKS) <= set(CHECK_WORDS)


def test_who_may_not_look_at_wallets_asks_for_nothing(stranger: Client, looker: Client):
    assert stranger.post(PROOF).status_code == 403
    assert not Job.objects.exists()
    assert looker.get(LIABILITY).status_code == 200
    assert text_of(looker.get(PROOF))


def test_the_sidebar_leads_to_what_somebody_may_look_at(looker: Client, stranger: Client):
    def links(client: Client) -> set[str]:
        groups: Any = client.get("/admin/").context["sidebar_navigation"]
        return {page["link"] for group in groups for page in group["items"]}

    assert {LIABILITY, PROOF, reverse("admin:cashback_payout_changelist")} <= links(looker)
    assert links(stranger) == set()
