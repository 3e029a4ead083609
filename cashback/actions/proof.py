"""Proving the books in background, for staff who ask on their pages."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection, transaction

from cashback.queries.verify import CHECKS, Breach, breaches_of, unguarded, whole_tables
from journal.actions import queue_job, record_audit, report_progress
from journal.queries import has_open_job

if TYPE_CHECKING:
    from journal.models import Job

JOB_KIND = "cashback_proof"

#: One check at most: a worker that is silent for longer is taken for dead.
PATIENCE_MS = 90_000
#: So many rows are kept; all of them are counted.
MOST_KEPT = 200


def order_proof(*, actor: str, now: datetime) -> None:
    """Ask for a look at the whole ledger; nothing where one is under way. In the caller's transaction."""
    if has_open_job(kind=JOB_KIND, order={}):
        return
    queue_job(kind=JOB_KIND, order={}, total=len(CHECKS) + 1, now=now)
    record_audit(
        actor=actor, action="cashback_proof.ordered", subject_kind="cashback_proof",
        subject_id="ledger", now=now,
    )  # fmt: skip


def run_proof(*, job: "Job", clock: Callable[[], datetime]) -> dict[str, Any]:
    """Each check is one statement, and so sees one instant; what takes too long is named.

    The result has `count`, `breaches` (up to `MOST_KEPT`, each what, row, says, counted) and `unfinished`.
    """
    found: list[Breach] = []
    count = 0
    unfinished: list[str] = []
    for number, (check, sql) in enumerate(CHECKS.items(), start=1):
        rows = _looked(check, sql)
        if rows is None:
            unfinished.append(check)
        else:
            count += len(rows)
            found += rows[: MOST_KEPT - len(found)]
        report_progress(job, done=number, total=len(CHECKS) + 1, now=clock())
    guards = list(unguarded())
    return {
        "count": count + len(guards),
        "breaches": [list(breach) for breach in [*guards, *found][:MOST_KEPT]],
        "unfinished": unfinished,
    }


def _looked(check: str, sql: str) -> list[Breach] | None:
    """What one check finds; None where it takes too long."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = %s", [PATIENCE_MS])
            with whole_tables():
                return list(breaches_of(check, sql))
    except OperationalError:
        return None
