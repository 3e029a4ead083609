"""What time drives: every part's due work, called by the tick or, on the test clock, by hand."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from access.actions import purge
from campaigns.actions.running import run_all as run_campaigns
from cashback.actions.due import book_due
from cashback.actions.payout_sending import send_due as send_payouts
from cashback.actions.seal import publish_head, seal
from cashback.actions.sepa_files import forget_files as forget_sepa_files
from cashback.actions.totals import roll_up as roll_up_accounts
from catalog.actions.imports import forget_lines as forget_product_lines
from catalog.actions.refresh import refresh_due as refresh_recommendations_due
from checkout.actions.expire import expire_due
from checkout.actions.partitions import keep_partitions
from checkout.actions.roll_up import roll_up
from config.privacy import forget_old
from customers.actions.erase import sweep_erasures
from customers.actions.recount import recount_due
from customers.actions.refresh import refresh_due as refresh_segments_due
from journal.actions import forget_files
from journal.actions.deliveries import (
    forget_deliveries,
    queue_deliveries,
    queue_settled,
)
from journal.actions.sending import send_due
from promotions.actions.budgets import announce_budgets
from promotions.actions.imports import forget_lines
from promotions.actions.issued import fold_issued
from promotions.actions.promotions import announce_due

#: Name and act of each piece of due work; an act is safe to repeat and says how much it did.
DUE_WORK: dict[str, Callable[[datetime], int]] = {}
#: So long a tick sends webhooks: the next one goes on.
_SENDING = timedelta(seconds=8)
#: So many batches of wallets a tick books: the next one goes on. Nobody waits for it.
_BATCHES = 8


def fill() -> None:
    """Enter what each part has to do in time; called once, when the service starts."""
    DUE_WORK["reservations_expired"] = lambda now: expire_due(now=now)
    DUE_WORK["cashback_booked"] = lambda now: (
        book_due(now=now, batches=None if settings.TEST_CLOCK else _BATCHES).postings
    )
    DUE_WORK["cashback_rolled_up"] = lambda now: _roll_up_accounts()
    DUE_WORK["promotions_announced"] = lambda now: announce_due(now=now)
    DUE_WORK["budgets_announced"] = lambda now: announce_budgets(now=now)
    DUE_WORK["reports_rolled_up"] = lambda now: roll_up()
    DUE_WORK["ledger_sealed"] = lambda now: seal(now=now)
    DUE_WORK["ledger_head_published"] = lambda now: int(publish_head(now=now) is not None)
    DUE_WORK["segments_refreshed"] = lambda now: refresh_segments_due(now=now)
    DUE_WORK["metrics_recounted"] = lambda now: recount_due(now=now)
    DUE_WORK["issued_codes_folded"] = lambda now: fold_issued()
    DUE_WORK["import_lines_forgotten"] = lambda now: forget_lines(now=now)
    DUE_WORK["erasures_swept"] = lambda now: sweep_erasures(now=now)
    DUE_WORK["old_rows_forgotten"] = lambda now: forget_old(now=now)
    DUE_WORK["sepa_files_forgotten"] = lambda now: forget_sepa_files(now=now)
    DUE_WORK["files_forgotten"] = lambda now: forget_files(now=now)
    DUE_WORK["product_lines_forgotten"] = lambda now: forget_product_lines(now=now)
    DUE_WORK["recommendations_refreshed"] = lambda now: refresh_recommendations_due(now=now)
    DUE_WORK["answers_purged"] = lambda now: purge(now=now)
    # After the roll-up: what is dropped here has been counted.
    DUE_WORK["decision_partitions"] = lambda now: keep_partitions(now=timezone.now())
    # Without the test clock mail has workers and a beat of its own.
    DUE_WORK["campaigns_run"] = lambda now: (
        run_campaigns(now=now, wall=timezone.now) if settings.TEST_CLOCK else 0
    )
    # Behind the others, who need not wait for a slow provider.
    DUE_WORK["payouts_sent"] = lambda now: send_payouts(
        now=now, wall=timezone.now, within=None if settings.TEST_CLOCK else _SENDING
    )
    # Last: what the others have made happen is told too, and nobody waits for a slow receiver.
    DUE_WORK["webhooks_queued"] = lambda now: (
        queue_settled(now=now)
        if settings.TEST_CLOCK
        else queue_deliveries(now=now, simulated=False)
    )
    DUE_WORK["webhooks_delivered"] = lambda now: send_due(
        now=now, wall=timezone.now, within=None if settings.TEST_CLOCK else _SENDING
    )
    DUE_WORK["webhooks_forgotten"] = lambda now: forget_deliveries(now=now)


def _roll_up_accounts() -> int:
    roll_up_accounts()
    return 0


def run_due(*, now: datetime) -> dict[str, int]:
    """Do everything that is due at `now`."""
    return {name: work(now) for name, work in DUE_WORK.items()}


def note_tick(*, now: datetime) -> None:
    """Remember that the scheduler lives."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO config_tick (id, ticked_at) VALUES (1, %s)"
            " ON CONFLICT (id) DO UPDATE SET ticked_at = excluded.ticked_at",
            [now],
        )


def tick_age_seconds() -> int | None:
    """Seconds since the last tick; None before the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ticked_at FROM config_tick WHERE id = 1")
        row = cursor.fetchone()
    return int((timezone.now() - row[0]).total_seconds()) if row else None
