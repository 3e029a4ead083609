"""The proof of consent on paper: what the JSON says, in the reader's language."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from customers.models import Customer
from journal.models import AuditEntry
from tests.api import DAY, NOON, Api

PROOF = "/customers/ada/consents/proof.pdf"


@pytest.fixture
def shop(api: Api) -> Api:
    """Ada, who agreed and has withdrawn since."""
    assert api.put("/customers/ada", {"phone": "+4930123456"}).status == 201
    for days, state in ((9, "granted"), (2, "withdrawn")):
        told = {
            "state": state, "source": f"footer form {days}", "text_version": "news-3",
            "ip_address": "192.0.2.1", "recorded_at": (NOON - days * DAY).isoformat(),
        }  # fmt: skip
        put = api.put("/customers/ada/consents/sms/marketing", told)
        assert put.status in {200, 201}
    return api


def read(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages)


def test_it_says_what_the_json_says(shop: Api) -> None:
    got = shop.get(PROOF)
    assert (got.status, got.headers["Content-Type"]) == (200, "application/pdf")
    assert got.headers["Content-Disposition"] == 'attachment; filename="consents-ada.pdf"'
    text = read(got.raw)
    for told in (
        "Proof of consent", "Customer ada", "Text message, Advertising: withdrawn",
        "Text message, Advertising: agreed", "Source: footer form 9", "Source: footer form 2",
        "Version of the text: news-3", "IP address: 192.0.2.1", "Address: +4930123456", "Page 1 of 1",
    ):  # fmt: skip
        assert told in text, text
    assert text.index("footer form 9") < text.index("footer form 2")


def test_it_speaks_german(shop: Api) -> None:
    text = read(shop.get(PROOF, accept_language="de").raw)
    assert "Nachweis der Einwilligungen" in text
    assert "SMS, Werbung: widerrufen" in text
    assert "Seite 1 von 1" in text


def test_a_long_history_takes_more_pages(shop: Api) -> None:
    for minutes in range(60):
        at = (NOON - DAY).replace(minute=minutes).isoformat()
        told = {"state": "granted", "source": "form " + "x" * 90, "recorded_at": at}
        assert shop.put("/customers/ada/consents/email/marketing", told).status in {200, 201}
    pages = PdfReader(io.BytesIO(shop.get(PROOF).raw)).pages
    assert len(pages) > 2
    assert f"Page {len(pages)} of {len(pages)}" in pages[-1].extract_text()
    assert sum(page.extract_text().count("Source: form") for page in pages) == 60


def test_who_said_nothing_has_a_proof_of_that(api: Api) -> None:
    api.put("/customers/ben", {})
    text = read(api.get("/customers/ben/consents/proof.pdf").raw)
    assert "Nothing was agreed to." in text
    assert "Nothing was recorded." in text
    assert api.get("/customers/nobody/consents/proof.pdf").status == 404


def test_staff_who_may_see_personal_values_have_it_by_a_button(
    shop: Api, admin_client: Client, client: Client, django_user_model: Any
) -> None:
    key = Customer.objects.get().pk
    url = reverse("admin:customers_customer_prove_consent", args=[key])
    page = admin_client.get(reverse("admin:customers_customer_change", args=[key]))
    assert url in page.content.decode()

    got = admin_client.get(url)
    assert got.headers["Content-Type"] == "application/pdf"
    assert "Source: footer form 9" in read(got.content)
    assert AuditEntry.objects.filter(action="customer.consents_proven").count() == 1

    client.force_login(django_user_model.objects.create_user("sam", is_staff=True))
    assert client.get(url).status_code in {302, 403}
