"""The moment at which the tests load the tea shop, and what stands in its tables then."""

from datetime import UTC, datetime

from django.db import connection

#: Always the same: who buys what depends on the season.
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def rows(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def count(table):
    return rows(f"SELECT count(*) FROM {table}")[0][0]
