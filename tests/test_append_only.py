"""What is written once stays: the guards of append-only tables, as production has them."""

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

APPEND_ONLY = {
    "cashback_account", "cashback_allocation", "cashback_hold", "cashback_holdoutcome",
    "cashback_lot", "cashback_lotshare", "cashback_posting", "cashback_seal", "cashback_transfer",
    "cashback_wallet",
    "customers_consentrecord", "journal_auditentry", "journal_outboxevent",
}  # fmt: skip
# The bits of pg_trigger.tgtype: 1 for each row, 8 DELETE, 16 UPDATE, 32 TRUNCATE; 'A' is ALWAYS.
ROW_GUARDS = """
SELECT tgname, tgrelid::regclass::text FROM pg_trigger
WHERE NOT tgisinternal AND tgenabled = 'A' AND tgtype & 25 = 25
"""
TRUNCATE_GUARDS = """
SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 32 = 32
"""

pytestmark = [pytest.mark.django_db, pytest.mark.postgres15]


def test_every_append_only_table_is_guarded_against_all_three_changes():
    """UPDATE and DELETE by a trigger that even a replica's session obeys, TRUNCATE by another."""
    by_row = {table for _, table in _fetch(ROW_GUARDS)}
    assert by_row >= APPEND_ONLY
    assert {table for _, table in _fetch(TRUNCATE_GUARDS)} == by_row


def test_truncate_is_refused_where_its_guard_is_on():
    """The tests disable these guards, since Django's flush truncates; here they are on again."""
    for trigger, table in _fetch(TRUNCATE_GUARDS):
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                cursor.execute(f"TRUNCATE {table} CASCADE")


def _fetch(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
