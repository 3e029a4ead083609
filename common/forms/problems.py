"""What the API says of a field, at the field of the form that stands for it, in the page's language."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.errors import FieldError
from common.forms.rows import ROWS_REFUSED, RowsField, kept

_TEXTS: dict[str, Any] = {
    "required": _("This field is needed."),
    "below_minimum": _("The maximum is below the minimum."),
    "not_after_start": _("The end must be after the start."),
    "out_of_range": _("This time is too far away."),
    "unknown_time_zone": _("This time zone is unknown."),
    "duplicate": _("This stands here more than once."),
}
_INVALID = _("This cannot be.")


def place_errors(
    form: forms.ModelForm,
    errors: Iterable[FieldError],
    *,
    field_of: Callable[[str], str | None],
    rows_at: Mapping[str, tuple[str, Mapping[str, str]]],
    texts: Mapping[str, Any],
) -> None:
    """Add each error to its field, be it in a row, or to the form where none stands for it.

    `field_of` tells the form's field for a JSON pointer; `rows_at` where rows stand in the contract's
    shape: the form's field, and the fields of a row; `texts` what codes mean here.
    """
    # An error takes a field away from what was cleaned.
    cleaned = form.cleaned_data
    rows = {name: kept(cleaned[name]) for name, _fields in rows_at.values() if name in cleaned}
    for error in errors:
        text = texts.get(error.code) or _TEXTS.get(error.code, _INVALID)
        for pointer, (name, fields) in rows_at.items():
            if error.pointer.startswith(pointer) and name in rows:
                number, _slash, field = error.pointer.removeprefix(pointer + "/").partition("/")
                _place_in_rows(form, name, rows[name], number, fields.get(field, field), text)
                break
        else:
            field_name = field_of(error.pointer)
            if field_name not in form.errors:
                form.add_error(field_name, text)


def nearest(pointer: str, fields: Mapping[str, str], *, form: forms.BaseForm) -> str | None:
    """The form's field for a JSON pointer, else that for what is above it."""
    while pointer:
        if (name := fields.get(pointer)) is not None and name in form.fields:
            return name
        pointer = pointer.rpartition("/")[0]
    return None


def problems_of(form: forms.ModelForm) -> list[str]:
    """All that is wrong, each with the name of its field, as one says it in a line."""
    said = []
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        rows = form[name].value() if isinstance(form.fields.get(name), RowsField) else ()
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
