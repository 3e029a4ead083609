"""Between the contract's shape of a cashback rule and the fields of the form.

What was not touched keeps the value that it had, to the last microsecond. Amounts are read always, since
their meaning hangs on the currency beside.
"""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext_lazy as _

from cashback.domain.rules import RuleDefinition, rule_errors
from common.api.bodies import convert
from common.errors import FieldError, ValidationFailed
from common.forms import problems
from common.forms.amounts import amount_text, decimal_text
from common.forms.paths import at_path, plain, put_at, read_amount
from common.forms.rows import kept
from common.forms.schedule import window_of, window_rows
from common.words import language_in_use

#: What `gives` chooses from.
PERCENT, AMOUNT = "percent", "amount"

#: Where each field of the form stands in the contract's shape.
PATHS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "status": ("status",),
    "currency": ("currency",),
    "partner_id": ("partner_id",),
    "pending_days": ("pending_days",),
    "expires_after_days": ("expires_after_days",),
    "clawback": ("clawback",),
    "segments": ("audience", "segments"),
    "skip_reduced": ("items", "skip_reduced"),
    "starts_at": ("schedule", "starts_at"),
    "ends_at": ("schedule", "ends_at"),
    "timezone": ("schedule", "timezone"),
    "terms_de": ("terms", "de"),
    "terms_en": ("terms", "en"),
} | {
    f"{side}_{kind}": ("items", side, kind)
    for side in ("include", "exclude")
    for kind in ("skus", "categories", "brands", "tags")
}
AMOUNTS: dict[str, tuple[str, ...]] = {
    "min_unit_price": ("items", "min_unit_price"),
    "max_unit_price": ("items", "max_unit_price"),
    "min_subtotal": ("conditions", "min_subtotal"),
    "max_per_order": ("max_per_order",),
    "max_per_customer_month": ("max_per_customer_month",),
}
#: Of what the rule gives, only the chosen half counts.
_GIFT: dict[str, tuple[str, ...]] = {"percent": ("percent",), "amount": ("amount",)}

_FIELDS = {"/".join(("", *path)): name for name, path in (PATHS | AMOUNTS | _GIFT).items()}
#: Where rows stand in the contract's shape: the form's field, and the fields of a row.
_ROWS: dict[str, tuple[str, dict[str, str]]] = {
    "/tiers": ("tiers", {}),
    "/schedule/weekly": ("weekly", {"from": "opens", "until": "closes"}),
}
_TEXTS: dict[str, Any] = {
    "currency_required": _("A rule that names an amount of money needs its currency."),
    "one_of": _("Say what the rule gives."),
}
_NEW: dict[str, Any] = {"name": "-", "percent": "1"}


def initial_of(definition: RuleDefinition | None) -> dict[str, Any]:
    """The values of the form; None: those of a new rule."""
    told = definition or msgspec.convert(_NEW, RuleDefinition)
    shape = msgspec.to_builtins(told)
    language = language_in_use()

    def money(amount: int | None) -> str:
        return amount_text(amount, currency=told.currency, language=language)

    def percent(text: str | None) -> str:
        return decimal_text(text or "", language=language)

    initial = {name: at_path(shape, path) for name, path in PATHS.items()}
    initial |= {name: money(at_path(shape, path)) for name, path in AMOUNTS.items()}
    initial |= {
        "gives": PERCENT if told.amount is None else AMOUNT,
        "percent": percent(told.percent),
        "amount": money(told.amount),
        "tiers": [
            {"segment": tier.segment, "percent": percent(tier.percent)} for tier in told.tiers
        ],
        "starts_at": told.schedule.starts_at,
        "ends_at": told.schedule.ends_at,
        "timezone": told.schedule.timezone or "",
        "partner_id": told.partner_id or "",
        "weekly": window_rows(shape["schedule"]["weekly"]),
    }
    if definition is None:
        initial |= {"name": "", "percent": ""}
    return initial


def definition_from(form: forms.ModelForm, *, original: RuleDefinition | None) -> RuleDefinition:
    """What a cleaned form says, laid over what was there.

    Raises:
        ValidationFailed: as the API would refuse it, or with nothing more than the form's errors.
    """
    cleaned, changed = form.cleaned_data, set(form.changed_data)
    new = msgspec.to_builtins(msgspec.convert(_NEW, RuleDefinition))
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
    shape |= _gift(form, currency)
    if "weekly" in cleaned and (original is None or "weekly" in changed):
        shape["schedule"]["weekly"] = [window_of(row) for row in kept(cleaned["weekly"])]
    if form.errors.keys() & {"gives", "percent", "amount", "tiers"}:
        shape |= {"percent": "1", "amount": None, "tiers": []}
    definition: RuleDefinition = convert(shape, RuleDefinition)
    errors = rule_errors(definition)
    if errors or form.errors:
        raise ValidationFailed(errors=errors)
    return definition


def place_errors(form: forms.ModelForm, errors: Iterable[FieldError]) -> None:
    """Add each error to its field, be it in a row, or to the form where none stands for it."""
    gives_amount = form.cleaned_data.get("gives") == AMOUNT
    # Who chose an amount does not see the percentage.
    fields = _FIELDS | ({"/percent": "amount"} if gives_amount else {})
    problems.place_errors(
        form,
        errors,
        field_of=lambda pointer: problems.nearest(pointer, fields, form=form),
        rows_at=_ROWS,
        texts=_TEXTS,
    )


def _gift(form: forms.ModelForm, currency: str) -> dict[str, Any]:
    """Percentages or an amount; what is left over from the other choice is not read."""
    cleaned = form.cleaned_data
    if cleaned.get("gives") == AMOUNT:
        return {"percent": None, "tiers": [], "amount": read_amount(form, "amount", currency)}
    rows = kept(cleaned["tiers"]) if "tiers" in cleaned else ()
    tiers = [
        {"segment": row.cleaned_data["segment"], "percent": row.cleaned_data["percent"]}
        for row in rows
    ]
    return {"percent": cleaned.get("percent") or None, "tiers": tiers, "amount": None}
