"""Acts: make a signed link, and end all that were made about somebody."""

from datetime import datetime, timedelta

from django.conf import settings

from access.domain.links import Link, Purpose, spell_link
from access.models import EndedLinks


def make_link(
    *, subject_key: int, purpose: Purpose, lasts: timedelta, now: datetime
) -> tuple[str, datetime]:
    """A token about a customer, and when it ends. Writes nothing."""
    link = Link(subject_key, now, now + lasts)
    return spell_link(link, purpose=purpose, secret=settings.SECRET_KEY), link.expires_at


def end_links(*, subject_key: int, purpose: Purpose, now: datetime) -> None:
    """What was made about the customer until now opens nothing any more; what is made later does."""
    EndedLinks.objects.update_or_create(
        customer_key=subject_key, purpose=purpose, defaults={"ended_at": now}
    )
