"""What the API says of a field, at the field of the form that stands for it, in the page's language."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.errors import FieldError
from promotions.forms.shape import AMOUNTS, EFFECTS, PATHS

_TEXTS: dict[str, Any] = {
    "required": _("This field is needed."),
    "currency_required": _("A promotion that names an amount of money needs its currency."),
    "below_minimum": _("The maximum is below the minimum."),
    "not_after_start": _("The end must be after the start."),
    "out_of_range": _("This time is too far away."),
    "unknown_time_zone": _("This time zone is unknown."),
    "duplicate": _("This stands here more than once."),
    "not_allowed": _("This goes with “each piece” only."),
}
_INVALID = _("This cannot be.")

_FIELDS = {"/".join(("", *path)): name for name, path in {**PATHS, **AMOUNTS}.items()} | {
    "/conditions/contains": "contains",
    "/schedule/weekly": "weekly",
}


def place_errors(form: forms.ModelForm, errors: Iterable[FieldError]) -> None:
    """Add each error to its field, or to the form where none stands for it."""
    for error in errors:
        form.add_error(field_of(error.pointer, form), _TEXTS.get(error.code, _INVALID))


def field_of(pointer: str, form: forms.ModelForm) -> str | None:
    """The form's field for a JSON pointer into the contract's shape."""
    if pointer.startswith("/effect/"):
        kind = form.cleaned_data["effect_kind"]
        wanted = pointer.removeprefix("/effect/")
        return next(
            (n for n, (field, _m) in EFFECTS[kind].items() if field == wanted), "effect_kind"
        )
    while pointer:
        if (name := _FIELDS.get(pointer)) is not None and name in form.fields:
            return name
        pointer = pointer.rpartition("/")[0]
    return None
