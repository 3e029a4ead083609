"""Waiting for other databases of the server: what is sealed or summed up waits for their transactions."""

import time

from django.db import connection

#: A test of another database may be one transaction, and long.
PATIENCE = 240


def until_settled() -> None:
    """Until every posting's transaction is older than all that are open anywhere on the server."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(max(xid), 0) < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
                " FROM cashback_posting"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("a transaction is open for very long")
