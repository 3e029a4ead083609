"""Acts on segments: put, delete, and replace the members of a static one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F

from common.answers import etag_of
from common.api.preconditions import check_if_match
from common.errors import DomainError, FieldError, NotFound, ValidationFailed
from customers.models import Segment
from customers.queries.segments import segment_by_reference
from journal.actions import record_audit

#: How many unknown ids a refusal names.
NAMED_ERRORS = 100


class SegmentInUse(DomainError):
    """Something names the segment; it would mean something else without it."""

    code = "in_use"


@dataclass(frozen=True, slots=True)
class WrittenSegment:
    """A segment after a write."""

    segment: Segment
    created: bool


_uses: list[Callable[[str], bool]] = []


def register_use(is_used: Callable[[str], bool]) -> None:
    """Say who may name a segment (by the shop's id); called once each, when the service starts."""
    if is_used not in _uses:
        _uses.append(is_used)


def lock_segment(reference: str) -> Segment:
    """The segment, whose row is the caller's until the transaction ends.

    Raises:
        NotFound
    """
    segment = segment_by_reference(reference, lock=True)
    if segment is None:
        raise NotFound("There is no such segment.")
    return segment


def put_segment(
    *, reference: str, name: str, if_match: str | None, actor: str, now: datetime
) -> WrittenSegment:
    """Create a static segment, empty, or rename it. Part of the caller's transaction.

    Raises:
        PreconditionFailed
    """
    segment = segment_by_reference(reference, lock=True)
    check_if_match(if_match, etag_of(segment.pk, segment.revision) if segment else None)
    if segment is None:
        segment, created = Segment.objects.get_or_create(
            reference=reference,
            defaults={
                "name": name, "kind": Segment.Kind.STATIC, "evaluated_at": now, "created_at": now,
            },
        )  # fmt: skip
        if created:
            _audit("segment.created", segment, None, {"name": name}, actor=actor, now=now)
            return WrittenSegment(segment, created=True)
        segment = lock_segment(reference)
    if segment.name != name:
        _audit("segment.updated", segment, {"name": segment.name}, {"name": name},
               actor=actor, now=now)  # fmt: skip
        segment.name, segment.revision = name, segment.revision + 1
        segment.save(update_fields=["name", "revision"])
    return WrittenSegment(segment, created=False)


def delete_segment(*, reference: str, if_match: str | None, actor: str, now: datetime) -> None:
    """Delete a segment that nothing names, and its list. Part of the caller's transaction.

    Raises:
        NotFound, PreconditionFailed, SegmentInUse
    """
    segment = lock_segment(reference)
    check_if_match(if_match, etag_of(segment.pk, segment.revision))
    if any(is_used(reference) for is_used in _uses):
        raise SegmentInUse
    before = {"name": segment.name, "member_count": segment.member_count}
    _audit("segment.deleted", segment, before, None, actor=actor, now=now)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM customers_segmentmember WHERE segment_id = %s", [segment.pk])
        cursor.execute("DELETE FROM customers_segment WHERE id = %s", [segment.pk])


def put_members(
    *,
    reference: str,
    customers: Sequence[str],
    if_match: str | None,
    actor: str,
    now: datetime,
) -> Segment:
    """Make `customers` (the shop's ids, any number, duplicates harmless) the members.

    Raises:
        NotFound, PreconditionFailed
        ValidationFailed: some of the ids are unknown, of which the first hundred are named.
    """
    segment = lock_segment(reference)
    check_if_match(if_match, etag_of(segment.pk, segment.revision))
    keys = _keys_of(customers)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM customers_segmentmember AS member
            WHERE segment_id = %s AND NOT EXISTS (
                SELECT FROM unnest(%s::bigint[]) AS key WHERE key = member.customer_id)
            """,
            [segment.pk, keys],
        )
        removed = cursor.rowcount
        cursor.execute(
            """
            INSERT INTO customers_segmentmember (segment_id, customer_id, since)
            SELECT %s, key, %s FROM unnest(%s::bigint[]) AS key ORDER BY key
            ON CONFLICT (segment_id, customer_id) DO NOTHING
            """,
            [segment.pk, now, keys],
        )
        added = cursor.rowcount
    before = {"member_count": segment.member_count}
    after = {"member_count": len(keys), "added": added, "removed": removed}
    _audit("segment.members_replaced", segment, before, after, actor=actor, now=now)
    Segment.objects.filter(pk=segment.pk).update(
        member_count=len(keys), evaluated_at=now, revision=F("revision") + 1
    )
    segment.refresh_from_db()
    return segment


def _keys_of(references: Sequence[str]) -> list[int]:
    """The keys of the customers, each once, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT customer.id, asked.nth - 1
            FROM unnest(%s::text[]) WITH ORDINALITY AS asked (reference, nth)
            LEFT JOIN customers_customer AS customer
                ON customer.reference = asked.reference COLLATE "C"
            """,
            [list(references)],
        )
        found = cursor.fetchall()
    unknown = sorted(nth for key, nth in found if key is None)[:NAMED_ERRORS]
    if unknown:
        raise ValidationFailed(
            errors=[
                FieldError(f"/customer_ids/{nth}", "unknown", "There is no such customer.")
                for nth in unknown
            ]
        )
    return sorted({key for key, _ in found})


def _audit(
    action: str, segment: Segment, before: Any, after: Any, *, actor: str, now: datetime
) -> None:
    record_audit(
        actor=actor, action=action, subject_kind="segment", subject_id=segment.reference,
        before=before, after=after, now=now,
    )  # fmt: skip
