"""How transactional tests clean up: the rows that there are, instead of Django's flush of all tables.

Flush truncates a hundred tables with all their indexes and makes content types and permissions anew,
which takes longer than most tests. Here only what holds rows is emptied, and those two stay.
"""

from typing import Any

from django.db import connection
from django.test import TransactionTestCase

#: What migrating leaves behind, and what nothing adds to.
_STAY = ("django_migrations", "django_content_type", "auth_permission")
#: Each table, and whether its guard refuses to delete rows whoever asks.
_TABLES = """
    SELECT quote_ident(relname), EXISTS (
        SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid AND tgenabled = 'A')
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND NOT relispartition AND relname <> ALL(%s)
"""
_flush = TransactionTestCase._fixture_teardown


def install() -> None:
    """For all transactional tests of this process."""
    TransactionTestCase._fixture_teardown = _empty  # type: ignore[method-assign]


def _empty(self: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            _flush(self)
            return
        cursor.execute(_TABLES, [list(_STAY)])
        is_guarded = dict(cursor.fetchall())
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in is_guarded
            )
        )
        filled = [name for (name,) in cursor.fetchall()]
        statements = [f"DELETE FROM {name}" for name in filled if not is_guarded[name]]
        if guarded := [name for name in filled if is_guarded[name]]:
            statements.append(f"TRUNCATE {', '.join(guarded)} CASCADE")
        cursor.execute("; ".join([
            "BEGIN", "SET LOCAL session_replication_role = replica", *statements, "COMMIT",
        ]))  # fmt: skip
