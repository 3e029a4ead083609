"""Promotions, codes and carts of the races, written without HTTP: quick, and the same every time."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
from django.db import transaction

from common.api.bodies import convert
from customers.actions.people import ensure_customers
from promotions.actions.issued import count_issued
from promotions.actions.promotions import put_promotion
from promotions.domain.definition import PromotionDefinition
from promotions.models import Code, CustomerCount, Promotion, PromotionCounter, PromotionUse
from tests.api import NOON

MINUTE = timedelta(minutes=1)
PRICE = 1000
TEN_OFF = {"kind": "fixed_amount", "amount": 10}


def promotion(name: str, *, effect: dict[str, Any] = TEN_OFF, **definition: Any) -> Promotion:
    """An active promotion in EUR."""
    shape = {"name": name, "status": "active", "currency": "EUR", "effect": effect, **definition}
    with transaction.atomic():
        written = put_promotion(
            promotion_id=name,
            definition=convert(shape, PromotionDefinition),
            actor="test",
            now=NOON,
        )
    return written.promotion


def codes(owner: Promotion, names: Sequence[str], *, customer: str | None = None, **columns: Any):
    """Codes of the promotion, personal ones if there is a customer; their names."""
    key = ensure_customers(references=[customer], now=NOON)[customer] if customer else None
    Code.objects.bulk_create(
        Code(
            promotion=owner, code=name, spelling=name, customer_id=key, created_at=NOON, **columns
        )
        for name in names
    )  # fmt: skip
    count_issued(promotion_key=owner.pk, codes=len(names))
    return list(names)


def cart(
    *given: str, customer: str | None = "ada", price: int = PRICE, quantity: int = 1
) -> dict[str, Any]:
    """One line of tea with the codes given."""
    line = {"line_id": "1", "sku": "TEA", "quantity": quantity, "unit_price": price}
    return {"customer_id": customer, "currency": "EUR", "lines": [line], "codes": list(given)}


def customers(count: int) -> list[str]:
    """So many customers whom the service knows."""
    names = [f"c{number:03}" for number in range(count)]
    ensure_customers(references=names, now=NOON)
    return names


def counter(owner: Promotion) -> tuple[int, int]:
    """Used and held."""
    row = PromotionCounter.objects.get(promotion=owner)
    return row.used, row.held


def money(owner: Promotion) -> tuple[int, int]:
    """Spent and held amounts."""
    row = PromotionCounter.objects.get(promotion=owner)
    return row.spent, row.held_amount


def code_counts(*names: str) -> dict[str, tuple[int, int]]:
    """Used and held of each code."""
    rows = Code.objects.filter(code__in=names)
    return {row.code: (row.used, row.held) for row in rows}


def customer_counts(owner: Promotion) -> dict[str, tuple[int, int]]:
    """Used and held of each customer."""
    rows = CustomerCount.objects.filter(promotion=owner).select_related("customer")
    return {row.customer.reference: (row.used, row.held) for row in rows}


def uses(owner: Promotion) -> dict[str, int]:
    """How many uses stand in each status."""
    found: dict[str, int] = {}
    for status in PromotionUse.objects.filter(promotion=owner).values_list("status", flat=True):
        found[status] = found.get(status, 0) + 1
    return found


def shape_of(answer: bytes) -> Any:
    """A body as JSON."""
    return msgspec.json.decode(answer)
