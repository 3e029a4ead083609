"""Reads: why a call was answered as it was."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from checkout.models import Decision


def decision_by_id(decision_id: UUID) -> Decision | None:
    """The decision; its id names the instant, and so the one partition to look into."""
    return Decision.objects.filter(id=decision_id, made_at=instant_of(decision_id)).first()


def instant_of(decision_id: UUID) -> datetime:
    """The millisecond that a time-ordered id was made in."""
    milliseconds = decision_id.int >> 80
    seconds, rest = divmod(milliseconds, 1000)
    return datetime.fromtimestamp(seconds, tz=UTC).replace(microsecond=rest * 1000)


def written_of(ids: Sequence[UUID]) -> list[UUID]:
    """Those of the decisions that are in their table."""
    made_at = [instant_of(decision_id) for decision_id in ids]
    rows = Decision.objects.filter(id__in=ids, made_at__range=(min(made_at), max(made_at)))
    return list(rows.values_list("id", flat=True))


def decisions_of_customer(
    customer_key: int, *, before: UUID | None = None, limit: int
) -> list[Decision]:
    """The customer's latest decisions (before that one), newest first."""
    rows = Decision.objects.filter(customer_key=customer_key)
    if before is not None:
        rows = rows.filter(made_at__lte=instant_of(before), id__lt=before)
    return list(rows.order_by("-made_at", "-id")[:limit])


def decisions_with_code(
    code_id: int, *, before: UUID | None = None, among: int, limit: int
) -> list[Decision]:
    """The latest decisions on a code, looked for among so many latest ones of everybody.

    Codes are not indexed there: that would cost every call of a shop to spare its staff a second.
    """
    marked = {"codes": [{"code_id": code_id}]}
    found = Decision.objects.raw(
        "SELECT * FROM (SELECT * FROM checkout_decision"
        " WHERE id < coalesce(%s::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')"
        " ORDER BY id DESC LIMIT %s) AS latest"
        " WHERE content @> %s::jsonb ORDER BY id DESC LIMIT %s",
        [before, among, json.dumps(marked), limit],
    )
    return list(found)
