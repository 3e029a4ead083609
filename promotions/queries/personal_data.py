"""Reads: what promotions hold of a customer."""

from collections.abc import Iterator, Mapping
from typing import Any

from common.ids import public_id
from common.rows import in_pieces
from promotions.models import Code, CustomerCount, PromotionUse


def personal_data(*, customer_key: int) -> Mapping[str, Iterator[dict[str, Any]]]:
    """The customer's codes, uses and counts, in plain values."""
    return {
        "codes": _codes(customer_key),
        "promotion_uses": _uses(customer_key),
        "promotion_counts": _counts(customer_key),
    }


def _codes(customer_key: int) -> Iterator[dict[str, Any]]:
    names = (
        "status", "valid_from", "valid_until", "max_redemptions", "used", "held", "created_at",
    )  # fmt: skip
    for row in in_pieces(Code.objects.filter(customer_id=customer_key).select_related("promotion")):
        told = {name: getattr(row, name) for name in names}
        yield {"code": row.spelling, "promotion_id": row.promotion.reference, **told}


def _uses(customer_key: int) -> Iterator[dict[str, Any]]:
    rows = PromotionUse.objects.filter(customer_id=customer_key)
    for row in in_pieces(rows.select_related("promotion", "code")):
        yield {
            "promotion_id": row.promotion.reference,
            "code": row.code.spelling if row.code else None,
            "status": row.status,
            "amount": row.amount,
            "currency": row.currency,
            "reservation_id": public_id("rsv", row.reservation_id) if row.reservation_id else None,
            "redemption_id": public_id("red", row.redemption_id) if row.redemption_id else None,
            "changed_at": row.changed_at,
        }


def _counts(customer_key: int) -> Iterator[dict[str, Any]]:
    rows = CustomerCount.objects.filter(customer_id=customer_key).select_related("promotion")
    for row in in_pieces(rows):
        yield {"promotion_id": row.promotion.reference, "used": row.used, "held": row.held}
