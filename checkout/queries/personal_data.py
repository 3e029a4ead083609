"""Reads: what the checkout holds of a customer."""

from collections.abc import Iterator, Mapping
from typing import Any

from checkout.domain.why import for_callers
from checkout.models import Decision, Redemption, Reservation
from common.ids import public_id
from common.rows import in_pieces


def personal_data(*, customer_key: int) -> Mapping[str, Iterator[dict[str, Any]]]:
    """The customer's reservations, redemptions and the decisions on them, in plain values."""
    return {
        "reservations": _reservations(customer_key),
        "redemptions": _redemptions(customer_key),
        "decisions": _decisions(customer_key),
    }


def _reservations(customer_key: int) -> Iterator[dict[str, Any]]:
    for row in in_pieces(Reservation.objects.filter(customer_id=customer_key)):
        yield {
            "reservation_id": public_id("rsv", row.pk),
            "status": row.status,
            "cart": row.cart,
            "quote": row.quote,
            "created_at": row.created_at,
            "expires_at": row.expires_at,
            "ended_at": row.ended_at,
        }


def _redemptions(customer_key: int) -> Iterator[dict[str, Any]]:
    rows = Redemption.objects.filter(customer_id=customer_key).select_related("order")
    for row in in_pieces(rows):
        yield {
            "redemption_id": public_id("red", row.pk),
            "order_id": row.order.reference,
            "status": row.status,
            "quote": row.quote,
            "redeemed_at": row.redeemed_at,
            "cancelled_at": row.cancelled_at,
        }


def _decisions(customer_key: int) -> Iterator[dict[str, Any]]:
    for row in in_pieces(Decision.objects.filter(customer_key=customer_key)):
        yield {
            "decision_id": public_id("dec", row.pk),
            "kind": row.kind,
            "made_at": row.made_at,
            "decision": for_callers(row.content, row.findings),
        }
