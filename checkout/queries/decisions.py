"""Reads: why a call was answered as it was."""

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
