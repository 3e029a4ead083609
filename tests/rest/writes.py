"""One write of each sort, and how to see that a spoilt one writes nothing."""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection

from tests.api import Api, Got

CART = {
    "currency": "EUR",
    "lines": [{"line_id": "1", "sku": "TEA-1", "quantity": 1, "unit_price": 1299}],
}
PROMOTION = {"name": "Spring", "effect": {"kind": "percentage", "percent": "20"}}
ORDER = {
    "customer_id": "ada",
    "currency": "EUR",
    "lines": [{"line_id": "1", "sku": "TEA-1", "name": "Tea", "quantity": 1, "unit_price": 1299}],
}
EVENT = {
    "event_id": "e1",
    "customer_id": "ada",
    "name": "search",
    "occurred_at": "2026-03-01T10:00:00Z",
}
PLAN = {"name": {"en": "Tea club"}, "price": 4900, "currency": "EUR", "period": "year"}
RULE = {"name": "Basis", "percent": "2"}
PARTNER = {"name": "Acme", "share_percent": "50"}
ADJUSTMENT = {"customer_id": "ada", "currency": "EUR", "amount": 500, "reason": "Late parcel"}
SETTLEMENT = {"currency": "EUR", "amount": 500, "reference": "invoice 7"}
#: One write of each sort: method, address, a good body.
WRITES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "customer": ("PUT", "/customers/bob", {"email": "bob@example.org"}),
    "customer patch": ("PATCH", "/customers/ada", {"city": "Berlin"}),
    "customers": ("POST", "/customers/batch", {"customers": [{"customer_id": "bob"}]}),
    "consent": ("PUT", "/customers/ada/consents/email/marketing", {"state": "granted"}),
    "events": ("POST", "/events", {"events": [EVENT]}),
    "membership plan": ("PUT", "/membership-plans/new", PLAN),
    "membership plan patch": ("PATCH", "/membership-plans/club", {"price": 5900}),
    "membership": ("PUT", "/customers/ada/memberships/club", {}),
    "portal link": ("POST", "/customers/ada/portal-links", {}),
    "segment": ("PUT", "/segments/regulars", {"name": "Regulars", "kind": "static"}),
    "order": ("PUT", "/orders/o1", ORDER),
    "orders": ("POST", "/orders/batch", {"orders": [{"order_id": "o1", **ORDER}]}),
    "product": ("PUT", "/products/TEA-1", {"name": {"en": "Green tea"}}),
    "products": (
        "POST",
        "/products/batch",
        {"products": [{"sku": "TEA-1", "name": {"en": "Tea"}}]},
    ),
    "promotion": ("PUT", "/promotions/new", PROMOTION),
    "promotion patch": ("PATCH", "/promotions/spring", {"name": "Summer"}),
    "code": ("POST", "/promotions/spring/codes", {"code": "SPRING-1"}),
    "code batch": ("POST", "/promotions/spring/code-batches", {"count": 5}),
    "cashback rule": ("PUT", "/cashback/rules/new", RULE),
    "cashback rule patch": ("PATCH", "/cashback/rules/basis", {"name": "Base"}),
    "cashback partner": ("PUT", "/cashback/partners/new", PARTNER),
    "cashback partner patch": ("PATCH", "/cashback/partners/acme", {"name": "Acme AG"}),
    "cashback adjustment": ("POST", "/cashback/adjustments", ADJUSTMENT),
    "cashback settlement": ("POST", "/cashback/partners/acme/settlements", SETTLEMENT),
    "validate": ("POST", "/checkout/validate", CART),
    "webhook endpoint": (
        "PUT",
        "/webhook-endpoints/shop",
        {"url": "https://93.184.215.14/", "event_types": ["code.issued"]},
    ),
    "reserve": ("POST", "/checkout/reservations", CART),
    "redeem": ("POST", "/checkout/redemptions", {**CART, "order_id": "o1"}),
}


def rows() -> dict[str, int]:
    """How many rows each table has; keys remember their last use, so they do not count."""
    with connection.cursor() as cursor:
        counted = {}
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed:
                cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
                counted[model._meta.db_table] = cursor.fetchone()[0]
        return counted


def each_refused(
    api: Api, spoil: Callable[[dict[str, Any]], bytes | dict[str, Any]], **headers: Any
) -> Iterator[Got]:
    """Spoil the body of each write in the same way; nothing may be written."""
    for write, (_, _, body) in WRITES.items():
        yield refused(api, write, spoil(body), **headers)


def refused(api: Api, write: str, raw: bytes | dict[str, Any], **headers: Any) -> Got:
    """Send another body in place of the good one; nothing may be written."""
    method, path, _ = WRITES[write]
    before = rows()
    call = api.post if method == "POST" else api.put if method == "PUT" else api.patch
    got = call(path, raw, **headers)
    assert 400 <= got.status < 500, (write, got)
    assert got.headers["Content-Type"] == "application/problem+json"
    assert rows() == before, write
    return got
