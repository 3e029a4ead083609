"""The period that a forecast is asked for."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: What is looked at unless something else is asked for.
USUAL_DAYS = 12 * 7
_FIRST, _LAST = date(1970, 1, 1), date(2999, 12, 31)


class _DayField(forms.DateField):
    """A day by the browser's own calendar, which sends it in one way whatever the language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(
                format="%Y-%m-%d", attrs={"type": "date", "min": _FIRST, "max": _LAST}
            ),
            input_formats=["%Y-%m-%d"],
            validators=[MinValueValidator(_FIRST), MaxValueValidator(_LAST)],
            **kwargs,
        )


class PeriodForm(forms.Form):
    """Whole days on the shop's clock, the last one included."""

    first = _DayField(label=gettext_lazy("First day"))
    last = _DayField(label=gettext_lazy("Last day"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first is not None and last is not None and last < first:
            self.add_error("last", _("It is before the first day."))
        return cleaned

    @property
    def since(self) -> datetime:
        """The first instant."""
        return _midnight(self.cleaned_data["first"])

    @property
    def until(self) -> datetime:
        """The first instant after the last day."""
        return _midnight(self.cleaned_data["last"] + timedelta(days=1))


def usual_period(*, today: date) -> dict[str, date]:
    """The last twelve weeks."""
    return {"first": today - timedelta(days=USUAL_DAYS - 1), "last": today}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
