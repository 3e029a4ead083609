"""Single values: where they stand in the contract's shape, and how a field of a form is read."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from django import forms
from django.core.exceptions import ValidationError

from common.forms.fields import PercentField, in_minor_units, in_units

T = TypeVar("T")


def at_path(shape: Any, path: tuple[str, ...]) -> Any:
    """The value there; None where a part above it is not there."""
    for step in path:
        shape = None if shape is None else shape.get(step)
    return shape


def put_at(shape: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Put a value there; parts above it that are not there are made."""
    *steps, last = path
    for step in steps:
        if shape.get(step) is None:
            shape[step] = {}
        shape = shape[step]
    shape[last] = value


def plain(value: Any) -> Any:
    """A cleaned value in the contract's words: nothing is null, and instants keep their offset."""
    if value == "" or value is None:
        return None
    return msgspec.to_builtins(value)


def read_amount(form: forms.BaseForm, name: str, currency: str) -> int | None:
    """Minor units of a `MoneyField`; what is no amount becomes an error of the form."""
    return _read(form, name, lambda text: in_minor_units(text, currency=currency))


def read_count(form: forms.BaseForm, name: str) -> int | None:
    """A whole number that stands where an amount might stand."""
    return _read(form, name, in_units)


def read_percent(form: forms.BaseForm, name: str) -> str | None:
    """A percentage that stands where something else might stand."""
    return _read(form, name, lambda text: PercentField().clean(text) or None)


def _read(form: forms.BaseForm, name: str, read: Callable[[str], T | None]) -> T | None:
    # What was refused already is no longer among what was cleaned.
    if name not in form.cleaned_data:
        return None
    try:
        return read(form.cleaned_data[name])
    except ValidationError as wrong:
        form.add_error(name, wrong)
        return None
