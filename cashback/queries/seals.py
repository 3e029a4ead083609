"""Reads: what is sealed, and what postings with all that belongs to them look like to the seal."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from cashback.domain.seals import Head, parsed_head
from cashback.queries.clusters import CLUSTER
from common.statements import value_array

# What is hashed of a posting: its own row, its transfers, allocations, lots with their shares, holds and
# outcomes, each as PostgreSQL sends it in binary, so that no setting of a session matters. Columns that
# move are left out, and told types stay the same whatever becomes of the columns. Accounts and the wallet
# are told with whose they are; of a lot its dates once nothing moves them any more.
_POSTING = """ROW(posting.id::bigint, posting.wallet_id::bigint, wallet.customer_id::bigint,
    wallet.currency::text, posting.kind::text, posting.source_kind::text, posting.source_ref::text,
    posting.sequence::int, posting.order_id::bigint, posting.at::timestamptz,
    posting.posted_at::timestamptz, posting.actor::text, posting.xid::bigint)"""
_TRANSFER = """ROW(transfer.id::bigint, debit.id::bigint, debit.kind::text, debit.wallet_id::bigint,
    debit.partner_id::bigint, credit.id::bigint, credit.kind::text, credit.wallet_id::bigint,
    credit.partner_id::bigint, transfer.currency::text, transfer.amount::bigint,
    transfer.lot_id::bigint, transfer.debit_after::bigint, transfer.credit_after::bigint,
    matured.available_at::timestamptz, matured.expires_at::timestamptz)"""
_ALLOCATION = """ROW(allocation.id::bigint, allocation.lot_id::bigint, allocation.hold_id::uuid,
    allocation.amount::bigint)"""
_LOT = """ROW(lot.id::bigint, lot.wallet_id::bigint, lot.amount::bigint, lot.order_id::bigint,
    lot.rule_id::bigint, lot.promotion_reference::text, lot.origin_id::bigint, lot.partner_id::bigint,
    lot.partner_amount::bigint, lot.partner_percent::bigint, lot.clawback::text,
    lot.pending_days::int, lot.expires_after_days::int, lot.terms::text,
    lot.created_at::timestamptz,
    CASE WHEN lot.order_id IS NULL OR lot.origin_id IS NOT NULL THEN lot.available_at END::timestamptz,
    CASE WHEN lot.order_id IS NULL OR lot.origin_id IS NOT NULL THEN lot.expires_at END::timestamptz)"""
_SHARE = """ROW(share.line_id::text, share.position::int, share.amount::bigint)"""
_HOLD = """ROW(hold.id::uuid, hold.wallet_id::bigint, hold.purpose::text, hold.reference::uuid,
    hold.number::int, hold.amount::bigint, hold.created_at::timestamptz)"""
_OUTCOME = """ROW(outcome.hold_id::uuid, outcome.stage::text, outcome.outcome::text)"""


# Which rows: those of a few postings, by indexes.
_ALL = dict.fromkeys(("posting", "transfer", "allocation", "lot", "share", "hold", "outcome"), "")
_SOME = {
    "posting": "WHERE posting.id = ANY (%(postings)s::bigint[])",
    "transfer": "WHERE transfer.posting_id = ANY (%(postings)s::bigint[])",
    "allocation": "WHERE allocation.posting_id = ANY (%(postings)s::bigint[])",
    "lot": "WHERE lot.id = ANY (%(lots)s::bigint[]) AND lot.posting_id = ANY (%(postings)s::bigint[])",
    "share": "WHERE share.lot_id = ANY (%(lots)s::bigint[])",
    "hold": "WHERE hold.id = ANY (%(holds)s::uuid[]) AND hold.posting_id = ANY (%(postings)s::bigint[])",
    "outcome": "WHERE outcome.posting_id = ANY (%(postings)s::bigint[])",
}


def _digests(which: Mapping[str, str]) -> str:
    """SQL for each posting's key, transaction and digest."""
    return f"""
    SELECT posting.id AS posting_id, posting.xid,
        sha256(record_send({_POSTING}) || coalesce(transfers.sent, '') || coalesce(taken.sent, '')
            || coalesce(made.sent, '') || coalesce(holds.sent, '') || coalesce(ends.sent, ''))
            AS digest
    FROM cashback_posting AS posting
    LEFT JOIN cashback_wallet AS wallet ON wallet.id = posting.wallet_id
    LEFT JOIN (
        SELECT transfer.posting_id,
            string_agg(record_send({_TRANSFER}), '' ORDER BY transfer.id) AS sent
        FROM cashback_transfer AS transfer
        LEFT JOIN cashback_account AS debit ON debit.id = transfer.debit_account_id
        LEFT JOIN cashback_account AS credit ON credit.id = transfer.credit_account_id
        LEFT JOIN cashback_lot AS matured ON matured.id = transfer.lot_id
            AND debit.kind = 'pending' AND credit.kind IN ('available', 'debt')
        {which["transfer"]} GROUP BY transfer.posting_id
    ) AS transfers ON transfers.posting_id = posting.id
    LEFT JOIN (
        SELECT allocation.posting_id,
            string_agg(record_send({_ALLOCATION}), '' ORDER BY allocation.id) AS sent
        FROM cashback_allocation AS allocation
        {which["allocation"]} GROUP BY allocation.posting_id
    ) AS taken ON taken.posting_id = posting.id
    LEFT JOIN (
        SELECT lot.posting_id, string_agg(record_send({_LOT}) || coalesce(shares.sent, ''), ''
            ORDER BY lot.id) AS sent
        FROM cashback_lot AS lot
        LEFT JOIN (
            SELECT share.lot_id, string_agg(record_send({_SHARE}), ''
                ORDER BY share.line_id COLLATE "C") AS sent
            FROM cashback_lotshare AS share {which["share"]} GROUP BY share.lot_id
        ) AS shares ON shares.lot_id = lot.id
        {which["lot"]} GROUP BY lot.posting_id
    ) AS made ON made.posting_id = posting.id
    LEFT JOIN (
        SELECT hold.posting_id, string_agg(record_send({_HOLD}), '' ORDER BY hold.id) AS sent
        FROM cashback_hold AS hold {which["hold"]} GROUP BY hold.posting_id
    ) AS holds ON holds.posting_id = posting.id
    LEFT JOIN (
        SELECT outcome.posting_id, string_agg(record_send({_OUTCOME}), ''
            ORDER BY outcome.hold_id, outcome.stage COLLATE "C") AS sent
        FROM cashback_holdoutcome AS outcome {which["outcome"]} GROUP BY outcome.posting_id
    ) AS ends ON ends.posting_id = posting.id
    {which["posting"]}"""


#: Every posting as it is now.
DIGESTS = _digests(_ALL)
_OF = f"{_digests(_SOME)} ORDER BY posting.id"
_LOTS_AND_HOLDS = """
    SELECT ARRAY(SELECT lot_id FROM cashback_transfer
            WHERE posting_id = ANY (%(postings)s::bigint[]) AND lot_id IS NOT NULL
        UNION SELECT id FROM cashback_lot
            WHERE posting_id = ANY (%(postings)s::bigint[]) AND origin_id IS NOT NULL),
        ARRAY(SELECT hold_id::text FROM cashback_allocation
            WHERE posting_id = ANY (%(postings)s::bigint[]) AND hold_id IS NOT NULL)
"""
_LAST = """
    SELECT number, hash, horizon, floor, cluster, sealed_at FROM cashback_seal
    ORDER BY number DESC LIMIT 1
"""
# Numbers of transactions mean nothing in another cluster, into which a database was restored.
_UNSEALED = f"""
    WITH last AS (
        SELECT horizon, floor, cluster = {CLUSTER} AS is_here
        FROM cashback_seal ORDER BY number DESC LIMIT 1
    )
    SELECT count(*), min(posted_at) FROM cashback_posting AS posting LEFT JOIN last ON true
    WHERE CASE WHEN is_here THEN posting.xid >= last.horizon AND posting.id > last.floor
        ELSE posting.id NOT IN (SELECT unnest(postings) FROM cashback_seal) END
"""
# What `cashback.actions.seal.publish_head` has written.
_TOLD = """
    SELECT after->>'head', at FROM journal_auditentry
    WHERE subject_kind = 'ledger' AND subject_id = 'head' ORDER BY id DESC
"""


class LastSeal(NamedTuple):
    """The end of the chain."""

    head: Head
    horizon: int
    floor: int
    cluster: int
    sealed_at: datetime


class Unsealed(NamedTuple):
    """Postings that no block covers yet: they are as safe as the database is."""

    postings: int
    since: datetime | None


def last_seal() -> LastSeal | None:
    """The newest block; None before the first."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST)
        row = cursor.fetchone()
    if row is None:
        return None
    number, found, *rest = row
    return LastSeal(Head(number, bytes(found)), *rest)


def last_head_told() -> tuple[int, datetime] | None:
    """The number of the head that was published last, and when; None: none was."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_TOLD} LIMIT 1")
        row = cursor.fetchone()
    return (parsed_head(row[0]).number, row[1]) if row else None


def heads_told() -> list[Head]:
    """Every head that was published."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD)
        return [parsed_head(head) for head, _ in cursor.fetchall()]


def unsealed() -> Unsealed:
    """What waits for the next run, and what is still being written."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSEALED)
        return Unsealed(*cursor.fetchone())


def digests_of(postings: Sequence[int]) -> list[tuple[int, bytes]]:
    """Key and digest of these postings, by key. 2 statements."""
    with connection.cursor() as cursor:
        cursor.execute(_LOTS_AND_HOLDS, {"postings": value_array(postings)})
        lots, holds = cursor.fetchone()
        cursor.execute(
            _OF,
            {
                "postings": value_array(postings),
                "lots": value_array(lots),
                "holds": value_array(holds),
            },
        )
        return [(key, bytes(digest)) for key, _, digest in cursor.fetchall()]
