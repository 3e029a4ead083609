"""Acts: make a signed mark for an address in a mail."""

from datetime import datetime

from django.conf import settings

from access.domain.marks import Mark, MarkPurpose, spell_mark


def make_mark(
    *,
    customer_key: int,
    other_key: int = 0,
    purpose: MarkPurpose,
    bound_to: str = "",
    now: datetime,
) -> str:
    """A token about a customer that never ends by itself. Writes nothing."""
    mark = Mark(customer_key, other_key, now)
    return spell_mark(mark, purpose=purpose, secret=settings.SECRET_KEY, bound_to=bound_to)
