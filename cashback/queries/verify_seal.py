"""Proof: what was booked is as it was sealed, and the seals are one chain with what was told of it.

Meant for the snapshot of `manage.py verify_ledger`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from cashback.domain.seals import NOTHING_BEFORE, Block, Head, hash_of
from cashback.queries.clusters import CLUSTER
from cashback.queries.seal_keys import seal_keys
from cashback.queries.seals import DIGESTS, heads_told
from cashback.queries.verify import Breach

AS_SEALED = "what was booked is as it was sealed"
ONE_CHAIN = "the seals are one chain, made with our keys"
AS_TOLD = "the chain holds every head that was published"
CHECKS = (AS_SEALED, ONE_CHAIN, AS_TOLD)

# What no block names is the tail that waits, or was put in later under a number that is long over. Which
# numbers are over nobody knows after a restore into another cluster, until the first seal there.
_POSTINGS = f"""
    WITH last AS MATERIALIZED (
        SELECT horizon, floor, cluster = {CLUSTER} AS is_here
        FROM cashback_seal ORDER BY number DESC LIMIT 1
    ), sealed AS (
        SELECT number, named.posting_id, named.digest
        FROM cashback_seal, unnest(postings, digests) AS named (posting_id, digest)
    ), found AS ({DIGESTS}), wrong AS MATERIALIZED (
        SELECT coalesce(sealed.posting_id, found.posting_id) AS id, sealed.number,
            found.posting_id IS NULL AS is_gone
        FROM sealed FULL JOIN found ON found.posting_id = sealed.posting_id
        WHERE sealed.digest IS DISTINCT FROM found.digest AND (sealed.posting_id IS NOT NULL
            OR EXISTS (SELECT FROM last WHERE is_here
                AND (found.xid < last.horizon OR found.posting_id <= last.floor)))
    )
    SELECT wrong.id, wrong.number, wrong.is_gone, posting.kind, posting.source_kind,
        posting.source_ref, wallet.customer_id, seal.sealed_at
    FROM wrong
    LEFT JOIN cashback_posting AS posting ON posting.id = wrong.id
    LEFT JOIN cashback_wallet AS wallet ON wallet.id = posting.wallet_id
    LEFT JOIN cashback_seal AS seal ON seal.number = wrong.number
    ORDER BY wrong.id
"""
_CHAIN = """
    SELECT number, previous, hash, coalesce(content, sha256('')), horizon, floor, cluster, key_id,
        sealed_at, postings[1], postings[cardinality(postings)]
    FROM cashback_seal LEFT JOIN LATERAL (
        SELECT sha256(string_agg(int8send(posting_id) || digest, '' ORDER BY place)) AS content
        FROM unnest(postings, digests) WITH ORDINALITY AS named (posting_id, digest, place)
    ) AS hashed ON true
    ORDER BY number
"""


class _Link(NamedTuple):
    """A block as it stands, with the hash that it bears."""

    block: Block
    hash: bytes
    first: int | None
    last: int | None

    def __str__(self) -> str:
        return f"seal {self.block.number} (postings {self.first} to {self.last})"


def seal_breaches(*, heads: Sequence[Head] = ()) -> Iterator[Breach]:
    """Every posting that is not as it was sealed, the first one first, and every break of the chain.

    `heads` were published, as those that the audit trail tells of.
    """
    yield from _postings()
    chain = _chain()
    yield from _breaks(chain)
    found = {link.block.number: link.hash for link in chain}
    for head in dict.fromkeys([*heads_told(), *heads]):
        if found.get(head.number) != head.hash:
            there = found.get(head.number)
            yield Breach(
                AS_TOLD, f"seal {head.number}", there.hex() if there else "gone", head.hash.hex()
            )


def _postings() -> Iterator[Breach]:
    with connection.cursor() as cursor:
        cursor.execute(_POSTINGS)
        for key, number, is_gone, kind, source, ref, customer, sealed_at in cursor.fetchall():
            row = f"posting {key}"
            if not is_gone:
                row += f" ({kind} of {source} {ref}, customer {customer})"
            if number is None:
                yield Breach(AS_SEALED, row, "booked before the last seal", "put in after it")
            else:
                says = "gone" if is_gone else "something else"
                yield Breach(AS_SEALED, row, says, f"as sealed {_told(sealed_at)} by {number}")


def _told(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M}"


def _chain() -> list[_Link]:
    with connection.cursor() as cursor:
        cursor.execute(_CHAIN)
        return [_link(*row) for row in cursor.fetchall()]


def _link(
    number: int,
    previous: memoryview,
    hashed: memoryview,
    content: memoryview,
    horizon: int,
    floor: int,
    cluster: int,
    key_id: str,
    sealed_at: datetime,
    first: int | None,
    last: int | None,
) -> _Link:
    block = Block(
        number=number,
        previous=bytes(previous),
        content=bytes(content),
        horizon=horizon,
        floor=floor,
        cluster=cluster,
        key_id=key_id,
        sealed_at=sealed_at,
    )
    return _Link(block, bytes(hashed), first, last)


def _breaks(chain: Sequence[_Link]) -> Iterator[Breach]:
    """Each block against the one before and against its own hash."""
    secrets = dict(seal_keys())
    before = Head(0, NOTHING_BEFORE)
    for link in chain:
        block = link.block
        secret = secrets.get(block.key_id)
        if (block.number, block.previous) != (before.number + 1, before.hash):
            yield Breach(ONE_CHAIN, str(link), f"after {block.previous.hex()}", f"after {before}")
        if secret is None:
            yield Breach(ONE_CHAIN, str(link), f"key {block.key_id}", "no such key")
        elif hash_of(block, secret=secret) != link.hash:
            yield Breach(ONE_CHAIN, str(link), link.hash.hex(), "another hash")
        before = Head(block.number, link.hash)
