"""Imports of codes on the staff's pages: a file is checked, imported, and its report read."""

import csv
import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from journal.actions import run_next_job
from journal.models import AuditEntry, Job
from promotions.models import Code, CodeImport, Promotion
from tests.api import Api
from tests.promotions.admin.pages import open_page, send
from tests.promotions.api.shapes import PLAIN, plain
from tests.promotions.api.test_imports import file_of

IMPORTS = reverse("admin:promotions_codeimport_changelist")
NEW_IMPORT = reverse("admin:promotions_codeimport_add")
CODES = reverse("admin:promotions_code_changelist")


@pytest.fixture
def spring(shop: Api) -> Promotion:
    shop.put("/promotions/spring", PLAIN)
    return Promotion.objects.get()


def upload(staff: Client, spring: Promotion, raw: bytes, **changes: Any) -> Any:
    page = open_page(staff, f"{NEW_IMPORT}?promotion={spring.pk}")
    assert page.form["is_dry_run"] == ["on"]
    form = {name: value for name, value in page.form.items() if name not in changes}
    given = {name: value for name, value in changes.items() if value is not None}
    file = SimpleUploadedFile("codes.csv", raw, content_type="text/csv")
    return send(staff, NEW_IMPORT, form, file=file, **given)


def url_of(found: CodeImport) -> str:
    return reverse("admin:promotions_codeimport_change", args=[found.pk])


def run_jobs() -> None:
    while run_next_job(now=timezone.now):
        pass


def errors_of(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 200, "it was saved"
    return dict(answer.context["adminform"].form.errors)


def test_a_file_is_checked_watched_and_imported(staff: Client, spring: Promotion) -> None:
    raw = file_of("CODE1,c1,,,3,1", "?,,,,,", "CODE2,,soon,,,")
    answer = upload(staff, spring, raw)
    checked = CodeImport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url_of(checked))
    assert "data-open" in open_page(staff, url_of(checked)).html
    assert "0 / 3" in open_page(staff, IMPORTS).html

    run_jobs()

    page = open_page(staff, url_of(checked)).html
    assert "data-open" not in page
    assert "3 / 3" in page
    assert "A code has 4-64 letters and digits." in page
    assert "valid_from" in page
    assert "Nothing was imported." in page
    assert not Code.objects.exists()

    upload(staff, spring, raw, is_dry_run=None)
    run_jobs()

    taken = CodeImport.objects.latest("id")
    page = open_page(staff, url_of(taken)).html
    assert "Nothing was imported." not in page
    assert (taken.good, taken.rejected) == (1, 2)
    assert Code.objects.get().used == 1
    anna = User.objects.get(username="anna")
    assert AuditEntry.objects.latest("id").actor == f"staff:{anna.pk}"


def test_the_report_is_told_and_downloaded_in_the_pages_language(
    staff: Client, spring: Promotion
) -> None:
    staff.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    upload(staff, spring, file_of(*["?,,,,,"] * 101))
    run_jobs()
    found = CodeImport.objects.get()

    page = open_page(staff, url_of(found)).html
    assert page.count("Ein Code hat 4-64 Buchstaben und Ziffern.") == 100
    assert "Alle ausgelassenen Zeilen" in page

    answer = staff.get(reverse("admin:promotions_codeimport_report", args=[found.pk]))
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [int(row["row"]) for row in rows] == list(range(2, 103))
    assert rows[0]["detail"] == "Ein Code hat 4-64 Buchstaben und Ziffern."


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", "empty"),
        (b"codes\nCODE1", "Line 1: The first line must be code,customer_id"),
        (file_of("CODE1,,,,,", "\xff").decode().encode("latin-1"), "Line 3: This line is not in"),
        (file_of("A\x00,,,,,"), "Line 2: NUL is no text."),
    ],
    ids=["empty", "header", "encoding", "NUL"],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(
    staff: Client, spring: Promotion, raw: bytes, text: str
) -> None:
    assert text in errors_of(upload(staff, spring, raw))["file"][0]
    assert not Job.objects.exists()


def test_too_large_a_file_is_refused(
    staff: Client, spring: Promotion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journal.forms.imports.MAX_FILE_BYTES", 10)
    assert "256 MB" in errors_of(upload(staff, spring, file_of("CODE1,,,,,")))["file"][0]
    monkeypatch.undo()
    monkeypatch.setattr("common.row_files.MAX_ROWS", 1)
    two = file_of("CODE1,,,,,", "CODE2,,,,,")
    assert "at most 1 rows" in errors_of(upload(staff, spring, two))["file"][0]


def test_a_promotion_has_to_be_chosen(staff: Client, spring: Promotion) -> None:
    assert "promotion" in errors_of(upload(staff, spring, file_of(), promotion=""))


def test_the_list_of_codes_leads_to_the_import(staff: Client, spring: Promotion) -> None:
    url = reverse("admin:promotions_code_import_codes")
    assert staff.get(url)["Location"] == NEW_IMPORT


def queries_of(staff: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        open_page(staff, IMPORTS)
    return len(captured)


def test_lists_read_the_jobs_of_a_page_in_one_statement(staff: Client, spring: Promotion) -> None:
    upload(staff, spring, file_of("CODE1,,,,,"))
    one = queries_of(staff)
    for _ in range(3):
        upload(staff, spring, file_of("CODE1,,,,,"))
    assert queries_of(staff) == one


def test_strangers_get_no_report(staff: Client, spring: Promotion) -> None:
    upload(staff, spring, file_of("?"))
    url = reverse("admin:promotions_codeimport_report", args=[CodeImport.objects.get().pk])
    assert Client().get(url).status_code == 302
    clerk = Client()
    clerk.force_login(User.objects.create_user("sam", is_staff=True))

    assert clerk.get(url).status_code == 404
    assert clerk.get(IMPORTS).status_code == 403
    assert clerk.get(NEW_IMPORT).status_code == 403


def test_a_promotions_page_leads_to_the_import_of_its_codes(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", plain())
    key = Promotion.objects.get().pk
    button = f"/admin/promotions/promotion/{key}/import-codes/"

    assert button in open_page(staff, f"/admin/promotions/promotion/{key}/change/").html

    page = staff.get(button, follow=True)
    assert page.context["adminform"].form["promotion"].value() == str(key)
