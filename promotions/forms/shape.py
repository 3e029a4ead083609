"""Between the contract's shape of a promotion and the fields of the form.

What was not touched keeps the value that it had, to the last microsecond: a form that is sent back as
it was changes nothing. Amounts are read always, since their meaning hangs on the currency beside.
"""

from copy import deepcopy
from typing import Any

import msgspec
from django import forms

from common.api.bodies import convert
from common.errors import ValidationFailed
from common.forms.amounts import amount_text
from common.forms.paths import at_path, plain, put_at, read_amount
from common.forms.rows import ROWS_REFUSED, kept
from common.forms.schedule import window_of, window_rows
from common.words import language_in_use
from promotions.domain.definition import PromotionDefinition, definition_errors
from promotions.forms.effect_shape import effect_from, effect_initial, names_of, stand_in

#: Where each field of the form stands in the contract's shape; the effect's are in `effect_shape`.
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
_NEW: dict[str, Any] = {"name": "-", "effect": {"kind": "percentage", "percent": "1"}}


def initial_of(definition: PromotionDefinition | None) -> dict[str, Any]:
    """The values of the form; None: those of a new promotion."""
    told = definition or msgspec.convert(_NEW, PromotionDefinition)
    shape = msgspec.to_builtins(told)
    currency, language = told.currency, language_in_use()

    def money(amount: int | None) -> str:
        return amount_text(amount, currency=currency, language=language)

    initial = {name: at_path(shape, path) for name, path in PATHS.items()}
    initial |= {name: money(at_path(shape, path)) for name, path in AMOUNTS.items()}
    initial |= {"starts_at": told.schedule.starts_at, "ends_at": told.schedule.ends_at}
    initial["timezone"] = told.schedule.timezone or ""
    if definition is not None:
        initial |= effect_initial(shape["effect"], money=money)
    initial["contains"] = [
        {
            **{f"{side}_{kind}": entry[side][kind] for side in _SIDES for kind in _KINDS},
            "min_quantity": entry["min_quantity"],
            "min_amount": money(entry["min_amount"]),
        }
        for entry in shape["conditions"]["contains"]
    ]
    initial["weekly"] = window_rows(shape["schedule"]["weekly"])
    if definition is None:
        initial["name"] = ""
    return initial


def definition_from(
    form: forms.ModelForm, *, original: PromotionDefinition | None
) -> PromotionDefinition:
    """What a cleaned form says, laid over what was there.

    Raises:
        ValidationFailed: as the API would refuse it, or with nothing more than the form's errors.
    """
    cleaned, changed = form.cleaned_data, set(form.changed_data)
    new = msgspec.to_builtins(msgspec.convert(_NEW, PromotionDefinition))
    shape = msgspec.to_builtins(original) if original else deepcopy(new)
    currency = cleaned["currency"]
    for name, path in PATHS.items():
        if original is None or name in changed:
            # What was refused already is checked no further.
            refused = name not in cleaned
            put_at(shape, path, at_path(new, path) if refused else plain(cleaned[name]))
    for name, path in AMOUNTS.items():
        put_at(shape, path, read_amount(form, name, currency))
    shape["currency"] = currency or None
    shape["effect"] = effect_from(
        form, original=shape["effect"] if original else None, currency=currency
    )
    if "contains" in cleaned and (original is None or {"contains", "currency"} & changed):
        rows = kept(cleaned["contains"])
        shape["conditions"]["contains"] = [_contains(row, currency) for row in rows]
        if not all(row.is_valid() for row in rows):
            form.add_error("contains", ROWS_REFUSED)
    if "weekly" in cleaned and (original is None or "weekly" in changed):
        shape["schedule"]["weekly"] = [window_of(row) for row in kept(cleaned["weekly"])]
    if names_of(cleaned.get("effect_kind")) & form.errors.keys():
        shape["effect"] = stand_in(form)
    definition: PromotionDefinition = convert(shape, PromotionDefinition)
    errors = definition_errors(definition)
    if errors or form.errors:
        raise ValidationFailed(errors=errors)
    return definition


_SIDES = ("include", "exclude")
_KINDS = ("skus", "categories", "brands", "tags")


def _contains(row: forms.Form, currency: str) -> dict[str, Any]:
    cleaned = row.cleaned_data
    return {
        **{side: {kind: cleaned[f"{side}_{kind}"] for kind in _KINDS} for side in _SIDES},
        "min_quantity": cleaned["min_quantity"] or 1,
        "min_amount": read_amount(row, "min_amount", currency),
    }
