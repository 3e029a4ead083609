"""What the API says of a field, at the field of the form that stands for it, in the page's language."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.errors import FieldError
from promotions.forms.effect_shape import EFFECTS, TIERS
from promotions.forms.rows import ROWS_REFUSED, kept
from promotions.forms.shape import AMOUNTS, PATHS

_TEXTS: dict[str, Any] = {
    "required": _("This field is needed."),
    "currency_required": _("A promotion that names an amount of money needs its currency."),
    "below_minimum": _("The maximum is below the minimum."),
    "not_after_start": _("The end must be after the start."),
    "out_of_range": _("This time is too far away."),
    "unknown_time_zone": _("This time zone is unknown."),
    "duplicate": _("This stands here more than once."),
    "not_allowed": _("A percentage can't be taken off each piece: choose another or an amount."),
}
_INVALID = _("This cannot be.")

_FIELDS = {"/".join(("", *path)): name for name, path in {**PATHS, **AMOUNTS}.items()}
#: Where rows stand in the contract's shape: the form's field, and the fields of a row.
_ROWS: dict[str, tuple[str, dict[str, str]]] = {
    "/effect/tiers": TIERS,
    "/conditions/contains": ("contains", {"min_amount": "min_amount"}),
    "/schedule/weekly": ("weekly", {"from": "opens", "until": "closes"}),
}


def place_errors(form: forms.ModelForm, errors: Iterable[FieldError]) -> None:
    """Add each error to its field, be it in a row, or to the form where none stands for it."""
    # An error takes a field away from what was cleaned.
    cleaned = form.cleaned_data
    rows = {name: kept(cleaned[name]) for name, _fields in _ROWS.values() if name in cleaned}
    for error in errors:
        text = _TEXTS.get(error.code, _INVALID)
        for pointer, (name, fields) in _ROWS.items():
            if error.pointer.startswith(pointer) and name in rows:
                number, _slash, field = error.pointer.removeprefix(pointer + "/").partition("/")
                _place_in_rows(form, name, rows[name], number, fields.get(field, field), text)
                break
        else:
            field_name = _field_of(error.pointer, form)
            if field_name not in form.errors:
                form.add_error(field_name, text)


def problems_of(form: forms.ModelForm) -> list[str]:
    """All that is wrong, each with the name of its field, as one says it in a line."""
    said = []
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        rows = form[name].value() if name in {place for place, _fields in _ROWS.values()} else ()
        inner = [
            f"{label} {number}, {row.fields[field].label}: {texts[0]}"
            for number, row in enumerate(rows, start=1)
            for field, texts in row.errors.items()
            if field in row.fields
        ]
        said += inner or [f"{label}: {errors[0]}" if label else str(errors[0])]
    return said


def _place_in_rows(
    form: forms.ModelForm, name: str, rows: Any, number: str, field: str, text: Any
) -> None:
    if not number.isdigit():
        form.add_error(name, text)
        return
    row = rows[int(number)]
    row.add_error(field if field in row.fields else None, text)
    if name not in form.errors:
        form.add_error(name, ROWS_REFUSED)


def _field_of(pointer: str, form: forms.ModelForm) -> str | None:
    """The form's field for a JSON pointer into the contract's shape."""
    fields = dict(_FIELDS)
    kind = form.cleaned_data.get("effect_kind", form["effect_kind"].value())
    fields |= {
        "/".join(("/effect", *told.path)): name for name, told in EFFECTS.get(kind, {}).items()
    }
    fields["/effect"] = "effect_kind"
    while pointer:
        if (name := fields.get(pointer)) is not None and name in form.fields:
            return name
        pointer = pointer.rpartition("/")[0]
    return None
