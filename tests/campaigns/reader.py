"""A customer with a mail in hand: its addresses, and what a browser or a mail provider gets there."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from campaigns.actions.addresses import confirm_url, preferences_url, unsubscribe_url
from customers.models import ConsentRecord, Customer
from tests.api import NOON, Api
from tests.portal.pages import Page

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
ADA = {"email": "ada@example.org", "first_name": "Ada", "locale": "de", "phone": "+49 30 1"}


def make_ada(api: Api, *granted: str, **more: Any) -> int:
    """Ada, who granted these ("email/marketing"); her key."""
    api.put("/customers/ada", {**ADA, **more})
    for each in granted:
        said = {"state": "granted", "recorded_at": "2026-03-01T00:00:00Z"}
        assert api.put(f"/customers/ada/consents/{each}", said).status == 201
    return key_of("ada")


def key_of(customer: str) -> int:
    return Customer.objects.get(reference=customer).pk


def path_of(url: str) -> str:
    return urlsplit(url).path


def leaving(customer: str = "ada", *, at: datetime = NOON, delivery: int = 0) -> str:
    """The path by which a customer leaves."""
    made = unsubscribe_url(customer_key=key_of(customer), delivery_key=delivery, now=at)
    return path_of(made)


def preferring(customer: str = "ada", *, at: datetime = NOON) -> str:
    return path_of(preferences_url(customer_key=key_of(customer), now=at))


def confirming(record: ConsentRecord, *, email: str = ADA["email"], at: datetime = NOON) -> str:
    made = confirm_url(customer_key=record.customer_id, record_key=record.pk, email=email, now=at)
    return path_of(made)


def get(path: str, *, at: datetime = NOON, **asked: str) -> Page:
    query = None if "?" in path else {"at": at.isoformat(), **asked}
    return _page(Client().get(path, query))


def head(path: str) -> Page:
    return _page(Client().head(path))


def post(path: str, form: Any = None, *, at: datetime = NOON, **how: Any) -> Page:
    """A form as multipart, unless `content_type` says otherwise; without cookies, CSRF checked."""
    client = Client(enforce_csrf_checks=True)
    address = f"{path}?at={at.isoformat().replace('+', '%2B')}"
    return _page(client.post(address, {} if form is None else form, **how))


def states(api: Api, customer: str = "ada") -> dict[tuple[str, str], str]:
    """What holds of consent, by the API."""
    rows = api.get(f"/customers/{customer}/consents")["consents"]
    return {(row["channel"], row["purpose"]): row["state"] for row in rows}


def history(api: Api, customer: str = "ada") -> list[tuple[str, str | None]]:
    """State and source of each record, oldest first."""
    rows = api.get(f"/customers/{customer}/consents")["history"]
    return [(row["state"], row["source"]) for row in rows]


def _page(answer: Any) -> Page:
    return Page(answer.status_code, answer.content, dict(answer.headers))
