"""Products on the staff's pages: what is typed is what the API would be told."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.actions.refresh import refresh
from catalog.models import Product, ProductImport
from journal.actions import run_next_job
from journal.models import AuditEntry
from tests.api import NOON, Api
from tests.catalog.shop import buy, noise, sell
from tests.catalog.test_imports import GOOD, HEADER
from tests.catalog.test_products_api import TEA
from tests.promotions.admin.pages import open_page, send

PRODUCTS = reverse("admin:catalog_product_changelist")
NEW = reverse("admin:catalog_product_add")
NEW_IMPORT = reverse("admin:catalog_productimport_add")


@pytest.fixture
def staff(db: None) -> Client:
    """Somebody who may do everything."""
    client = Client()
    client.force_login(User.objects.create_superuser("anna"))
    return client


def url_of(product: Product) -> str:
    return reverse("admin:catalog_product_change", args=[product.pk])


def errors_of(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 200, "it was saved"
    return dict(answer.context["adminform"].form.errors)


def test_a_product_is_made_and_changed(api: Api, staff: Client) -> None:
    form = open_page(staff, NEW).form
    answer = send(
        staff, NEW, form, sku="TEA-1", name_de="Grüner Tee", name_en="Green tea", price="12.99",
        list_price="15.99", unit_cost="4.50", currency="eur", categories="tea\r\ngreen", brand="Kyo", tags="organic",
        url="https://shop.example/tea-1", image_url="https://shop.example/tea-1.jpg",
    )  # fmt: skip
    assert answer.status_code == 302, errors_of(answer)
    assert api.get("/products/TEA-1").body == {**TEA, "sku": "TEA-1"}

    product = Product.objects.get()
    page = open_page(staff, url_of(product))
    assert page.form["price"] == ["12.99"]
    answer = send(staff, url_of(product), page.form, price="11.50", available="")
    assert answer.status_code == 302, errors_of(answer)
    got = api.get("/products/TEA-1")
    assert got["price"] == 1150
    anna = User.objects.get(username="anna")
    assert AuditEntry.objects.latest("id").actor == f"staff:{anna.pk}"
    assert "11.5" in open_page(staff, PRODUCTS).html


def test_saving_untouched_changes_nothing(api: Api, staff: Client) -> None:
    api.put("/products/TEA-1", TEA)
    product = Product.objects.get()
    for language in ("en", "de"):
        staff.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        assert (
            send(staff, url_of(product), open_page(staff, url_of(product)).form).status_code == 302
        )
    assert Product.objects.get().revision == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sku": "no spaces"}, "sku"),
        ({"sku": "KNOWN"}, "sku"),
        ({"name_en": ""}, "name_en"),
        ({"price": "cheap"}, "price"),
        ({"price": "1.999"}, "price"),
        ({"price": "5", "currency": ""}, "currency"),
        ({"currency": "E1"}, "currency"),
        ({"url": "javascript:1"}, "url"),
        ({"categories": "x" * 129}, "categories"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    api: Api, staff: Client, change: dict[str, str], field: str
) -> None:
    api.put("/products/KNOWN", TEA)
    form = open_page(staff, NEW).form
    answer = send(staff, NEW, form, **{"sku": "NEW", "name_en": "New", "currency": "EUR"} | change)
    assert errors_of(answer).keys() == {field}
    assert Product.objects.count() == 1


def test_whoever_was_overtaken_overwrites_nothing(api: Api, staff: Client) -> None:
    api.put("/products/TEA-1", TEA)
    product = Product.objects.get()
    form = open_page(staff, url_of(product)).form
    api.patch("/products/TEA-1", {"price": 1})

    answer = send(staff, url_of(product), form, brand="Other")
    assert "It has been changed meanwhile." in str(errors_of(answer))
    assert api.get("/products/TEA-1")["price"] == 1


def test_products_are_taken_out_of_the_shop_and_back_by_the_list(api: Api, staff: Client) -> None:
    sell(api, "A", "B")
    keys = list(Product.objects.values_list("pk", flat=True))
    for action, expected in (("withdraw", False), ("offer", True)):
        staff.post(PRODUCTS, {"action": action, "_selected_action": keys})
        assert {*Product.objects.values_list("available", flat=True)} == {expected}


def test_the_page_says_what_is_bought_together_with_it(api: Api, staff: Client) -> None:
    noise(api)
    sell(api, "A", "B")
    buy(api, "A", "B", times=10)
    refresh(now=NOON)
    page = open_page(staff, url_of(Product.objects.get(sku="A"))).html
    assert "Product B" in page
    assert "10 orders" in page
    assert "5.0 times as often as by chance" in page


def test_a_file_is_checked_watched_and_imported(staff: Client) -> None:
    raw = f"{HEADER}\n{GOOD}\n?\n".encode()
    form = open_page(staff, NEW_IMPORT).form
    assert form["is_dry_run"] == ["on"]
    send(staff, NEW_IMPORT, form, file=SimpleUploadedFile("feed.csv", raw))
    asked = ProductImport.objects.get()
    url = reverse("admin:catalog_productimport_change", args=[asked.pk])
    assert "data-open" in open_page(staff, url).html
    while run_next_job(now=timezone.now):
        pass
    page = open_page(staff, url).html
    assert "2 / 2" in page
    assert "Nothing was imported." in page
    assert "It has not as many columns as the header." in page
    assert not Product.objects.exists()

    report = staff.get(reverse("admin:catalog_productimport_report", args=[asked.pk]))
    assert b"".join(report.streaming_content).startswith(b"row,column,code,detail\r\n3,,invalid")

    form.pop("is_dry_run")
    send(staff, NEW_IMPORT, form, file=SimpleUploadedFile("feed.csv", raw))
    while run_next_job(now=timezone.now):
        pass
    assert Product.objects.get().sku == "TEA-1"


def test_another_header_is_said_at_the_field(staff: Client) -> None:
    form = open_page(staff, NEW_IMPORT).form
    answer = send(staff, NEW_IMPORT, form, file=SimpleUploadedFile("feed.csv", b"sku\nA\n"))
    assert "Line 1: The first line must be sku,name_de" in errors_of(answer)["file"][0]


def test_the_list_costs_the_same_statements_whatever_its_length(api: Api, staff: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            open_page(staff, PRODUCTS)
        return len(captured)

    sell(api, "A")
    one = statements()
    sell(api, *(f"P{number}" for number in range(40)))
    assert statements() == one
