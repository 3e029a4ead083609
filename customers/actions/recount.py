"""Proving customers' figures: once a day they are counted again from all orders."""

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction

from customers.models import MetricsRecount
from customers.queries.metrics import metrics_breaches
from journal.actions import queue_job

logger = logging.getLogger(__name__)

JOB_KIND = "metrics_recount"
EVERY = timedelta(hours=24)
#: So many of what differs are named in the log; `verify_metrics` names all.
_NAMED = 20


def recount_due(*, now: datetime) -> int:
    """Queue the recount of the day, once: whoever moves the row on does it. How many were queued."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO customers_metricsrecount AS last (id, asked_at) VALUES (1, %(now)s)
            ON CONFLICT (id) DO UPDATE SET asked_at = excluded.asked_at, breaches = NULL
            WHERE last.asked_at <= %(latest)s
            """,
            {"now": now, "latest": now - EVERY},
        )
        queued = cursor.rowcount
        if queued:
            queue_job(kind=JOB_KIND, order={}, total=None, now=now)
    return queued


def run_recount() -> dict[str, int]:
    """Count, and say what differs. Nothing is mended: that figures differ has a cause to be found."""
    breaches = metrics_breaches()
    for breach in breaches[:_NAMED]:
        logger.error(
            "customer %s %s: kept %s, counted %s",
            breach.customer_key, breach.currency, breach.kept, breach.counted,
        )  # fmt: skip
    if breaches:
        logger.error("%s figures differ from their orders: verify_metrics", len(breaches))
    MetricsRecount.objects.filter(pk=1).update(breaches=len(breaches))
    return {"breaches": len(breaches)}
