"""Fields of our own: texts, money, percentages, instants and lists of names."""

import re
from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminExpandableTextareaWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from common.forms.amounts import (
    AmbiguousAmount,
    NoAmount,
    TooManyDecimals,
    parse_amount,
    parse_count,
)
from common.words import language_in_use

_PERCENT = re.compile(r"(?=.*[1-9])(100(\.0{1,4})?|[1-9]?[0-9](\.[0-9]{1,4})?)")
_MULTIPLIER = re.compile(r"(?!1(\.0{1,4})?$)(100(\.0{1,4})?|[1-9][0-9]?(\.[0-9]{1,4})?)")
_AMBIGUOUS = _("This can be read in two ways: leave out the sign that groups the thousands.")
_SHOP_CLOCK = format_lazy(
    _("On the shop's clock ({zone}); without a time: 00:00."), zone=settings.SHOP_TIME_ZONE
)
_SHOP_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def text_input(**attrs: Any) -> UnfoldAdminTextInputWidget:
    """A line to type into."""
    return UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", **attrs})


def choice(label: Any, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    """One of a few; the first stands until somebody chooses."""
    kwargs.setdefault("initial", choices[0][0])
    widget = UnfoldAdminSelectWidget()
    return forms.ChoiceField(label=label, choices=choices, widget=widget, **kwargs)


def switch(label: Any, **kwargs: Any) -> forms.BooleanField:
    """Yes or no."""
    widget = UnfoldBooleanSwitchWidget()
    return forms.BooleanField(label=label, required=False, widget=widget, **kwargs)


class LineField(forms.CharField):
    """A line of text. A browser drops line breaks in it; that alone is no change."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", text_input())
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _one_line(initial) != _one_line(data)


class TextField(forms.CharField):
    """Some lines of text, with the line breaks that the contract has."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", UnfoldAdminTextareaWidget({"rows": 3}))
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(_lines(value)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _lines(initial).strip() != _lines(data).strip()


class SegmentsField(forms.MultipleChoiceField):
    """Some of the segments. Their order, and one that stands there twice, says nothing."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(initial or ()) != {str(name) for name in data or ()}


_PERCENT_OR_NONE = r"^\s*(0|100|[1-9]?[0-9]([.,][0-9]{1,4})?)\s*%?\s*\Z"


class PercentOrNoneField(forms.RegexField):
    """A percentage from 0, as text of the contract."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            _PERCENT_OR_NONE, required=False, widget=text_input(inputmode="decimal"), **kwargs
        )

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).replace("%", "").replace(",", ".").strip()


class MoneyField(forms.CharField):
    """An amount in the currency of the form: `in_minor_units` knows it once the form is cleaned."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", text_input(inputmode="decimal"))
        super().__init__(required=False, max_length=40, **kwargs)


def in_minor_units(text: str, *, currency: str) -> int | None:
    """What was typed into a `MoneyField`; None where nothing was.

    Raises:
        ValidationError
    """
    if not text:
        return None
    try:
        return parse_amount(text, currency=currency, language=language_in_use())
    except NoAmount:
        raise ValidationError(_("This is no amount of money.")) from None
    except AmbiguousAmount:
        raise ValidationError(_AMBIGUOUS) from None
    except TooManyDecimals:
        raise ValidationError(
            _("%(currency)s has fewer decimals."), params={"currency": currency}
        ) from None


def in_units(text: str) -> int | None:
    """What was typed where pieces are counted; None where nothing was.

    Raises:
        ValidationError
    """
    if not text:
        return None
    try:
        return parse_count(text, language=language_in_use())
    except AmbiguousAmount:
        raise ValidationError(_AMBIGUOUS) from None
    except (NoAmount, TooManyDecimals):
        raise ValidationError(_("This is no whole number.")) from None


class _DecimalField(forms.CharField):
    """A decimal, kept as it was typed but for the decimal comma."""

    pattern: re.Pattern[str]
    refusal: Any
    sign = ""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", text_input(inputmode="decimal"))
        super().__init__(required=False, max_length=12, **kwargs)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).removesuffix(self.sign).strip().replace(",", ".")
        if text and not self.pattern.fullmatch(text):
            raise ValidationError(self.refusal)
        return text


class PercentField(_DecimalField):
    """A percentage."""

    pattern = _PERCENT
    refusal = _("A percentage is above 0, up to 100, with 4 decimals at most.")
    sign = "%"


class MultiplierField(_DecimalField):
    """How many times."""

    pattern = _MULTIPLIER
    refusal = _("This is above 1, up to 100, with 4 decimals at most.")
    sign = "×"


class CountField(forms.IntegerField):
    """A whole number from 1."""

    def __init__(self, *, max_value: int = 10**9, **kwargs: Any) -> None:
        widget = UnfoldAdminIntegerFieldWidget()
        super().__init__(required=False, min_value=1, max_value=max_value, widget=widget, **kwargs)


class InstantField(forms.SplitDateTimeField):
    """A date and a time of day on the shop's clock; of one that occurs twice it is the first.

    Without a time of day it is that at which the day begins.
    """

    def __init__(self, *, about: Any = "", **kwargs: Any) -> None:
        kwargs.setdefault("widget", UnfoldAdminSplitDateTimeWidget())
        kwargs["help_text"] = format_lazy("{} {}", about, _SHOP_CLOCK) if about else _SHOP_CLOCK
        super().__init__(required=False, **kwargs)

    def compress(self, data_list: tuple[date | None, time | None] | None) -> datetime | None:
        day, clock = data_list or (None, None)
        if day is None:
            # Django words that the day is missing.
            return super().compress(data_list)  # type: ignore[arg-type]  # its stub knows no gaps
        told = datetime.combine(day, clock or time())
        first = timezone.make_aware(told)
        if timezone.make_naive(first.astimezone(UTC)) == told:
            return first
        # It words as well what does not exist.
        return super().compress((told.date(), told.time()))


class NamesField(forms.CharField):
    """A list of names, one a line; a long list can be pasted. Blanks around them are no change."""

    def __init__(self, *, max_names: int = 1_000, are_ids: bool = False, **kwargs: Any) -> None:
        self.max_names = max_names
        self.are_ids = are_ids
        # It grows with what is in it, but not to fourteen thousand lines.
        widget = UnfoldAdminExpandableTextareaWidget({"style": "max-height: 14rem"})
        kwargs.setdefault("widget", widget)
        super().__init__(required=False, strip=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        names = list(dict.fromkeys(_names(super().clean(value))))
        if len(names) > self.max_names:
            raise ValidationError(
                _("These are more than %(count)d names."), params={"count": self.max_names}
            )
        for name in names:
            if len(name) > 128 or (self.are_ids and not _SHOP_ID.fullmatch(name)):
                raise ValidationError(_("“%(name)s” cannot be."), params={"name": name[:140]})
        return names

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _names(self.prepare_value(initial)) != _names(data)


def _names(text: Any) -> list[str]:
    lines = (line.strip() for line in _lines(text).split("\n"))
    return [line for line in lines if line]


def _lines(text: Any) -> str:
    """With line breaks of one kind, whatever a browser made of them."""
    return str(text or "").replace("\r\n", "\n").replace("\r", "\n")


def _one_line(text: Any) -> str:
    return str(text or "").replace("\r", "").replace("\n", "").strip()
