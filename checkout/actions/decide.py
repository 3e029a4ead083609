"""Keeping decisions."""

from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from checkout.queries.decisions import instant_of
from common.ids import new_id


def keep_decision(
    *, kind: str, content: dict[str, Any], customer_key: int | None, waits_for_disk: bool
) -> UUID:
    """Write why a call was answered as it was; its id.

    Without waiting for the disk a crash may lose the last moments of `validate`; those of
    reservations and redemptions are part of their transaction, which waits once for all.
    """
    decision_id = new_id()
    hurry = (
        ""
        if waits_for_disk
        else "WITH hurry AS (SELECT set_config('synchronous_commit', 'off', true))"
    )
    origin = "" if waits_for_disk else "FROM hurry"
    with connection.cursor() as cursor:
        cursor.execute(
            f"{hurry} INSERT INTO checkout_decision (id, made_at, kind, customer_key, content)"
            f" SELECT %s, %s, %s, %s, %s::jsonb {origin}",
            [
                decision_id,
                instant_of(decision_id),
                kind,
                customer_key,
                msgspec.json.encode(content).decode(),
            ],
        )
    return decision_id
