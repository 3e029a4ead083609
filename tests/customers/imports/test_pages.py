"""Files of customers and orders on the staff's pages: checked, watched, imported, and who may do that."""

from collections.abc import Sequence

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from customers.domain import customer_files, order_lines
from customers.models import Customer, CustomerImport, Order, OrderImport
from journal.actions import run_next_job
from tests.customers.imports.files import person, row
from tests.promotions.admin.pages import open_page, send

KINDS = [
    pytest.param(
        CustomerImport, customer_files.COLUMNS, [person(customer_id="ada"), person()],
        Customer, "customer_id", "1-128 of letters", id="customers",
    ),
    pytest.param(
        OrderImport, order_lines.COLUMNS, [row(), row(order_id="o2", quantity="x")],
        Order, "quantity", "A whole number from 1 to 100000.", id="orders",
    ),
]  # fmt: skip


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("staff"))
    return client


def new(imports: type) -> str:
    return reverse(f"admin:customers_{imports.__name__.lower()}_add")


def file_of(columns: Sequence[str], lines: Sequence[str]) -> SimpleUploadedFile:
    return SimpleUploadedFile("rows.csv", "\n".join([",".join(columns), *lines, ""]).encode())


def run() -> None:
    while run_next_job(now=timezone.now):
        pass


@pytest.mark.parametrize(("imports", "columns", "lines", "rows", "column", "what"), KINDS)
def test_a_file_is_checked_watched_and_imported(
    staff: Client, imports, columns, lines, rows, column: str, what: str
) -> None:
    form = open_page(staff, new(imports)).form
    assert form["is_dry_run"] == ["on"]
    send(staff, new(imports), form, file=file_of(columns, lines))
    asked = imports.objects.get()
    name = f"admin:customers_{imports.__name__.lower()}"
    url = reverse(f"{name}_change", args=[asked.pk])
    assert "data-open" in open_page(staff, url).html
    run()
    page = open_page(staff, url).html
    assert "2 / 2" in page
    assert "Nothing was imported." in page
    assert column in page
    assert what in page
    assert not rows.objects.exists()
    report = staff.get(reverse(f"{name}_report", args=[asked.pk]))
    assert f"3,{column},invalid".encode() in b"".join(report.streaming_content)

    form.pop("is_dry_run")
    send(staff, new(imports), form, file=file_of(columns, lines))
    run()
    assert rows.objects.count() == 1
    assert ">rows.csv<" in open_page(staff, reverse(f"{name}_changelist")).html


@pytest.mark.parametrize(("imports", "columns", "lines", "rows", "column", "what"), KINDS)
def test_another_header_is_said_at_the_field(
    staff: Client, imports, columns, lines, rows, column, what
) -> None:
    form = open_page(staff, new(imports)).form
    answer = send(staff, new(imports), form, file=file_of(["id"], lines))
    [wrong] = answer.context["adminform"].form.errors["file"]
    assert "Line 1: The first line must be" in wrong
    assert not imports.objects.exists()


def test_a_bad_row_is_told_in_german_on_a_german_page(staff: Client) -> None:
    lines = [row(), row(line_id="2", quantity="x")]
    form = open_page(staff, new(OrderImport)).form
    send(staff, new(OrderImport), form, file=file_of(order_lines.COLUMNS, lines))
    run()
    url = reverse("admin:customers_orderimport_change", args=[OrderImport.objects.get().pk])
    with translation.override("de"):
        page = staff.get(url, headers={"accept-language": "de"}).content.decode()
    assert "Zeile 3 dieser Bestellung stimmt nicht." in page
    assert "Eine ganze Zahl von 1 bis 100000." in page


@pytest.mark.parametrize("imports", [CustomerImport, OrderImport])
def test_staff_without_the_right_take_nothing_in(db: None, imports: type) -> None:
    client = Client()
    client.force_login(User.objects.create_user("guest", is_staff=True))
    assert client.get(new(imports)).status_code == 403
