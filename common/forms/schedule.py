"""Fields of when something runs: hours of the week, and a time zone."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from common.forms.fields import text_input
from common.zones import known_time_zones

_DAYS = [
    ("1", _("Mon")), ("2", _("Tue")), ("3", _("Wed")), ("4", _("Thu")), ("5", _("Fri")),
    ("6", _("Sat")), ("7", _("Sun")),
]  # fmt: skip
_CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z"


class WindowForm(forms.Form):
    """Hours of the week."""

    days = forms.MultipleChoiceField(
        label=_("Days"), choices=_DAYS, widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )
    opens = forms.RegexField(_CLOCK, label=_("From"), widget=text_input(type="time"))
    closes = forms.RegexField(
        _CLOCK,
        label=_("Until"),
        widget=text_input(type="time"),
        help_text=_("At or before “from”: on the next day."),
    )


def window_rows(windows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Weekly windows of the contract's shape as rows of `WindowForm`."""
    return [
        {
            "days": [str(day) for day in window["days"]],
            "opens": window["from"],
            "closes": window["until"],
        }
        for window in windows
    ]


def window_of(row: forms.Form) -> dict[str, Any]:
    """A cleaned row in the contract's shape."""
    cleaned = row.cleaned_data
    return {
        "days": [int(day) for day in cleaned["days"]],
        "from": cleaned["opens"],
        "until": cleaned["closes"],
    }


def time_zones(chosen: str) -> list[tuple[str, Any]]:
    """The shop's, and all that there are; also the chosen one, where it is none of them."""
    shop = _("the shop's (%(zone)s)") % {"zone": settings.SHOP_TIME_ZONE}
    names = _known_zones()
    if chosen and chosen not in names:
        names = [*names, chosen]
    return [("", shop), *((name, name) for name in names)]


@cache
def _known_zones() -> list[str]:
    return sorted(name for name in known_time_zones() if "/" in name or name == "UTC")
