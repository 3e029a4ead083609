"""What partners owe, and what they paid, over REST."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from cashback.domain.receivables import Receivable, ReceivableEntry
from cashback.models import Settlement
from common.api.csv_files import csv_chunks
from common.fields import Currency, Instant, ShopId, ShortText
from common.ids import public_id
from common.money import MAX_AMOUNT

_COLUMNS = ("at", "kind", "currency", "amount", "order_id", "rule_id", "reference")


class ReceivableResponse(Struct, frozen=True, kw_only=True):
    """What came of a partner's account in one currency; minor units."""

    currency: Currency
    #: What was owed when the month began; below zero the shop owed the partner.
    opening: int
    #: Their share of what was earned.
    funded: int
    #: Their share of what was taken back.
    returned: int
    #: What they paid.
    settled: int
    #: What is owed when the month ends, or as it is now.
    closing: int


class ReceivablesResponse(Struct, frozen=True, kw_only=True):
    """A month of a partner's account: `closing = opening + funded - returned - settled`."""

    partner_id: ShopId
    #: The month's first instant, and the next month's.
    since: datetime
    until: datetime
    currencies: list[ReceivableResponse]


class ReceivableEntryResponse(Struct, frozen=True, kw_only=True):
    """What one event did to what a partner owes."""

    at: datetime
    #: `earn`: their share of what an order earned; `take_back`: of what came back; `settle`: they paid.
    kind: Literal["earn", "take_back", "settle"]
    currency: Currency
    #: By how much more is owed, minor units; below zero by how much less.
    amount: int
    order_id: str | None
    rule_id: str | None
    #: What the payment is found by.
    reference: str | None


class SettlePartnerRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A payment of a partner's."""

    currency: Currency
    #: Minor units; below zero for what went back to the partner, or was recorded wrongly.
    amount: Annotated[int, Meta(ge=-MAX_AMOUNT, le=MAX_AMOUNT, examples=[12000])]
    #: What the payment is found by: an invoice, a bank's reference.
    reference: Annotated[ShortText, Meta(min_length=1)]
    #: When the money came; null: now. The books go by the instant of the call.
    received_at: Instant | None = None


class SettlementResponse(Struct, frozen=True, kw_only=True):
    """A payment as it was recorded."""

    settlement_id: Annotated[str, Meta(pattern="^stl_[0-9a-f]{32}$")]
    partner_id: ShopId
    currency: Currency
    amount: int
    reference: str
    received_at: datetime
    created_at: datetime


def receivables_response(
    partner_id: str, *, since: datetime, until: datetime, rows: Iterable[Receivable]
) -> ReceivablesResponse:
    """A month as its answer."""
    return ReceivablesResponse(
        partner_id=partner_id,
        since=since,
        until=until,
        currencies=[
            ReceivableResponse(
                currency=row.currency,
                opening=row.opening,
                funded=row.funded,
                returned=row.returned,
                settled=row.settled,
                closing=row.closing,
            )
            for row in rows
        ],
    )


def receivable_entry_response(entry: ReceivableEntry) -> ReceivableEntryResponse:
    """The entry as its answer."""
    return ReceivableEntryResponse(**{name: getattr(entry, name) for name in _COLUMNS})


def receivable_chunks(entries: Iterable[ReceivableEntry]) -> Iterator[bytes]:
    """The entries as CSV with a header, in pieces."""
    return csv_chunks(_COLUMNS, ([getattr(entry, name) for name in _COLUMNS] for entry in entries))


def settlement_response(settlement: Settlement) -> SettlementResponse:
    """The payment as its answer."""
    return SettlementResponse(
        settlement_id=public_id("stl", settlement.settlement_id),
        partner_id=settlement.partner.reference,
        currency=settlement.currency,
        amount=settlement.amount,
        reference=settlement.reference,
        received_at=settlement.received_at,
        created_at=settlement.created_at,
    )
