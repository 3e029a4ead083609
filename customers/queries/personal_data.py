"""Reads: everything that is held of a customer, for the customer (GDPR art. 15 and 20)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import F

from access import queries as access
from common.rows import in_pieces
from customers.models import (
    Consent,
    ConsentRecord,
    ContactPreference,
    Customer,
    CustomerMetrics,
    Event,
    Membership,
    Order,
    OrderLine,
    OrderReturn,
    SegmentMember,
    SegmentPassage,
    Suppression,
)
from customers.queries.erasure import email_hash
from journal import queries as journal

#: Of each sort of thing its rows, in plain values; read when they are iterated.
Sections = Mapping[str, Iterable[Any]]
PersonalData = Callable[..., Sections]

_parts: list[PersonalData] = []

_PERSON = (
    "email", "first_name", "last_name", "birth_date", "gender", "phone", "locale", "timezone",
    "country", "postal_code", "city", "registered_at", "attributes", "is_restricted",
    "created_at",
)  # fmt: skip
_ORDER = (
    "currency", "status", "placed_at", "paid_at", "shipped_at", "delivered_at", "cancelled_at",
    "channel", "shipping_amount", "shipping_discount", "shipping_cashback", "shipping_refunded",
    "tracking_url", "created_at",
)  # fmt: skip
_LINE = (
    "line_id", "sku", "name", "categories", "brand", "tags", "quantity", "unit_price", "list_price",
    "discount_amount", "cashback_amount", "returned_quantity",
)  # fmt: skip
_FIGURES = (
    "currency", "orders_count", "items_count", "total_amount", "first_placed_at", "last_placed_at",
)  # fmt: skip


def register_personal_data(part: PersonalData) -> None:
    """Say what an app above holds: `part(customer_key=...)`; called once each, when the service starts."""
    if part not in _parts:
        _parts.append(part)


def export_of(customer: Customer, *, now: datetime) -> Iterator[bytes]:
    """Everything that is held of the customer as one JSON object, a piece at a time."""
    person = {name: getattr(customer, name) for name in _PERSON}
    head = {"customer_id": customer.reference, "exported_at": now, "customer": _plain(person)}
    yield msgspec.json.encode(head)[:-1]
    for name, rows in sections_of(customer).items():
        yield b"," + msgspec.json.encode(name) + b":["
        for number, row in enumerate(rows):
            yield (b"," if number else b"") + msgspec.json.encode(_plain(row))
        yield b"]"
    yield b"}"


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a column keeps as "" is null outside, as in all answers."""
    return {name: None if value == "" else value for name, value in row.items()}


def sections_of(customer: Customer) -> dict[str, Iterable[Any]]:
    """The sections of all apps, by name."""
    found = {**_own(customer)}
    for part in _parts:
        found |= part(customer_key=customer.pk)
    for below in (access.personal_data, journal.personal_data):
        found |= below(customer_key=customer.pk)
    return found


def _own(customer: Customer) -> Sections:
    mine = {"customer_id": customer.pk}
    return {
        "consents": _values(
            Consent.objects.filter(**mine), "channel", "purpose", "state", "recorded_at"
        ),
        "consent_history": _values(
            ConsentRecord.objects.filter(**mine), "channel", "purpose", "state", "source",
            "text_version", "ip_address", "address", "recorded_at", "created_at",
        ),
        "contact_preferences": _values(
            ContactPreference.objects.filter(**mine), "most_per_days", "paused_until"
        ),
        "events": _values(
            Event.objects.filter(**mine), "event_id", "name", "occurred_at", "properties",
            "received_at",
        ),
        "memberships": _memberships(customer.pk),
        "segments": _segments(customer.pk),
        "segment_passages": _passages(customer.pk),
        "orders": _orders(customer.pk),
        "order_lines": _lines(customer.pk),
        "returns": _returns(customer.pk),
        "figures": _values(CustomerMetrics.objects.filter(**mine), *_FIGURES),
        "suppressions": _suppressions(customer.email),
    }  # fmt: skip


def _values(rows: Any, *names: str) -> Iterator[dict[str, Any]]:
    return ({name: getattr(row, name) for name in names} for row in in_pieces(rows))


def _memberships(customer_key: int) -> Iterator[dict[str, Any]]:
    rows = Membership.objects.filter(customer_id=customer_key).select_related("plan")
    for row in in_pieces(rows):
        yield {
            "plan_id": row.plan.reference, "starts_at": row.starts_at, "ends_at": row.ends_at,
            "created_at": row.created_at,
        }  # fmt: skip


def _segments(customer_key: int) -> Iterator[dict[str, Any]]:
    rows = SegmentMember.objects.filter(customer_id=customer_key).annotate(
        reference=F("segment__reference"), name=F("segment__name")
    )
    for row in rows.order_by("reference").values("reference", "name", "since"):
        yield {"segment_id": row["reference"], "name": row["name"], "since": row["since"]}


def _passages(customer_key: int) -> Iterator[dict[str, Any]]:
    rows = SegmentPassage.objects.filter(customer_id=customer_key).select_related("segment")
    for row in in_pieces(rows):
        yield {"segment_id": row.segment.reference, "entered": row.entered, "at": row.at}


def _orders(customer_key: int) -> Iterator[dict[str, Any]]:
    for row in in_pieces(Order.objects.filter(customer_id=customer_key)):
        told = {name: getattr(row, name) for name in _ORDER}
        yield {"order_id": row.reference, "partner_id": row.partner_reference, **told}


def _lines(customer_key: int) -> Iterator[dict[str, Any]]:
    rows = OrderLine.objects.filter(order__customer_id=customer_key).select_related("order")
    for row in in_pieces(rows):
        yield {"order_id": row.order.reference} | {name: getattr(row, name) for name in _LINE}


def _returns(customer_key: int) -> Iterator[dict[str, Any]]:
    rows = OrderReturn.objects.filter(order__customer_id=customer_key)
    for row in in_pieces(rows):
        yield {"returned_at": row.returned_at, **row.answer}


def _suppressions(email: str) -> Iterator[dict[str, Any]]:
    rows = Suppression.objects.filter(email_hash=email_hash(email)) if email else ()
    for row in rows:
        yield {"reason": row.reason, "created_at": row.created_at}
