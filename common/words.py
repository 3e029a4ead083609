"""Amounts, numbers, instants and lists as the language of the page writes them."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.money import format_money
from common.reasons import Language, moment_text


def language_in_use() -> Language:
    """The language of the page."""
    return "de" if (get_language() or "").startswith("de") else "en"


def money(amount: int, currency: str) -> str:
    """Minor units."""
    return format_money(amount, currency, language=language_in_use())


def number(value: int) -> str:
    """A whole number with its thousands grouped."""
    return formats.number_format(value, force_grouping=True)


def rows_differ(count: int) -> str:
    """What a recount says of so many.

    >>> rows_differ(1), rows_differ(2)
    ('1 row differs', '2 rows differ')
    """
    return "1 row differs" if count == 1 else f"{count} rows differ"


def moment(at: datetime | str | None) -> str:
    """Date and time by the shop's clock."""
    if at is None:
        return "–"
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    return formats.date_format(timezone.localtime(instant), "SHORT_DATETIME_FORMAT")


def said(at: datetime) -> str:
    """Date and time by the shop's clock, as a sentence says it."""
    return moment_text(timezone.localtime(at), language=language_in_use())


def day(at: date) -> str:
    """The date alone."""
    return formats.date_format(at, "SHORT_DATE_FORMAT")


def listed(names: Sequence[str]) -> str:
    """All of the names."""
    return ", ".join(names) or _("none")
