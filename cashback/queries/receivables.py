"""Reads: what a partner owes, and why. Of customers nothing is told but the shop's ids of orders.

Transfers have no index by account, which every order would pay for: these look at all of them, so ask
by the month.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from cashback.domain.receivables import Receivable, ReceivableEntry

#: Each transfer of the partner's accounts; `owed` is above zero where they pay a share.
_TRANSFERS = """
    SELECT transfer.id, transfer.posting_id, transfer.lot_id, account.currency,
        CASE transfer.debit_account_id WHEN account.id THEN transfer.amount ELSE -transfer.amount END
            AS owed
    FROM cashback_account AS account
    JOIN cashback_transfer AS transfer
        ON account.id IN (transfer.debit_account_id, transfer.credit_account_id)
    WHERE account.partner_id = %(partner)s"""
_SUMS = f"""
    SELECT share.currency,
        coalesce(sum(owed) FILTER (WHERE posting.at < %(since)s), 0)::bigint,
        coalesce(sum(owed) FILTER (
            WHERE posting.at >= %(since)s AND posting.kind = 'earn'), 0)::bigint,
        coalesce(-sum(owed) FILTER (
            WHERE posting.at >= %(since)s AND posting.kind NOT IN ('earn', 'settle')), 0)::bigint,
        coalesce(-sum(owed) FILTER (
            WHERE posting.at >= %(since)s AND posting.kind = 'settle'), 0)::bigint
    FROM ({_TRANSFERS}) AS share
    JOIN cashback_posting AS posting ON posting.id = share.posting_id
    WHERE posting.at < %(until)s
    GROUP BY share.currency ORDER BY share.currency
"""
_ENTRIES = f"""
    SELECT share.id, posting.at, posting.kind, share.currency, share.owed, placed.reference,
        rule.reference, settlement.reference
    FROM ({_TRANSFERS}) AS share
    JOIN cashback_posting AS posting ON posting.id = share.posting_id
    LEFT JOIN cashback_lot AS lot ON lot.id = share.lot_id
    LEFT JOIN cashback_rule AS rule ON rule.id = lot.rule_id
    LEFT JOIN customers_order AS placed ON placed.id = coalesce(posting.order_id, lot.order_id)
    LEFT JOIN cashback_settlement AS settlement ON settlement.settlement_id
        = CASE posting.source_kind WHEN 'settlement' THEN posting.source_ref::uuid END
    WHERE posting.at >= %(since)s AND posting.at < %(until)s AND share.id > %(after)s
    ORDER BY share.id LIMIT %(limit)s
"""
_PIECE = 20_000


def receivables(*, partner_key: int, since: datetime, until: datetime) -> list[Receivable]:
    """What came of the partner's accounts in a period, by currency. 1 statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, {"partner": partner_key, "since": since, "until": until})
        return [Receivable(*row) for row in cursor.fetchall()]


def receivable_entries(
    *, partner_key: int, since: datetime, until: datetime, after: int | None = None, limit: int
) -> list[ReceivableEntry]:
    """Up to `limit` transfers of a period, as they were booked, from the one after the key. 1 statement."""
    parameters: dict[str, Any] = {
        "partner": partner_key,
        "since": since,
        "until": until,
        "after": after or 0,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, parameters)
        return [ReceivableEntry(*row) for row in cursor.fetchall()]


def all_receivable_entries(
    *, partner_key: int, since: datetime, until: datetime
) -> Iterator[ReceivableEntry]:
    """All of them, read in pieces."""
    after = 0
    while piece := receivable_entries(
        partner_key=partner_key, since=since, until=until, after=after, limit=_PIECE
    ):
        yield from piece
        after = piece[-1].key
