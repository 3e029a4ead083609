"""Reads: what a customer's accounts did between two instants, and in which months they did anything."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from cashback.domain.entries import Entry
from cashback.queries.statement import ENTRIES
from common.statements import Statement

_WALLET = """(SELECT id FROM cashback_wallet
            WHERE customer_id = %(customer)s::bigint AND currency = %(currency)s::text)"""
_PERIOD = Statement(
    "cashback_period",
    f"""
    {ENTRIES}
    WHERE posting.wallet_id = {_WALLET}
        AND posting.at >= %(since)s::timestamptz AND posting.at < %(until)s::timestamptz
    ORDER BY posting.at, posting.id, entry.place
    """,
)
_BEFORE = Statement(
    "cashback_balances_before",
    f"""
    SELECT account.kind,
        (CASE account.kind WHEN 'debt' THEN -1 ELSE 1 END * sum(side.amount))::bigint
    FROM cashback_posting AS posting
    JOIN cashback_transfer AS transfer ON transfer.posting_id = posting.id
    CROSS JOIN LATERAL (VALUES (transfer.debit_account_id, -transfer.amount),
        (transfer.credit_account_id, transfer.amount)) AS side (account_id, amount)
    JOIN cashback_account AS account ON account.id = side.account_id
        AND account.wallet_id = posting.wallet_id
    WHERE posting.wallet_id = {_WALLET} AND posting.at < %(since)s::timestamptz
    GROUP BY account.kind
    """,
)
_MONTHS = Statement(
    "cashback_months",
    f"""
    SELECT DISTINCT date_trunc('month', at AT TIME ZONE %(zone)s::text)::date
    FROM cashback_posting WHERE wallet_id = {_WALLET} ORDER BY 1 DESC
    """,
)


class Period(NamedTuple):
    """What stood on each account before the period (none: 0), and its entries, oldest first."""

    opening: Mapping[str, int]
    entries: list[Entry]


def period_of(*, customer_key: int, currency: str, since: datetime, until: datetime) -> Period:
    """What happened from `since` until `until` (excluded), by when it happened. 2 statements.

    Only what was booked: touch the wallet before.
    """
    parameters = {
        "customer": customer_key,
        "currency": currency,
        "since": since,
        "until": until,
    }
    with connection.cursor() as cursor:
        _BEFORE.run(cursor, {name: parameters[name] for name in ("customer", "currency", "since")})
        opening = dict(cursor.fetchall())
        _PERIOD.run(cursor, parameters)
        return Period(opening, [Entry(*row) for row in cursor.fetchall()])


def months_of(*, customer_key: int, currency: str, zone: ZoneInfo) -> list[date]:
    """The first day of each month in which anything was booked, the latest first. 1 statement."""
    parameters = {"customer": customer_key, "currency": currency, "zone": zone.key}
    with connection.cursor() as cursor:
        _MONTHS.run(cursor, parameters)
        return [month for (month,) in cursor.fetchall()]
