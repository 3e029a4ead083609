"""Memberships as the shop tells them: plans, and periods that include their start and exclude their end."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from common.errors import FieldError
from common.fields import Amount, Currency, Instant, ShortText
from common.instants import instant_errors
from common.reasons import Language
from customers.domain.open_objects import object_errors

Status = Literal["upcoming", "active", "ended"]


class PlanName(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the plan is called, in each language; a missing one is left out."""

    de: ShortText | None = None
    en: ShortText | None = None


class PlanTerms(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A membership that the shop sells. The shop collects the fee."""

    name: PlanName
    benefits: Annotated[
        dict[str, Any],
        Meta(
            description=(
                "What members get, in words, for people to read: texts or lists of them by language. "
                "What is given at checkout are promotions whose audience is the plan."
            ),
            examples=[{"en": ["Free shipping", "Early access"], "de": ["Versand frei"]}],
        ),
    ] = {}
    #: The fee of one period, in minor units of the currency.
    price: Amount
    currency: Currency
    period: Literal["month", "year"]


class MembershipPeriod(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From when to when. A start left out is the instant of the call, or what stands already."""

    starts_at: Instant | None = None
    #: Null: open.
    ends_at: Instant | None = None


def name_in(name: PlanName, language: Language) -> str:
    """What the plan is called in this language, or else in the other."""
    told = (name.de, name.en) if language == "de" else (name.en, name.de)
    return told[0] or told[1] or ""


def benefits_in(benefits: Mapping[str, Any], language: Language) -> list[str]:
    """The benefits in this language, or else in the other; what is no text is left out.

    >>> benefits_in({"en": ["Free shipping", "Early access"], "de": "Versand frei"}, "de")
    ['Versand frei']
    """
    told = benefits.get(language) or benefits.get("en" if language == "de" else "de")
    return [text for text in (told if isinstance(told, list) else [told]) if isinstance(text, str)]


def plan_errors(terms: PlanTerms) -> list[FieldError]:
    """Everything that is wrong with a plan beyond the form of its fields."""
    errors = []
    if not any(text and text.strip() for text in (terms.name.de, terms.name.en)):
        errors.append(FieldError("/name", "required", "A plan has a name in some language."))
    return errors + object_errors(terms.benefits, pointer="/benefits")


def period_errors(starts_at: datetime, ends_at: datetime | None) -> list[FieldError]:
    """Everything that is wrong with a period."""
    errors = instant_errors({"/starts_at": starts_at, "/ends_at": ends_at})
    if ends_at is not None and ends_at <= starts_at:
        errors.append(FieldError("/ends_at", "not_after_start", "The end must be after the start."))
    return errors


def status_at(starts_at: datetime, ends_at: datetime | None, *, now: datetime) -> Status:
    """How a period stands at `now`.

    >>> from datetime import date
    >>> first, second = date(2026, 1, 1), date(2026, 2, 1)
    >>> status_at(first, second, now=first), status_at(first, second, now=second)
    ('active', 'ended')
    """
    if ends_at is not None and ends_at <= max(now, starts_at):
        return "ended"
    return "active" if starts_at <= now else "upcoming"
