"""Whether the database still holds what it should: triggers that are always on, and constraints."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection

APPEND_ONLY = (
    "cashback_account",
    "cashback_allocation",
    "cashback_hold",
    "cashback_holdoutcome",
    "cashback_lot",
    "cashback_lotshare",
    "cashback_posting",
    "cashback_seal",
    "cashback_transfer",
    "cashback_wallet",
)
_TRIGGERS = [
    *(f"{table}_no_update_or_delete" for table in APPEND_ONLY),
    "cashback_allocation_in_time",
    "cashback_transfer_in_time",
]
_PAIRS = [
    "cashback_account_in_currency_of_wallet",
    "cashback_lot_in_account_of_wallet",
    "cashback_transfer_credit_in_currency",
    "cashback_transfer_debit_in_currency",
]


def missing_guards() -> Iterator[str]:
    """Triggers that are gone or can be passed by, and constraints that are gone or were not checked."""
    models = apps.get_app_config("cashback").get_models()
    constraints = {constraint.name for model in models for constraint in model._meta.constraints}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgenabled = 'A' AND tgname LIKE 'cashback%'"
        )
        triggers = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE convalidated AND conname LIKE 'cashback%'"
            " UNION SELECT indexrelid::regclass::text FROM pg_index WHERE indisvalid AND indisunique"
        )
        found = {name for (name,) in cursor.fetchall()}
    yield from sorted(name for name in _TRIGGERS if name not in triggers)
    yield from sorted(({*constraints, *_PAIRS}) - found)
