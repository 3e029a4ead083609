"""Files of products: what is taken in, what is left out and why, trials, deaths, the command."""

import io
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from catalog.actions import imports
from catalog.domain.imports import COLUMNS
from catalog.models import Product, ProductImport, ProductImportRow
from common import row_files
from common.errors import ValidationFailed
from journal.actions import report_progress, run_next_job
from journal.models import AuditEntry, FilePiece, Job
from journal.queries import row_errors
from tests.api import NOON

HEADER = ",".join(COLUMNS)
GOOD = "TEA-1,Grüner Tee,Green tea,https://shop.example/1,,tea|green,Kyo,,1299,1599,450,EUR,"


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten rows a step, about five lines a piece."""
    monkeypatch.setattr(imports, "ROWS_A_STEP", 10)
    monkeypatch.setattr(row_files, "_PIECE_BYTES", 200)


def file_of(*lines: str, header: str = HEADER) -> io.BytesIO:
    return io.BytesIO("\n".join([header, *lines, ""]).encode())


def ordered(*lines: str, is_dry_run: bool = False, header: str = HEADER) -> ProductImport:
    with transaction.atomic():
        return imports.order_import(
            file=file_of(*lines, header=header), is_dry_run=is_dry_run, actor="staff:1", now=NOON
        )


def imported(*lines: str, **kwargs: Any) -> ProductImport:
    asked = ordered(*lines, **kwargs)
    while run_next_job(now=timezone.now):
        pass
    asked.refresh_from_db()
    return asked


def errors(asked: ProductImport) -> list[tuple[int, str, str]]:
    return [(line, column, code) for line, column, code, _ in row_errors(asked.job_id, limit=100)]


@pytest.mark.django_db
def test_good_rows_are_taken_in_as_a_put_would() -> None:
    asked = imported(GOOD, "", "CUP,,Cup,,,,,,,,,,no")
    assert (asked.rows, asked.good, asked.rejected) == (2, 2, 0)
    tea = Product.objects.get(sku="TEA-1")
    assert (tea.name_de, tea.name_en, tea.categories) == (
        "Grüner Tee",
        "Green tea",
        ["tea", "green"],
    )
    assert (tea.price, tea.list_price, tea.unit_cost) == (1299, 1599, 450)
    assert (tea.currency, tea.available) == ("EUR", True)
    assert not Product.objects.get(sku="CUP").available
    job = Job.objects.get()
    assert (job.status, job.done, job.total) == ("succeeded", 2, 2)
    assert job.result == {
        "import_id": str(asked), "dry_run": False, "rows": 2, "valid": 2, "imported": 2, "rejected": 0,
    }  # fmt: skip
    assert AuditEntry.objects.filter(action="product.created", actor="staff:1").count() == 2
    assert not FilePiece.objects.exists()
    assert not ProductImportRow.objects.exists()


@pytest.mark.django_db
def test_a_spreadsheets_semicolons_and_mark_are_read_as_well() -> None:
    header = "\ufeff" + HEADER.replace(",", ";")
    asked = imported("TEA-1;Tee, grün;;;;tea;;;1299;;;EUR;ja", header=header)
    assert asked.good == 1
    assert Product.objects.get().name_de == "Tee, grün"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (GOOD.replace("TEA-1", "no id"), "sku", "invalid"),
        (GOOD.replace("TEA-1", ""), "sku", "invalid"),
        ("TEA-1,,,,,,,,,,,,", "name_en", "required"),
        (GOOD.replace("https://", "ftp://"), "url", "invalid"),
        (GOOD.replace("1299", "12.99"), "price", "invalid"),
        (GOOD.replace("1599", "-1"), "list_price", "invalid"),
        (GOOD.replace("450", "4.50"), "unit_cost", "invalid"),
        ("TEA-1,,Tea,,,,,,,,450,,", "currency", "currency_required"),
        (GOOD.replace("EUR", "euro"), "currency", "invalid"),
        (GOOD.replace("EUR", ""), "currency", "currency_required"),
        (GOOD + "perhaps", "available", "invalid"),
        (GOOD.replace("Kyo", "K" * 129), "brand", "invalid"),
        (GOOD.replace("tea|green", "t" * 129), "categories", "invalid"),
        ("TEA-1,Tee", "", "invalid"),
        ('TEA-1,"Tee', "", "invalid"),
    ],
)
def test_what_is_wrong_with_a_line_is_reported_with_its_column(
    line: str, column: str, code: str
) -> None:
    asked = imported("CUP,,Cup,,,,,,,,,,", line)
    assert errors(asked) == [(3, column, code)]
    assert (asked.good, asked.rejected) == (1, 1)
    assert Product.objects.get().sku == "CUP"


@pytest.mark.django_db
def test_of_rows_with_the_same_sku_the_first_counts(small_steps: None) -> None:
    asked = imported(*(f"P{n % 7},,Product {n},,,,,,,,,," for n in range(25)))
    assert (asked.good, asked.rejected) == (7, 18)
    assert {code for _, _, code in errors(asked)} == {"duplicate"}
    names = dict(Product.objects.values_list("sku", "name_en"))
    assert names == {f"P{n}": f"Product {n}" for n in range(7)}


@pytest.mark.django_db
def test_a_dry_run_reports_the_same_and_writes_nothing() -> None:
    lines = (GOOD, GOOD, "?")
    tried = imported(*lines, is_dry_run=True)
    assert not Product.objects.exists()
    taken = imported(*lines)
    assert errors(tried) == errors(taken) == [(3, "sku", "duplicate"), (4, "", "invalid")]
    assert Job.objects.first().result["imported"] == 0


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing() -> None:
    imported(GOOD)
    revision = Product.objects.get().revision
    imported(GOOD)
    assert Product.objects.get().revision == revision
    assert AuditEntry.objects.filter(subject_kind="product").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["sku,name", "", HEADER.upper()])
def test_another_header_is_refused_and_nothing_is_queued(header: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        ordered(GOOD, header=header)
    assert refused.value.errors[0].pointer == "/1"
    assert not Job.objects.exists()


class KilledError(BaseException):
    """Stands for kill -9: nothing of ours catches it."""


@pytest.mark.django_db
@pytest.mark.parametrize("steps", range(6))
def test_a_killed_workers_successor_goes_on_where_it_was(
    small_steps: None, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    asked = ordered(*(f"P{n * 7 % 25:02},,Product,,,,,,,,,," for n in range(25)), "?")
    whole = iter(range(steps))

    def fatal(*args: Any, **kwargs: Any) -> None:
        if next(whole, None) is None:
            raise KilledError
        report_progress(*args, **kwargs)

    monkeypatch.setattr(imports, "report_progress", fatal)
    with pytest.raises(KilledError):
        run_next_job(now=timezone.now)
    monkeypatch.setattr(imports, "report_progress", report_progress)
    assert run_next_job(now=lambda: timezone.now() + timedelta(minutes=3))

    asked.refresh_from_db()
    assert (asked.good, asked.rejected, Product.objects.count()) == (25, 1, 25)
    assert errors(asked) == [(27, "", "invalid")]
    assert AuditEntry.objects.filter(action="product.created").count() == 25


@pytest.mark.django_db
def test_what_a_failed_job_has_left_is_forgotten_after_a_month(small_steps: None) -> None:
    asked = ordered(*(f"P{n},,Product,,,,,,,,,," for n in range(25)))
    with transaction.atomic():
        imports._step(asked.job_id, now=NOON)
    kept = ProductImportRow.objects.count()
    assert imports.forget_lines(now=NOON + timedelta(days=30)) == 0
    assert imports.forget_lines(now=NOON + timedelta(days=30, seconds=1)) == kept > 0


@pytest.mark.django_db
def test_the_command_tells_each_bad_row_and_ends_with_1_if_there_was_any(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(file_of(GOOD).read())
    bad.write_bytes(file_of(GOOD, "CUP,,Cup,,,,,,x,,,,").read())

    call_command("import_products", str(good), "--dry-run")
    assert "1 row: 1 would be imported, 0 left out" in capsys.readouterr().out
    call_command("import_products", str(good))
    assert Product.objects.count() == 1
    with pytest.raises(SystemExit) as ended:
        call_command("import_products", str(bad))
    assert ended.value.code == 1
    assert "line 3, price: A whole number from 0" in capsys.readouterr().err


@pytest.mark.django_db
def test_the_command_refuses_what_it_cannot_read(tmp_path: Path, monkeypatch: Any) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_products", str(tmp_path / "none.csv"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"sku\n")))
    with pytest.raises(CommandError, match="line 1: The first line must be sku,name_de"):
        call_command("import_products", "-")
