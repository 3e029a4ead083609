"""Payouts on the staff's pages: somebody else than who asked decides, files go to the bank, once."""

from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from access.models import ApiKey
from cashback.actions.payout_requests import request_payout
from cashback.domain.payouts import SepaDestination
from cashback.models import Payout, SepaFile
from common.ids import public_id
from journal.models import AuditEntry
from tests.api import DAY, NOON, make_key
from tests.cashback.admin.text import read, text_of
from tests.cashback.money import customer, give, wallet

pytestmark = pytest.mark.django_db

LIST = reverse("admin:cashback_payout_changelist")
FILES = reverse("admin:cashback_sepafile_changelist")
MAKE = "/admin/cashback/sepafile/make/"
IBAN = "DE89370400440532013000"


@pytest.fixture(autouse=True)
def bank(settings: Any) -> None:
    """The shop's own account."""
    settings.SEPA_NAME = "Teeladen"
    settings.SEPA_IBAN = "DE02 1203 0000 0000 2020 51"
    settings.SEPA_BIC = "BYLADEM1001"


def ask(reference: str = "ada", *, amount: int = 500, actor: str = "key:1") -> UUID:
    return request_payout(
        customer_id=reference, currency="EUR", amount=amount, actor=actor, now=NOON,
        destination=SepaDestination(iban=IBAN, name="Ada Lovelace"),
    ).pk  # fmt: skip


def page_of(payout_id: UUID) -> str:
    return reverse("admin:cashback_payout_change", args=[payout_id])


def act(payout_id: UUID, verb: str) -> str:
    return f"/admin/cashback/payout/{payout_id}/{verb}/"


def status_of(payout_id: UUID) -> str:
    return Payout.objects.get(pk=payout_id).status


def trail_of(payout_id: UUID) -> list[str]:
    rows = AuditEntry.objects.filter(subject_id=public_id("pay", payout_id)).order_by("id")
    return [row.action.removeprefix("payout.") for row in rows]


def test_payouts_are_listed_by_state_with_the_iban_masked(staff: Client, ada: int):
    waits, rejected = ask(), ask(amount=700)
    staff.post(act(rejected, "reject"), {"reason": "odd"})
    said = read(staff, LIST)
    assert "waits for approval" in said
    assert "DE****************3000" in said
    assert IBAN not in staff.get(page_of(waits)).content.decode()
    only = staff.get(f"{LIST}?status=rejected").content.decode()
    assert page_of(rejected) in only
    assert page_of(waits) not in only
    found = staff.get(f"{LIST}?q={public_id('pay', waits)}").content.decode()
    assert page_of(waits) in found
    assert page_of(rejected) not in found


def test_somebody_else_approves_and_it_is_told_who(staff: Client, ada: int, anna: User):
    payout_id = ask()
    assert act(payout_id, "approve") in staff.get(page_of(payout_id)).content.decode()
    assert "Approve this payout?" in read(staff, act(payout_id, "approve"))
    assert status_of(payout_id) == "requested"
    assert staff.post(act(payout_id, "approve")).status_code == 302
    assert status_of(payout_id) == "approved"
    assert Payout.objects.get().approved_by == f"staff:{anna.pk}"
    assert trail_of(payout_id) == ["request", "approve"]
    said = read(staff, page_of(payout_id))
    assert "API key no. 1" in said
    assert "anna" in said
    # Sent once more, nothing happens twice.
    staff.post(act(payout_id, "approve"))
    assert trail_of(payout_id) == ["request", "approve"]


def test_who_asked_for_it_decides_nothing(staff: Client, ada: int, anna: User):
    payout_id = ask(actor=f"staff:{anna.pk}")
    page = staff.get(page_of(payout_id))
    assert "You have asked for it: somebody else decides." in text_of(page)
    for verb in ("approve", "reject"):
        assert act(payout_id, verb) not in page.content.decode()
        assert staff.get(act(payout_id, verb)).status_code == 403
        assert staff.post(act(payout_id, verb), {"reason": "x"}).status_code == 403
    assert status_of(payout_id) == "requested"


def test_a_rejection_says_why_and_gives_the_money_back(staff: Client, ada: int):
    payout_id = ask()
    assert wallet(ada) == (0, 9_500, 500, 0)
    blank = staff.post(act(payout_id, "reject"), {"reason": " "})
    assert "This field is required." in text_of(blank)
    assert status_of(payout_id) == "requested"
    staff.post(act(payout_id, "reject"), {"reason": "Looks odd"})
    assert (status_of(payout_id), wallet(ada)) == ("rejected", (0, 10_000, 0, 0))
    assert "Looks odd" in read(staff, page_of(payout_id))


def test_approved_payouts_go_to_the_bank_in_one_file_and_are_told_as_paid(staff: Client, ada: int):
    paid, failed = ask(), ask(amount=700)
    for payout_id in (paid, failed):
        staff.post(act(payout_id, "approve"))
    assert "2 approved payouts of 12.00 € together wait" in read(staff, MAKE).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    made = staff.post(MAKE)
    file = SepaFile.objects.get()
    assert made.headers["Location"] == reverse("admin:cashback_sepafile_change", args=[file.pk])
    assert {status_of(paid), status_of(failed)} == {"submitted"}
    # Sent twice: nothing is left for a second file.
    staff.post(MAKE)
    assert SepaFile.objects.count() == 1

    got = staff.get(f"/admin/cashback/sepafile/{file.pk}/download/")
    assert got.headers["Content-Type"] == "application/xml"
    assert "no-store" in got.headers["Cache-Control"]
    assert IBAN in got.content.decode()
    assert AuditEntry.objects.filter(action="sepa_file.hand_out").count() == 1

    staff.post(act(failed, "failed"), {"reason": "Account closed"})
    staff.post(f"/admin/cashback/sepafile/{file.pk}/paid/")
    assert (status_of(paid), status_of(failed)) == ("paid", "failed")
    assert wallet(ada) == (0, 9_500, 0, 0)
    said = read(staff, reverse("admin:cashback_sepafile_change", args=[file.pk]))
    assert "paid" in said
    assert "failed" in said


def test_one_payout_is_told_as_paid_with_the_banks_reference(staff: Client, ada: int):
    payout_id = ask()
    for verb in ("paid", "failed"):
        early = staff.get(act(payout_id, verb), follow=True)
        assert "This payout waits for approval." in text_of(early)
        assert status_of(payout_id) == "requested"
    staff.post(act(payout_id, "approve"))
    staff.post(MAKE)
    staff.post(act(payout_id, "paid"), {"reference": "STMT-7"})
    assert status_of(payout_id) == "paid"
    assert "STMT-7" in read(staff, page_of(payout_id))
    # What is over stays as it is.
    staff.post(act(payout_id, "failed"), {"reason": "late"})
    assert status_of(payout_id) == "paid"


def test_a_shop_without_an_account_is_told_so(staff: Client, ada: int, settings: Any):
    settings.SEPA_IBAN = ""
    staff.post(act(ask(), "approve"))
    staff.post(MAKE)
    assert not SepaFile.objects.exists()
    assert status_of(Payout.objects.get().pk) == "approved"


def test_lists_take_as_many_statements_for_many(
    staff: Client, ada: int, django_assert_max_num_queries: Any
):
    for number in range(20):
        give(customer(f"c{number}"), 900, now=NOON + DAY)
        ask(f"c{number}", actor=f"key:{number}")
    staff.get(LIST)
    with django_assert_max_num_queries(7):
        staff.get(LIST)
    for payout in Payout.objects.all():
        staff.post(act(payout.pk, "approve"))
        staff.post(MAKE)
    assert SepaFile.objects.count() == 20
    with django_assert_max_num_queries(7):
        staff.get(FILES)


def test_who_asked_is_told_by_name(staff: Client, ada: int):
    make_key("payouts", name="The till")
    by_key = ask(actor=f"key:{ApiKey.objects.get().pk}")
    by_customer = ask(actor=f"customer:{ada}")
    for said in (
        read(staff, LIST),
        read(staff, page_of(by_key)) + read(staff, page_of(by_customer)),
    ):
        assert "API key “The till”" in said
        assert "the customer, on their page" in said


@pytest.mark.parametrize("verb", ["approve", "reject", "paid", "failed"])
def test_a_button_that_is_stale_tells_who_has_decided(staff: Client, ada: int, verb: str):
    payout_id = ask()
    staff.post(act(payout_id, "reject"), {"reason": "odd"})
    for answer in (
        staff.get(act(payout_id, verb), follow=True),
        staff.post(act(payout_id, verb), {"reason": "late"}, follow=True),
    ):
        assert answer.redirect_chain == [(page_of(payout_id), 302)]
        assert "This payout is rejected already (anna, " in text_of(answer)
    assert trail_of(payout_id) == ["request", "reject"]


def test_a_file_is_offered_while_there_is_something_for_it(staff: Client, ada: int):
    payout_id = ask()
    assert MAKE not in staff.get(FILES).content.decode()
    assert "No payout waits for a file." in text_of(staff.get(MAKE, follow=True))
    staff.post(act(payout_id, "approve"))
    assert MAKE in staff.get(FILES).content.decode()
    assert "1 approved payout of 5.00 € waits" in read(staff, MAKE).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    page = staff.post(MAKE).headers["Location"]
    assert "/download/" in staff.get(page).content.decode()
    SepaFile.objects.update(content=b"")
    assert "/download/" not in staff.get(page).content.decode()


def test_whoever_may_only_look_does_nothing(looker: Client, staff: Client, ada: int):
    payout_id = ask()
    page = looker.get(page_of(payout_id))
    assert page.status_code == 200
    for verb in ("approve", "reject", "paid", "failed"):
        assert act(payout_id, verb) not in page.content.decode()
        assert looker.post(act(payout_id, verb), {"reason": "x"}).status_code == 403
    assert looker.post(MAKE).status_code == 403
    staff.post(act(payout_id, "approve"))
    staff.post(MAKE)
    file = SepaFile.objects.get()
    assert looker.get(reverse("admin:cashback_sepafile_change", args=[file.pk])).status_code == 200
    for verb in ("download", "paid"):
        assert looker.post(f"/admin/cashback/sepafile/{file.pk}/{verb}/").status_code == 403


def test_the_name_is_for_who_may_see_personal_values(looker: Client, staff: Client, ada: int):
    payout_id = ask()
    assert "Lovelace" in read(staff, page_of(payout_id))
    assert "Lovelace" not in read(looker, page_of(payout_id))


def test_strangers_see_none_of_it(stranger: Client, ada: int):
    payout_id = ask()
    user = User.objects.get(username="sam")
    user.user_permissions.add(Permission.objects.get(codename="view_wallet"))
    for url in (LIST, FILES, page_of(payout_id), MAKE):
        assert stranger.get(url).status_code == 403
    wallet_page = reverse("admin:cashback_wallet_change", args=[Payout.objects.get().wallet_id])
    assert "Payouts" not in text_of(stranger.get(wallet_page)).partition("Statement")[0]
