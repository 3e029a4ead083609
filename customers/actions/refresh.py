"""Filling segments: who is in a dynamic segment now, and who entered or left it since.

Set-based, and only what changed is written. Nothing here stands in the way of a checkout: rules are
evaluated live there, and no row of a customer is locked.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Min, Q

from customers.domain.rules import Rule, leaves_of, segments_named
from customers.models import RfmThreshold, Segment
from customers.queries.fields.orders import figures_at_now
from customers.queries.segment_book import SegmentBook, read_segments
from customers.queries.segment_sql import SegmentDefinition, members_sql
from customers.queries.segments import segment_by_reference
from journal.actions import queue_job
from journal.queries import has_open_job

JOB_KIND = "segment_refresh"
#: Up to so many customers a segment is filled before the call that changes it is answered.
FILLED_AT_ONCE = 100_000
#: How old a segment may be before it is filled again.
FRESH_FOR = timedelta(minutes=15)
#: How old the thresholds between buyers may be.
THRESHOLDS_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh changed, in rows of the members' table."""

    entered: int
    left: int
    members: int


def refresh_segment(*, reference: str, now: datetime) -> Refreshed | None:
    """Make the members those whom the rule holds of at `now`; None where there is no such segment.

    Part of the caller's transaction, which holds the segment's row.
    """
    segment = segment_by_reference(reference, lock=True)
    if segment is None or segment.rule is None:
        return None
    book = read_segments()
    renew_thresholds(book, segment.reference, now=now)
    rule = book.by_reference[reference].rule
    assert rule is not None
    sql = members_sql(rule, book.by_reference)
    if segment.evaluated_at is None and not segment.member_count:
        done = _fill(segment.pk, sql, now)
    else:
        # Whom another rule takes in has not entered: the segment has become another one.
        done = _change(segment.pk, sql, now, is_noted=segment.evaluated_at is not None)
    Segment.objects.filter(pk=segment.pk).update(member_count=done.members, evaluated_at=now)
    return done


def renew_thresholds(book: SegmentBook, reference: str, *, now: datetime) -> None:
    """Take the thresholds between buyers anew where the segment rests on them and they are old."""
    if not _asks_for_buyers(book.by_reference, reference):
        return
    oldest = RfmThreshold.objects.aggregate(oldest=Min("taken_at"))["oldest"]
    if oldest is None or not timedelta() <= now - oldest < THRESHOLDS_FOR:
        take_thresholds(now=now)


def ensure_thresholds(rule: Rule, *, book: SegmentBook, now: datetime) -> None:
    """Take the thresholds where a rule that is only looked at rests on them and there are none yet."""
    if _rests_on_buyers(book.by_reference, rule) and not RfmThreshold.objects.exists():
        with transaction.atomic():
            take_thresholds(now=now)


def take_thresholds(*, now: datetime) -> None:
    """The quintiles of all buyers: of days since the last order, of orders, of money by currency."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('customers/rfm'))")
        cursor.execute("DELETE FROM customers_rfmthreshold")
        cursor.execute(_thresholds_sql(), {"now": now})


_QUINTILES = "ARRAY[0.2, 0.4, 0.6, 0.8]"


def _thresholds_sql() -> str:
    return f"""
    INSERT INTO customers_rfmthreshold (measure, currency, thresholds, taken_at)
    WITH bought AS MATERIALIZED (
        SELECT * FROM ({figures_at_now().replace("{one}", "")}) AS figures WHERE orders > 0
    ), buyers AS (
        SELECT customer_id, sum(orders)::bigint AS orders,
               floor(extract(epoch FROM %(now)s::timestamptz - max(last_at)) / 86400)::bigint AS days
        FROM bought GROUP BY customer_id
    )
    SELECT 'recency', '', percentile_disc({_QUINTILES}) WITHIN GROUP (ORDER BY days), %(now)s::timestamptz
    FROM buyers HAVING count(*) > 0
    UNION ALL
    SELECT 'frequency', '', percentile_disc({_QUINTILES}) WITHIN GROUP (ORDER BY orders), %(now)s::timestamptz
    FROM buyers HAVING count(*) > 0
    UNION ALL
    SELECT 'money', currency,
           percentile_disc({_QUINTILES}) WITHIN GROUP (ORDER BY amount::bigint), %(now)s::timestamptz
    FROM bought GROUP BY currency
    """


def fill_soon(*, reference: str, now: datetime) -> None:
    """Fill a segment that is new or has another rule: at once, or by a job in a large shop."""
    if _is_large():
        queue_job(kind=JOB_KIND, order={"segment_id": reference, "at": now.isoformat()},
                  total=None, now=now)  # fmt: skip
    else:
        refresh_segment(reference=reference, now=now)


def refresh_due(*, now: datetime) -> int:
    """Fill what is due, each segment in a transaction of its own, or queue it; how many.

    A segment that somebody is changing is left for the next time.
    """
    done = 0
    is_large = _is_large()
    for reference in due_segments(now=now):
        with transaction.atomic():
            if is_large:
                done += _queue_once(reference, now=now)
            else:
                done += refresh_segment(reference=reference, now=now) is not None
    return done


def refresh_before_use(references: Collection[str], *, now: datetime) -> None:
    """Fill those of the segments that are dynamic; in a large shop they are as fresh as `refresh_due` keeps
    them. Part of the caller's transaction.
    """
    if _is_large():
        return
    rows = Segment.objects.filter(kind=Segment.Kind.DYNAMIC, reference__in=references)
    for reference in rows.order_by("pk").values_list("reference", flat=True):
        refresh_segment(reference=reference, now=now)


def run_refresh(*, order: Mapping[str, Any]) -> dict[str, int]:
    """Fill the segment that a job's order names."""
    at = datetime.fromisoformat(order["at"])
    with transaction.atomic():
        done = refresh_segment(reference=order["segment_id"], now=at)
    return asdict(done) if done else {}


def _is_large() -> bool:
    """By what PostgreSQL counted last, so that nobody counts customers at every change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'customers_customer'::regclass")
        return bool(cursor.fetchone()[0] > FILLED_AT_ONCE)


def _queue_once(reference: str, *, now: datetime) -> bool:
    if has_open_job(kind=JOB_KIND, order={"segment_id": reference}):
        return False
    queue_job(kind=JOB_KIND, order={"segment_id": reference, "at": now.isoformat()},
              total=None, now=now)  # fmt: skip
    return True


def due_segments(*, now: datetime) -> list[str]:
    """The segments that are to be filled again, longest waiting first."""
    rows = Segment.objects.filter(kind=Segment.Kind.DYNAMIC)
    due = rows.filter(Q(evaluated_at__isnull=True) | Q(evaluated_at__lte=now - FRESH_FOR))
    return list(due.order_by("evaluated_at", "pk").values_list("reference", flat=True))


def _asks_for_buyers(segments: Mapping[str, SegmentDefinition], reference: str) -> bool:
    segment = segments.get(reference)
    return segment is not None and _rests_on_buyers(segments, segment.rule)


def _rests_on_buyers(segments: Mapping[str, SegmentDefinition], rule: Rule | None) -> bool:
    if rule is None:
        return False
    return any(leaf.field == "orders.rfm" for leaf in leaves_of(rule)) or any(
        _asks_for_buyers(segments, name) for name in segments_named(rule)
    )


def _fill(segment_key: int, sql: str, now: datetime) -> Refreshed:
    """The first filling: nobody is there yet, and nobody has entered."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO customers_segmentmember (segment_id, customer_id, since)
            SELECT %(segment)s, id, %(now)s FROM ({sql}) AS found
            """,
            {"segment": segment_key, "now": now},
        )
        return Refreshed(entered=cursor.rowcount, left=0, members=cursor.rowcount)


def _change(segment_key: int, sql: str, now: datetime, *, is_noted: bool) -> Refreshed:
    """Only the difference. In two steps with figures about the first: as one statement PostgreSQL
    would guess, and may go through all members for each of them.
    """
    binds: dict[str, Any] = {"segment": segment_key, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE segment_now ON COMMIT DROP AS {sql}", binds)
        members = cursor.rowcount
        cursor.execute("ANALYZE segment_now")
        left = _run_noted(cursor, _LEAVE, binds, entered=False, is_noted=is_noted)
        entered = _run_noted(cursor, _ENTER, binds, entered=True, is_noted=is_noted)
        cursor.execute("DROP TABLE segment_now")
    return Refreshed(entered=entered, left=left, members=members)


_LEAVE = """
    DELETE FROM customers_segmentmember AS member
    WHERE segment_id = %(segment)s
      AND NOT EXISTS (SELECT FROM segment_now WHERE segment_now.id = member.customer_id)
    RETURNING customer_id"""
_ENTER = """
    INSERT INTO customers_segmentmember (segment_id, customer_id, since)
    SELECT %(segment)s, id, %(now)s FROM segment_now
    WHERE NOT EXISTS (SELECT FROM customers_segmentmember AS member
                      WHERE member.segment_id = %(segment)s AND member.customer_id = segment_now.id)
    RETURNING customer_id"""


def _run_noted(
    cursor: CursorWrapper, change: str, binds: dict[str, Any], *, entered: bool, is_noted: bool
) -> int:
    """Change the members and, if it is noted, say who passed; how many."""
    if is_noted:
        cursor.execute(
            f"""
            WITH passed AS ({change})
            INSERT INTO customers_segmentpassage (segment_id, customer_id, entered, at)
            SELECT %(segment)s, customer_id, {entered}, %(now)s FROM passed
            """,
            binds,
        )
    else:
        cursor.execute(f"WITH passed AS ({change}) SELECT count(*) FROM passed", binds)
        return int(cursor.fetchone()[0])
    return cursor.rowcount
