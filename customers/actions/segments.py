"""Acts on segments: put, delete, and replace the members of a static one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F

from common.answers import as_json, etag_of
from common.api.preconditions import check_if_match
from common.errors import DomainError, FieldError, NotFound, ValidationFailed
from customers.actions.refresh import fill_soon
from customers.domain.rules import Rule, leaves_of, segments_named
from customers.models import Segment
from customers.queries.rules import read_rule
from customers.queries.segment_book import SegmentBook, read_segments
from customers.queries.segments import segment_by_reference
from journal.actions import record_audit

#: How many unknown ids a refusal names.
NAMED_ERRORS = 100
#: How many of those that name a segment a refusal tells.
NAMED_USERS = 10
#: How many conditions a rule may come to with those of the segments that it names.
MAX_LEAVES_IN_ALL = 500


class SegmentInUse(DomainError):
    """Something names the segment; it would mean something else without it."""

    code = "in_use"


@dataclass(frozen=True, slots=True)
class WrittenSegment:
    """A segment after a write."""

    segment: Segment
    created: bool


_uses: list[Callable[[str], Sequence[str]]] = []


def register_use(names_of_users: Callable[[str], Sequence[str]]) -> None:
    """Say what names a segment (by the shop's id), as paths of the API; called once each, when the
    service starts.
    """
    if names_of_users not in _uses:
        _uses.append(names_of_users)


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
    *,
    reference: str,
    name: str,
    rule: Any,
    if_match: str | None,
    actor: str,
    now: datetime,
) -> WrittenSegment:
    """Create a segment or replace what it is: with a rule (as it was sent) a dynamic one.

    A static one begins empty, or with whom its rule found last; a dynamic one is filled before the
    caller is answered, changed or not, or in background where there are many customers. Part of the
    caller's transaction.

    Raises:
        PreconditionFailed
        ValidationFailed: the rule is wrong, or names unknown segments or itself.
    """
    _take_turn()
    segment = segment_by_reference(reference, lock=True)
    check_if_match(if_match, etag_of(segment.pk, segment.revision) if segment else None)
    kind = Segment.Kind.STATIC if rule is None else Segment.Kind.DYNAMIC
    if rule is not None:
        check_references(read_rule(rule), reference=reference, book=read_segments())
    before = _shape(segment) if segment else None
    after = {"name": name, "kind": kind.value, "rule": rule}
    is_changed = as_json(before) != as_json(after)
    if segment is None:
        segment = Segment(reference=reference, created_at=now)
    elif is_changed:
        segment.revision += 1
    if is_changed:
        if before is None or as_json(before["rule"]) != as_json(rule):
            # A list that is frozen is as old as it is.
            segment.evaluated_at = None if rule is not None else segment.evaluated_at or now
        segment.name, segment.kind, segment.rule = name, kind, rule
        segment.save()
        verb = "created" if before is None else "updated"
        _audit(f"segment.{verb}", segment, before, after, actor=actor, now=now)
        _move_stamp()
    if rule is not None:
        fill_soon(reference=reference, now=now)
        segment.refresh_from_db()
    return WrittenSegment(segment, created=before is None)


def check_references(rule: Rule, *, reference: str | None, book: SegmentBook) -> None:
    """Every segment that the rule names exists, and none rests on the segment `reference` itself.

    Raises:
        ValidationFailed
    """
    errors = []
    for leaf in leaves_of(rule):
        if leaf.field != "segment":
            continue
        for nth, named in enumerate(leaf.value):
            pointer = f"{leaf.pointer}/value/{nth}"
            if named == reference or reference in _rests_on(named, book):
                errors.append(FieldError(pointer, "invalid", "A segment cannot rest on itself."))
            elif named not in book.by_reference:
                errors.append(FieldError(pointer, "unknown", "There is no such segment."))
    count = sum(1 for _ in leaves_of(rule)) + sum(
        _leaf_count(named, book) for named in segments_named(rule)
    )
    if not errors and count > MAX_LEAVES_IN_ALL:
        detail = (
            f"With the segments it names the rule has more than {MAX_LEAVES_IN_ALL} conditions."
        )
        errors.append(FieldError("/rule", "out_of_range", detail))
    if errors:
        raise ValidationFailed(errors=errors)


def _rests_on(reference: str, book: SegmentBook) -> frozenset[str]:
    """The segments that this one names, and those that they name."""
    segment = book.by_reference.get(reference)
    if segment is None or segment.rule is None:
        return frozenset()
    named = segments_named(segment.rule)
    return named.union(*[_rests_on(name, book) for name in named])


def _leaf_count(reference: str, book: SegmentBook) -> int:
    segment = book.by_reference.get(reference)
    if segment is None or segment.rule is None:
        return 1
    return sum(1 for _ in leaves_of(segment.rule)) + sum(
        _leaf_count(name, book) for name in segments_named(segment.rule)
    )


def _shape(segment: Segment) -> dict[str, Any]:
    return {"name": segment.name, "kind": segment.kind, "rule": segment.rule}


def _take_turn() -> None:
    """Changes of segments take turns, so that no two together make a circle."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO customers_segmentstamp AS stamp (id, version) VALUES (1, 0)
            ON CONFLICT (id) DO UPDATE SET version = stamp.version
            """
        )


def _move_stamp() -> None:
    """A stamp is never below the clock's microseconds: a database that was emptied or restored soon
    has a newer one than any that a web process remembers.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE customers_segmentstamp SET version = greatest(
                version + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
            WHERE id = 1
            """
        )


def delete_segment(*, reference: str, if_match: str | None, actor: str, now: datetime) -> None:
    """Delete a segment that nothing names, and its list. Part of the caller's transaction.

    Raises:
        NotFound, PreconditionFailed, SegmentInUse
    """
    _take_turn()
    segment = lock_segment(reference)
    check_if_match(if_match, etag_of(segment.pk, segment.revision))
    book = read_segments()
    users = [
        f"segments/{name}"
        for name, other in sorted(book.by_reference.items())
        if other.rule is not None and reference in segments_named(other.rule)
    ]
    users += [user for names_of_users in _uses for user in names_of_users(reference)]
    if users:
        more = ", ..." if len(users) > NAMED_USERS else ""
        raise SegmentInUse(f"It is named by {', '.join(users[:NAMED_USERS])}{more}.")
    before = {"name": segment.name, "member_count": segment.member_count}
    _audit("segment.deleted", segment, before, None, actor=actor, now=now)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM customers_segmentpassage WHERE segment_id = %s", [segment.pk])
        cursor.execute("DELETE FROM customers_segmentmember WHERE segment_id = %s", [segment.pk])
        cursor.execute("DELETE FROM customers_segment WHERE id = %s", [segment.pk])
    _move_stamp()


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
        ValidationFailed: the segment has a rule, or some of the ids are unknown, of which the first hundred are named.
    """
    segment = lock_segment(reference)
    check_if_match(if_match, etag_of(segment.pk, segment.revision))
    if segment.kind == Segment.Kind.DYNAMIC:
        detail = "The members of a dynamic segment follow from its rule."
        raise ValidationFailed(errors=[FieldError("/customer_ids", "invalid", detail)])
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
