"""Reads: a customer's statement, newest first, a page at a time."""

from datetime import datetime

from django.db import connection

from cashback.domain.entries import Entry
from cashback.models import Wallet
from common.statements import Statement

#: Before every other place.
_NEWEST = (2**62, 2**62)

#: Each transfer has two sides; those of one posting on one account, about one lot, are one entry.
ENTRIES = """
    SELECT posting.id, entry.place, posting.at, posting.kind, entry.account, entry.amount,
        entry.after, placed.reference, rule.reference, nullif(lot.promotion_reference, ''),
        adjustment.reason, lot.expires_at
    FROM cashback_posting AS posting
    CROSS JOIN LATERAL (
        SELECT account.kind AS account, side.lot_id, 
            (CASE account.kind WHEN 'debt' THEN -1 ELSE 1 END * sum(side.amount))::bigint AS amount,
            max(side.place) AS place,
            (array_agg(side.after ORDER BY side.place DESC))[1] AS after
        FROM (
            SELECT debit_account_id AS account_id, lot_id, -amount AS amount, debit_after AS after,
                2 * id AS place
            FROM cashback_transfer WHERE posting_id = posting.id AND debit_after IS NOT NULL
            UNION ALL
            SELECT credit_account_id, lot_id, amount, credit_after, 2 * id + 1
            FROM cashback_transfer WHERE posting_id = posting.id AND credit_after IS NOT NULL
        ) AS side
        JOIN cashback_account AS account ON account.id = side.account_id
        GROUP BY account.kind, side.lot_id
    ) AS entry
    LEFT JOIN cashback_lot AS lot ON lot.id = entry.lot_id
    LEFT JOIN cashback_rule AS rule ON rule.id = lot.rule_id
    LEFT JOIN customers_order AS placed ON placed.id = coalesce(posting.order_id, lot.order_id)
    LEFT JOIN cashback_adjustment AS adjustment ON adjustment.adjustment_id
        = CASE posting.source_kind WHEN 'adjustment' THEN posting.source_ref::uuid END"""
_PAGE = Statement(
    "cashback_statement",
    f"""
    {ENTRIES}
    WHERE posting.wallet_id = (SELECT id FROM cashback_wallet
            WHERE customer_id = %(customer)s::bigint AND currency = %(currency)s::text)
        AND posting.id <= %(posting)s::bigint
        AND (posting.id, entry.place) < (%(posting)s::bigint, %(place)s::bigint)
    ORDER BY posting.id DESC, entry.place DESC
    LIMIT %(limit)s::int
    """,
)


def entries(
    *,
    customer_key: int,
    currency: str,
    after: tuple[int, int] | None = None,
    limit: int,
) -> list[Entry]:
    """Up to `limit` entries, newest first, from the one after the place `after`. 1 statement.

    A place is an entry's `posting_key` and `place`. Only what was booked: touch the wallet before.
    """
    posting, place = after or _NEWEST
    parameters = {
        "customer": customer_key,
        "currency": currency,
        "posting": posting,
        "place": place,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        _PAGE.run(cursor, parameters)
        return [Entry(*row) for row in cursor.fetchall()]


def currencies_of(customer_key: int) -> list[str]:
    """The currencies in which the customer has a wallet, by name."""
    rows = Wallet.objects.filter(customer_id=customer_key).order_by("currency")
    return list(rows.values_list("currency", flat=True))


def has_due(customer_key: int, *, now: datetime) -> bool:
    """Whether anything of the customer's may be due, so that it is to be booked."""
    return Wallet.objects.filter(customer_id=customer_key, due_at__lte=now).exists()
