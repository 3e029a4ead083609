"""Reads: what cashback holds of a customer."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from cashback.domain.payouts import SepaDestination
from cashback.models import Adjustment, Hold, Lot, Payout, Wallet
from cashback.queries.payouts import destination_of
from cashback.queries.statement import entries
from common.rows import PIECE, in_pieces


def personal_data(*, customer_key: int) -> Mapping[str, Iterator[dict[str, Any]]]:
    """The customer's wallets, statement, lots, holds, payouts and adjustments, in plain values."""
    return {
        "cashback_wallets": _wallets(customer_key),
        "cashback_entries": _entries(customer_key),
        "cashback_lots": _lots(customer_key),
        "cashback_holds": _holds(customer_key),
        "cashback_payouts": _payouts(customer_key),
        "cashback_adjustments": _adjustments(customer_key),
    }


def _wallets(customer_key: int) -> Iterator[dict[str, Any]]:
    names = ("currency", "pending", "available", "held", "debt", "created_at")
    for wallet in in_pieces(Wallet.objects.filter(customer_id=customer_key)):
        yield {name: getattr(wallet, name) for name in names}


def _entries(customer_key: int) -> Iterator[dict[str, Any]]:
    for wallet in in_pieces(Wallet.objects.filter(customer_id=customer_key)):
        after = None
        while piece := entries(
            customer_key=customer_key, currency=wallet.currency, after=after, limit=PIECE
        ):
            for entry in piece:
                told = msgspec.structs.asdict(entry)
                after = (told.pop("posting_key"), told.pop("place"))
                yield {"currency": wallet.currency, **told}


def _lots(customer_key: int) -> Iterator[dict[str, Any]]:
    rows = Lot.objects.filter(wallet__customer_id=customer_key)
    names = ("amount", "remaining", "available_at", "expires_at", "created_at")
    for lot in in_pieces(rows.select_related("wallet", "order", "rule").prefetch_related("shares")):
        yield {
            "currency": lot.wallet.currency,
            **{name: getattr(lot, name) for name in names},
            "order_id": lot.order.reference if lot.order else None,
            "rule_id": lot.rule.reference if lot.rule else None,
            "promotion_id": lot.promotion_reference or None,
            "lines": {share.line_id: share.amount for share in lot.shares.all()},
        }


def _holds(customer_key: int) -> Iterator[dict[str, Any]]:
    rows = Hold.objects.filter(wallet__customer_id=customer_key)
    for hold in in_pieces(rows.select_related("wallet").prefetch_related("outcomes")):
        yield {
            "currency": hold.wallet.currency,
            "purpose": hold.purpose,
            "amount": hold.amount,
            "created_at": hold.created_at,
            "outcomes": [outcome.outcome for outcome in hold.outcomes.all()],
        }


def _payouts(customer_key: int) -> Iterator[dict[str, Any]]:
    names = ("amount", "status", "reason", "failure", "requested_at", "submitted_at", "ended_at")
    rows = Payout.objects.filter(wallet__customer_id=customer_key)
    for payout in in_pieces(rows.select_related("wallet")):
        full = destination_of(payout)
        yield {
            "currency": payout.wallet.currency,
            **{name: getattr(payout, name) or None for name in names},
            "provider": payout.provider,
            "account": payout.masked or None,
            "name": full.name if isinstance(full, SepaDestination) else None,
        }


def _adjustments(customer_key: int) -> Iterator[dict[str, Any]]:
    rows = Adjustment.objects.filter(wallet__customer_id=customer_key)
    for adjustment in in_pieces(rows.select_related("wallet")):
        yield {
            "currency": adjustment.wallet.currency,
            "amount": adjustment.amount,
            "reason": adjustment.reason,
            "created_at": adjustment.created_at,
        }
