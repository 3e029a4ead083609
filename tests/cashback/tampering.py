"""Changing the books behind the service's back."""

from django.db import connection


def tamper(*statements: str, also: str = "cashback%") -> None:
    """As a superuser who has taken the triggers away."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger"
            " WHERE (tgname LIKE 'cashback%%' OR tgname LIKE %s) AND NOT tgisinternal",
            [also],
        )
        triggers = cursor.fetchall()
        for trigger, table in triggers:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        try:
            for statement in statements:
                cursor.execute(statement)
                assert cursor.rowcount > 0, statement
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        finally:
            if not connection.needs_rollback:
                for trigger, table in triggers:
                    if not trigger.endswith("no_truncate"):
                        cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")
