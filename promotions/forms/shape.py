"""Between the contract's shape of a promotion and the fields of the form.

What was not touched keeps the value that it had, to the last microsecond: a form that is sent back as
it was changes nothing. Amounts are read always, since their meaning hangs on the currency beside.
"""

from typing import Any

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.api.bodies import convert
from common.errors import ValidationFailed
from promotions.domain.definition import PromotionDefinition, definition_errors
from promotions.forms.amounts import amount_text, percent_text
from promotions.forms.fields import in_minor_units, kept, language_in_use

#: Where each field of the form stands in the contract's shape; the effect's follow below.
PATHS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "status": ("status",),
    "activation": ("activation",),
    "currency": ("currency",),
    "title_de": ("title", "de"),
    "title_en": ("title", "en"),
    "terms_de": ("terms", "de"),
    "terms_en": ("terms", "en"),
    "skip_reduced": ("items", "skip_reduced"),
    "min_quantity": ("conditions", "min_quantity"),
    "nth_order": ("conditions", "nth_order"),
    "channels": ("conditions", "channels"),
    "countries": ("conditions", "countries"),
    "payment_methods": ("conditions", "payment_methods"),
    "shipping_methods": ("conditions", "shipping_methods"),
    "registered": ("audience", "registered"),
    "segments": ("audience", "segments"),
    "exclude_segments": ("audience", "exclude_segments"),
    "starts_at": ("schedule", "starts_at"),
    "ends_at": ("schedule", "ends_at"),
    "timezone": ("schedule", "timezone"),
    "exclusive": ("stacking", "exclusive"),
    "group": ("stacking", "group"),
    "priority": ("stacking", "priority"),
    "redemptions": ("limits", "redemptions"),
    "per_customer": ("limits", "per_customer"),
    "per_code": ("limits", "per_code"),
    "after_cancel": ("after_cancel",),
} | {
    f"{side}_{kind}": ("items", side, kind)
    for side in ("include", "exclude")
    for kind in ("skus", "categories", "brands", "tags")
}
AMOUNTS: dict[str, tuple[str, ...]] = {
    "min_unit_price": ("items", "min_unit_price"),
    "max_unit_price": ("items", "max_unit_price"),
    "min_subtotal": ("conditions", "min_subtotal"),
    "max_subtotal": ("conditions", "max_subtotal"),
    "discount_budget": ("limits", "discount_budget"),
}
#: Of each kind of effect: the form's field and the contract's, amounts of money marked.
EFFECTS: dict[str, dict[str, tuple[str, bool]]] = {
    "percentage": {
        "percent": ("percent", False),
        "percentage_on": ("on", False),
        "max_discount": ("max_discount", True),
    },
    "fixed_amount": {
        "amount": ("amount", True),
        "amount_on": ("on", False),
        "max_units": ("max_units", False),
    },
}

_NEW: dict[str, Any] = {"name": "-", "effect": {"kind": "percentage", "percent": "1"}}


def initial_of(definition: PromotionDefinition | None) -> dict[str, Any]:
    """The values of the form; None: those of a new promotion."""
    told = definition or msgspec.convert(_NEW, PromotionDefinition)
    shape = msgspec.to_builtins(told)
    currency, language = told.currency, language_in_use()

    def money(amount: int | None) -> str:
        return amount_text(amount, currency=currency, language=language)

    initial = {name: _at(shape, path) for name, path in PATHS.items()}
    initial |= {name: money(_at(shape, path)) for name, path in AMOUNTS.items()}
    initial |= {"starts_at": told.schedule.starts_at, "ends_at": told.schedule.ends_at}
    initial["timezone"] = told.schedule.timezone or ""
    effect = shape["effect"]
    initial |= {"effect_kind": effect["kind"], "percentage_on": "order", "amount_on": "order"}
    for name, (field, is_amount) in EFFECTS[effect["kind"]].items():
        initial[name] = money(effect[field]) if is_amount else effect[field]
    initial["percent"] = percent_text(initial.get("percent") or "", language=language)
    initial["contains"] = [
        {
            **{f"{side}_{kind}": entry[side][kind] for side in _SIDES for kind in _KINDS},
            "min_quantity": entry["min_quantity"],
            "min_amount": money(entry["min_amount"]),
        }
        for entry in shape["conditions"]["contains"]
    ]
    initial["weekly"] = [
        {
            "days": [str(day) for day in window["days"]],
            "opens": window["from"],
            "closes": window["until"],
        }
        for window in shape["schedule"]["weekly"]
    ]
    if definition is None:
        initial |= {"name": "", "percent": ""}
    return initial


def definition_from(
    form: forms.ModelForm, *, original: PromotionDefinition | None
) -> PromotionDefinition:
    """What a cleaned form says, laid over what was there.

    Raises:
        ValidationFailed: as the API would refuse it.
    """
    cleaned, changed = form.cleaned_data, set(form.changed_data)
    shape = msgspec.to_builtins(original or msgspec.convert(_NEW, PromotionDefinition))
    currency = cleaned["currency"]
    for name, path in PATHS.items():
        if original is None or name in changed:
            _put(shape, path, _plain(cleaned[name]))
    for name, path in AMOUNTS.items():
        _put(shape, path, _amount(form, name, currency))
    shape["currency"] = currency or None
    shape["effect"] = _effect(form, currency)
    if original is None or {"contains", "currency"} & changed:
        rows = kept(cleaned["contains"])
        shape["conditions"]["contains"] = [_contains(row, currency) for row in rows]
        if not all(row.is_valid() for row in rows):
            form.add_error("contains", _("Please look at the rows below."))
    if original is None or "weekly" in changed:
        shape["schedule"]["weekly"] = [_window(row) for row in kept(cleaned["weekly"])]
    if form.errors:
        raise ValidationFailed
    definition: PromotionDefinition = convert(shape, PromotionDefinition)
    if errors := definition_errors(definition):
        raise ValidationFailed(errors=errors)
    return definition


_SIDES = ("include", "exclude")
_KINDS = ("skus", "categories", "brands", "tags")


def _effect(form: forms.ModelForm, currency: str) -> dict[str, Any]:
    cleaned = form.cleaned_data
    kind = cleaned["effect_kind"]
    effect: dict[str, Any] = {"kind": kind}
    for name, (field, is_amount) in EFFECTS[kind].items():
        value = _amount(form, name, currency) if is_amount else _plain(cleaned[name])
        effect[field] = value
    return {field: value for field, value in effect.items() if value is not None}


def _contains(row: forms.Form, currency: str) -> dict[str, Any]:
    cleaned = row.cleaned_data
    return {
        **{side: {kind: cleaned[f"{side}_{kind}"] for kind in _KINDS} for side in _SIDES},
        "min_quantity": cleaned["min_quantity"] or 1,
        "min_amount": _amount(row, "min_amount", currency),
    }


def _window(row: forms.Form) -> dict[str, Any]:
    cleaned = row.cleaned_data
    return {
        "days": [int(day) for day in cleaned["days"]],
        "from": cleaned["opens"],
        "until": cleaned["closes"],
    }


def _amount(form: forms.BaseForm, name: str, currency: str) -> int | None:
    try:
        return in_minor_units(form.cleaned_data[name], currency=currency)
    except ValidationError as wrong:
        form.add_error(name, wrong)
        return None


def _plain(value: Any) -> Any:
    """The form's nothing is the contract's null; instants keep their offset."""
    if value == "" or value is None:
        return None
    return msgspec.to_builtins(value)


def _at(shape: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        shape = shape.get(step)
    return shape


def _put(shape: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    *steps, last = path
    for step in steps:
        shape = shape[step]
    shape[last] = value
