"""The weekly partitions of decisions: made ahead, dropped after 90 days."""

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

KEPT_FOR = timedelta(days=90)
WEEK = timedelta(days=7)
_LOCK = 0x6465636973696F6E


def keep_partitions(*, now: datetime) -> int:
    """Make the partitions of the next two weeks, drop those past their time; how many.

    `now` is the real clock, which decisions are filed by. One process at a time; the others see
    nothing to do. Rows that came before their partition stand in the default one and stay there.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = 'checkout_decision'::regclass"
        )
        names = {row[0] for row in cursor.fetchall()}
        changed = 0
        monday = _monday(now)
        for start in (monday + WEEK, monday + 2 * WEEK):
            if _name(start) not in names:
                cursor.execute(
                    f"CREATE TABLE {_name(start)} PARTITION OF checkout_decision"
                    " FOR VALUES FROM (%s) TO (%s)",
                    [start, start + WEEK],
                )
                changed += 1
        for name in sorted(names - {"checkout_decision_default"}):
            if _start(name) + WEEK < now - KEPT_FOR:
                cursor.execute(f"DROP TABLE {name}")
                changed += 1
        cursor.execute("DELETE FROM checkout_decision_default WHERE made_at < %s", [now - KEPT_FOR])
    return changed


def _monday(now: datetime) -> datetime:
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=midnight.weekday())


def _name(start: datetime) -> str:
    return f"checkout_decision_{start:%Y%m%d}"


def _start(name: str) -> datetime:
    return datetime.strptime(name.rsplit("_", 1)[1], "%Y%m%d").replace(tzinfo=UTC)
