"""What the API says of a promotion's field, at the field of the form that stands for it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.errors import FieldError
from common.forms import problems
from promotions.forms.effect_shape import EFFECTS, TIERS
from promotions.forms.shape import AMOUNTS, PATHS

_TEXTS: dict[str, Any] = {
    "currency_required": _("A promotion that names an amount of money needs its currency."),
    "not_allowed": _("A percentage can't be taken off each piece: choose another or an amount."),
}
_FIELDS = {"/".join(("", *path)): name for name, path in {**PATHS, **AMOUNTS}.items()}
#: Where rows stand in the contract's shape: the form's field, and the fields of a row.
_ROWS: dict[str, tuple[str, dict[str, str]]] = {
    "/effect/tiers": TIERS,
    "/conditions/contains": ("contains", {"min_amount": "min_amount"}),
    "/schedule/weekly": ("weekly", {"from": "opens", "until": "closes"}),
}


def place_errors(form: forms.ModelForm, errors: Iterable[FieldError]) -> None:
    """Add each error to its field, be it in a row, or to the form where none stands for it."""
    problems.place_errors(
        form,
        errors,
        field_of=lambda pointer: _field_of(pointer, form),
        rows_at=_ROWS,
        texts=_TEXTS,
    )


def _field_of(pointer: str, form: forms.ModelForm) -> str | None:
    """The form's field for a JSON pointer into the contract's shape."""
    fields = dict(_FIELDS)
    kind = form.cleaned_data.get("effect_kind", form["effect_kind"].value())
    fields |= {
        "/".join(("/effect", *told.path)): name for name, told in EFFECTS.get(kind, {}).items()
    }
    fields["/effect"] = "effect_kind"
    return problems.nearest(pointer, fields, form=form)
