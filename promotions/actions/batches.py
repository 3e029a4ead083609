"""Acts: ask for many codes at once, and make them, piece by piece."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from common.errors import FieldError, NotFound, ValidationFailed
from common.ids import new_id, public_id
from customers.queries.segments import members_keys, segment_by_reference
from journal.actions import queue_job, record_audit, record_event, report_progress
from journal.queries import job_by_id
from promotions.actions.issued import count_issued
from promotions.domain.codes import DEFAULT_PATTERN, draw_beginnings, generate, is_pattern
from promotions.domain.guessing import GuessOdds, odds_of
from promotions.models import CodeBatch
from promotions.queries import batches, definitions

JOB_KIND = "code_batch"
CODES_A_STEP = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOrder:
    """What is asked for: `count` codes, or one personal code for each member of a segment."""

    count: int | None = None
    segment_id: str | None = None
    pattern: str = DEFAULT_PATTERN
    #: Days of 24 hours from the instant of the call.
    valid_days: int | None = None


def guess_odds(*, pattern: str, count: int, now: datetime) -> GuessOdds:
    """The odds once `count` codes are made; those of unexpired batches of the pattern count as well."""
    live = count + batches.live_codes_like(pattern.upper(), now=now)
    return odds_of(live_codes=live, pattern=pattern)


def order_batch(*, promotion_id: str, order: BatchOrder, actor: str, now: datetime) -> CodeBatch:
    """Queue a job that makes the codes. Part of the caller's transaction.

    Raises:
        NotFound: no such promotion.
        ValidationFailed: neither or both of count and segment, an unknown segment, no pattern, or
            one whose codes could be guessed.
    """
    _check(order)
    promotion_key = definitions.promotion_key(promotion_id)
    if promotion_key is None:
        raise NotFound("There is no such promotion.")
    segment_key, count = _counted(order)
    pattern = order.pattern.upper()
    odds = guess_odds(pattern=pattern, count=count, now=now)
    if not odds.are_safe:
        raise ValidationFailed(errors=[FieldError("/pattern", "guessable", odds.told)])
    batch_id = new_id()
    job = queue_job(
        kind=JOB_KIND,
        order={"batch_id": batch_id.hex, "segment_key": segment_key},
        total=count,
        now=now,
    )
    batch = CodeBatch.objects.create(
        batch_id=batch_id,
        promotion_id=promotion_key,
        pattern=pattern,
        count=count,
        segment_id=segment_key,
        valid_until=now + timedelta(days=order.valid_days) if order.valid_days else None,
        job_id=job.job_id,
        created_at=now,
        created_by=actor,
    )
    record_audit(
        actor=actor,
        action="code_batch.ordered",
        subject_kind="code_batch",
        subject_id=public_id("bat", batch_id),
        after={
            "promotion_id": promotion_id,
            "segment_id": order.segment_id,
            "count": count,
            "pattern": pattern,
            "valid_until": batch.valid_until.isoformat() if batch.valid_until else None,
        },
        now=now,
    )
    return batch


def run_batch(*, job_id: UUID, clock: Callable[[], datetime]) -> dict[str, object]:
    """Make the codes of a batch that are not made yet; how many there are now.

    Each step is a transaction of its own that holds the batch's row, and with the codes writes how
    far it came: a worker that dies leaves whole steps, and two that run at once take turns.
    """
    while True:
        with transaction.atomic():
            step = _step(job_id, now=clock())
        if step is not None:
            return {"codes": step}


def _step(job_id: UUID, *, now: datetime) -> int | None:
    """Make the next codes; how many there are if that was all."""
    batch = CodeBatch.objects.select_for_update(no_key=True).filter(job_id=job_id).first()
    # Read under the batch's lock: a twin may have gone on since this job was claimed.
    job = job_by_id(job_id)
    if batch is None or job is None:
        return 0  # the promotion was deleted
    checkpoint = job.checkpoint or {"made": 0, "after": 0, "finished": False}
    if checkpoint["finished"]:
        return int(checkpoint["made"])
    segment_key = job.order["segment_key"]
    made_before: int = checkpoint["made"]
    if segment_key is None:
        _next_for_everybody(batch, checkpoint)
    else:
        _next_for_members(batch, checkpoint, segment_key=segment_key)
    made: int = checkpoint["made"]
    count_issued(promotion_key=batch.promotion_id, codes=made - made_before)
    if checkpoint["finished"]:
        _finish(batch, made=made, now=now)
    total = made if checkpoint["finished"] else max(batch.count, made)
    report_progress(job, done=made, total=total, checkpoint=checkpoint, now=now)
    return made if checkpoint["finished"] else None


def _next_for_everybody(batch: CodeBatch, checkpoint: dict[str, Any]) -> None:
    """The next codes in their order: each step writes to a narrow part of the indexes."""
    left: dict[str, int] = checkpoint.get("beginnings") or draw_beginnings(
        count=batch.count - checkpoint["made"], random_bytes=os.urandom
    )
    drawn: list[str] = []
    for beginning in sorted(left):
        wanted = min(left[beginning], CODES_A_STEP - len(drawn))
        drawn += _drawn(batch, wanted, beginning=beginning)
        left[beginning] -= wanted
    made = len(_insert(batch, drawn, [None] * len(drawn)))
    while (missing := len(drawn) - made) > 0:
        made += len(_insert(batch, _drawn(batch, missing), [None] * missing))
    checkpoint["beginnings"] = {beginning: count for beginning, count in left.items() if count}
    checkpoint["made"] += made
    checkpoint["finished"] = not checkpoint["beginnings"]


def _next_for_members(batch: CodeBatch, checkpoint: dict[str, Any], *, segment_key: int) -> None:
    """One code for each of the next members, drawn again where chance drew one that exists."""
    after: int = checkpoint["after"]
    members = members_keys(segment_key=segment_key, after=after, limit=CODES_A_STEP)
    waiting = members
    while waiting:
        served = set(_insert(batch, _drawn(batch, len(waiting)), waiting))
        waiting = [customer for customer in waiting if customer not in served]
    checkpoint["made"] += len(members)
    checkpoint["after"] = members[-1] if members else after
    checkpoint["finished"] = len(members) < CODES_A_STEP


def _drawn(batch: CodeBatch, count: int, *, beginning: str = "") -> list[str]:
    return list(
        generate(pattern=batch.pattern, count=count, random_bytes=os.urandom, beginning=beginning)
    )


def _insert(
    batch: CodeBatch, drawn: Sequence[str], customers: Sequence[int | None]
) -> list[int | None]:
    """Write the codes that do not exist yet; the customers who got theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO promotions_code (promotion_id, batch_id, customer_id, code, spelling,
                status, valid_until, used, held, created_at, revision)
            SELECT %(promotion)s, %(batch)s, customer, replace(drawn, '-', '') AS code, drawn,
                'active', %(valid_until)s, 0, 0, %(created_at)s, 1
            FROM unnest(%(customers)s::bigint[], %(drawn)s::text[]) AS u (customer, drawn)
            ORDER BY code
            ON CONFLICT (code) DO NOTHING RETURNING customer_id
            """,
            {
                "promotion": batch.promotion_id,
                "batch": batch.pk,
                # As texts: the server reads them ten times as fast as lists of constants.
                "customers": _array(customers),
                "drawn": _array(drawn),
                "valid_until": batch.valid_until,
                "created_at": batch.created_at,
            },
        )
        return [customer for (customer,) in cursor.fetchall()]


def _array(values: Sequence[int | str | None]) -> str:
    """As PostgreSQL writes an array; codes and keys need no quotes."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def _finish(batch: CodeBatch, *, made: int, now: datetime) -> None:
    batch.count = made
    batch.save(update_fields=["count"])
    # One event for all: a million would drown whoever listens.
    record_event(
        type="code.issued",
        payload={
            "promotion_id": batch.promotion.reference,
            "batch_id": public_id("bat", batch.batch_id),
            "count": made,
        },
        now=now,
    )


def _check(order: BatchOrder) -> None:
    errors = []
    if (order.count is None) == (order.segment_id is None):
        errors.append(FieldError("/count", "one_of", "Give either count or segment_id."))
    if not is_pattern(order.pattern):
        errors.append(
            FieldError(
                "/pattern",
                "invalid",
                "A pattern has letters, digits, hyphens and at least 8 #; 64 without the hyphens.",
            )
        )
    if errors:
        raise ValidationFailed(errors=errors)


def _counted(order: BatchOrder) -> tuple[int | None, int]:
    """The segment's key, and how many codes it will be."""
    if order.segment_id is None:
        return None, order.count or 0
    segment = segment_by_reference(order.segment_id)
    if segment is None:
        raise ValidationFailed(
            errors=[FieldError("/segment_id", "unknown", "There is no such segment.")]
        )
    return segment.pk, segment.member_count
