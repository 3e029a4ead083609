"""Sealing what was booked, in background: no posting waits for that."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from cashback.domain.seals import NOTHING_BEFORE, Block, Head, Key, content_of, hash_of
from cashback.queries.clusters import CLUSTER
from cashback.queries.seal_keys import seal_keys
from cashback.queries.seals import LastSeal, digests_of, last_head_told, last_seal
from cashback.queries.shop import shop_zone
from journal.actions import record_audit

log = logging.getLogger(__name__)

#: Postings of one block.
BATCH = 10_000

#: Whatever was written by older transactions is committed, and nothing more will come of them.
_HORIZON = f"SELECT {CLUSTER}, txid_snapshot_xmin(txid_current_snapshot())"
_OVER = """
    SELECT id FROM cashback_posting WHERE xid >= %s AND xid < %s AND id > %s ORDER BY id
"""
# Numbers of transactions begin anew in another cluster, so that those of the rows that were restored mean
# nothing there. All of these are there already; while the table is locked nobody adds others.
_LOCK = "LOCK TABLE cashback_posting IN SHARE MODE"
_RESTORED = """
    SELECT id FROM cashback_posting WHERE id NOT IN (SELECT unnest(postings) FROM cashback_seal)
    ORDER BY id
"""
_FLOOR = "SELECT coalesce(max(id), 0) FROM cashback_posting"
_INSERT = """
    INSERT INTO cashback_seal (number, postings, digests, horizon, floor, cluster, previous, hash,
        key_id, sealed_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


def seal(*, now: datetime, batch: int = BATCH) -> int:
    """Seal the postings whose transactions are over, in blocks of `batch`; how many there were.

    In a transaction of its own; of two runs at once one does the work. Whatever has been sealed cannot be
    changed without being found, by whoever does not know the key.

    Raises:
        ImproperlyConfigured: LEDGER_KEYS.
    """
    key = seal_keys()[0]
    with transaction.atomic():
        last = last_seal()
        cluster, horizon = _horizon()
        if last is not None and last.cluster != cluster:
            _execute(_LOCK)
            _, horizon = _horizon()
            postings, floor = _execute(_RESTORED), _execute(_FLOOR)[0]
        else:
            floor = last.floor if last else 0
            postings = _execute(_OVER, [last.horizon if last else 0, horizon, floor])
            if not postings:
                return 0
        done = _Chain(last, cluster=cluster, key=key, now=now).add(
            postings, horizon=horizon, floor=floor, batch=batch
        )
    return len(postings) if done else 0


def publish_head(*, now: datetime) -> Head | None:
    """Once a day: tell the end of the chain, so that a chain made anew is found out.

    It goes to the audit trail and to the log, which leaves the database. `verify_ledger` compares
    the chain with all that the audit trail says, and with what it is given from elsewhere. None where there
    is nothing new to tell.
    """
    last = last_seal()
    told = last_head_told()
    if last is None or (told is not None and not _is_new(last, *told, now=now)):
        return None
    with transaction.atomic():
        record_audit(
            actor="system",
            action="ledger.head_published",
            subject_kind="ledger",
            subject_id="head",
            after={"head": str(last.head)},
            now=now,
        )
    log.warning("head of the ledger: %s", last.head)
    return last.head


class _Chain:
    """The end of the chain, where blocks are added."""

    def __init__(self, last: LastSeal | None, *, cluster: int, key: Key, now: datetime) -> None:
        self.head = last.head if last else Head(0, NOTHING_BEFORE)
        self.horizon, self.floor = (last.horizon, last.floor) if last else (0, 0)
        self.cluster, self.key, self.now = cluster, key, now

    def add(self, postings: Sequence[int], *, horizon: int, floor: int, batch: int) -> bool:
        """In blocks, of which only the last says that all is sealed; False: somebody else was first."""
        starts = range(0, len(postings) or 1, batch)
        for start in starts:
            if start == starts[-1]:
                self.horizon, self.floor = horizon, floor
            if not self._add_block(postings[start : start + batch]):
                return False
        return True

    def _add_block(self, postings: Sequence[int]) -> bool:
        digests = digests_of(postings)
        block = Block(
            number=self.head.number + 1,
            previous=self.head.hash,
            content=content_of(digests),
            horizon=self.horizon,
            floor=self.floor,
            cluster=self.cluster,
            key_id=self.key.key_id,
            sealed_at=self.now,
        )
        self.head = Head(block.number, hash_of(block, secret=self.key.secret))
        with connection.cursor() as cursor:
            cursor.execute(
                _INSERT,
                [
                    block.number, [key for key, _ in digests], [digest for _, digest in digests],
                    block.horizon, block.floor, block.cluster, block.previous, self.head.hash,
                    block.key_id, block.sealed_at,
                ],
            )  # fmt: skip
            return bool(cursor.rowcount)


def _is_new(last: LastSeal, number: int, told_at: datetime, *, now: datetime) -> bool:
    zone = shop_zone()
    is_new_day = told_at.astimezone(zone).date() < now.astimezone(zone).date()
    return is_new_day and number < last.head.number


def _horizon() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_HORIZON)
        cluster, horizon = cursor.fetchone()
    return cluster, horizon


def _execute(sql: str, parameters: Sequence[int] = ()) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [value for (value,) in cursor.fetchall()] if cursor.description else []
