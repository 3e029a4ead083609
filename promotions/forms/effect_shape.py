"""Between the contract's shape of an effect and the fields of the form that tell it."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms.amounts import decimal_text
from common.forms.paths import at_path, plain, put_at, read_amount, read_count, read_percent
from common.forms.rows import ROWS_REFUSED, kept
from common.words import language_in_use

Shape = dict[str, Any]


class Told(NamedTuple):
    """Which field of the effect a field of the form tells, and how."""

    path: tuple[str, ...]
    is_amount: bool = False
    #: Shown with the decimal sign of the language.
    is_decimal: bool = False
    #: The effect can't be without it.
    is_needed: bool = False
    #: Shown, and read, only where this other field of the form has this value.
    only: tuple[str, str] | None = None


_OTHER = ("get_from", "other")
EFFECTS: dict[str, dict[str, Told]] = {
    "percentage": {
        "percent": Told(("percent",), is_decimal=True, is_needed=True),
        "percentage_on": Told(("on",)),
        "max_discount": Told(("max_discount",), is_amount=True),
    },
    "fixed_amount": {
        "amount": Told(("amount",), is_amount=True, is_needed=True),
        "amount_on": Told(("on",)),
        "max_units": Told(("max_units",), only=("amount_on", "unit")),
    },
    "fixed_price": {"fixed_price": Told(("price",), is_amount=True, is_needed=True)},
    "bundle_price": {
        "bundle_quantity": Told(("quantity",), is_needed=True),
        "bundle_price": Told(("price",), is_amount=True, is_needed=True),
        "bundle_times": Told(("max_applications",)),
    },
    "buy_x_get_y": {
        "buy_quantity": Told(("buy_quantity",), is_needed=True),
        "get_quantity": Told(("get_quantity",), is_needed=True),
        "get_percent": Told(("percent",), is_decimal=True),
        "get_times": Told(("max_applications",)),
        **{
            f"get_{side}_{kind}": Told(("get_items", side, kind), only=_OTHER)
            for side in ("include", "exclude")
            for kind in ("categories", "brands", "tags", "skus")
        },
        "get_skip_reduced": Told(("get_items", "skip_reduced"), only=_OTHER),
        "get_min_unit_price": Told(("get_items", "min_unit_price"), is_amount=True, only=_OTHER),
        "get_max_unit_price": Told(("get_items", "max_unit_price"), is_amount=True, only=_OTHER),
    },
    "tiered": {
        "tiered_by": Told(("by",)),
        "tiered_on": Told(("on",)),
        "tiered_max_discount": Told(
            ("max_discount",), is_amount=True, only=("tiered_gives", "percent")
        ),
    },
    "free_shipping": {
        "shipping_price": Told(
            ("shipping_price",), is_amount=True, is_needed=True, only=("shipping_costs", "price")
        ),
        "shipping_percent": Told(
            ("percent",), is_decimal=True, is_needed=True, only=("shipping_costs", "percent")
        ),
        "shipping_max_discount": Told(("max_discount",), is_amount=True),
    },
    "gift": {
        "gift_sku": Told(("sku",), is_needed=True),
        "gift_quantity": Told(("quantity",)),
        "gift_unit_price": Told(("unit_price",), is_amount=True, is_needed=True),
    },
    "bonus_cashback": {
        "bonus_amount": Told(
            ("amount",), is_amount=True, is_needed=True, only=("bonus_gives", "amount")
        ),
        "bonus_multiplier": Told(
            ("multiplier",), is_decimal=True, is_needed=True, only=("bonus_gives", "multiplier")
        ),
        "bonus_pending_days": Told(("pending_days",)),
        "bonus_expires_after_days": Told(("expires_after_days",)),
    },
}
#: Where the rows of tiers stand, and the fields of a row.
TIERS = ("tiers", {"from": "start", "percent": "percent", "amount": "amount"})

NEEDED = _("This field is needed.")


def effect_initial(effect: Shape, *, money: Callable[[int | None], str]) -> dict[str, Any]:
    """The values of the form for this effect; `money` writes an amount as it is typed."""
    initial: dict[str, Any] = {"effect_kind": effect["kind"], **dict(_choices(effect))}
    for name, told in EFFECTS[effect["kind"]].items():
        value = at_path(effect, told.path)
        if told.is_amount:
            value = money(value)
        elif told.is_decimal:
            value = decimal_text(value or "", language=language_in_use())
        initial.setdefault(name, value)
    if effect["kind"] == "tiered":
        initial["tiers"] = [_tier_initial(tier, effect["by"], money) for tier in effect["tiers"]]
    return initial


def effect_from(form: forms.ModelForm, *, original: Shape | None, currency: str) -> Shape:
    """What a cleaned form says, laid over what was there if that was of the same kind.

    What is missing or cannot be is added to the form's errors.
    """
    cleaned, changed = form.cleaned_data, set(form.changed_data)
    kind = cleaned.get("effect_kind")
    if kind is None:
        return {}
    is_same = original is not None and original["kind"] == kind
    effect: Shape = deepcopy(original) if original is not None and is_same else {"kind": kind}
    hidden = {told.path[0] for told in EFFECTS[kind].values() if not _is_shown(told, cleaned)}
    for name in hidden:
        effect[name] = None
    for name, told in EFFECTS[kind].items():
        if not _is_shown(told, cleaned):
            continue
        if told.is_amount:
            value: Any = read_amount(form, name, currency)
        elif is_same and name not in changed and at_path(effect, told.path) is not None:
            continue
        else:
            value = plain(cleaned.get(name))
        if value is None and told.is_needed and name not in form.errors:
            form.add_error(name, NEEDED)
        put_at(effect, told.path, value)
    if kind == "tiered":
        effect |= _tiers(form, currency)
    return {name: value for name, value in effect.items() if value is not None}


def stand_in(form: forms.ModelForm) -> Shape:
    """An effect to check the rest with while that of the form is not sound."""
    cleaned = form.cleaned_data
    shown = EFFECTS.get(cleaned.get("effect_kind", ""), {}).values()
    if any(told.is_amount and told.is_needed and _is_shown(told, cleaned) for told in shown):
        return {"kind": "fixed_amount", "amount": 1}
    return {"kind": "percentage", "percent": "1"}


def names_of(kind: str | None) -> set[str]:
    """The fields that tell an effect of this kind."""
    return {"effect_kind", *EFFECTS.get(kind or "", {}), *(["tiers"] if kind == "tiered" else [])}


def needed_fields() -> set[str]:
    """Those without which their effect cannot be; only where they are shown."""
    needed = {name for told in EFFECTS.values() for name, each in told.items() if each.is_needed}
    return needed | {"tiers"}


def drop_hidden_errors(form: forms.ModelForm) -> None:
    """Forgive the form what stands in fields that belong to no part of the chosen effect.

    Left over from another choice, nobody sees it, and it is not read.
    """
    cleaned = form.cleaned_data
    kind = cleaned.get("effect_kind")
    for other, fields in EFFECTS.items():
        for name, told in fields.items():
            if name in form.errors and not (other == kind and _is_shown(told, cleaned)):
                del form.errors[name]
    if kind != "tiered":
        form.errors.pop("tiers", None)


def _is_shown(told: Told, cleaned: Mapping[str, Any]) -> bool:
    return told.only is None or cleaned.get(told.only[0]) == told.only[1]


def _choices(effect: Shape) -> Iterator[tuple[str, str]]:
    """The fields of the form that only say which others count."""
    match effect:
        case {"kind": "buy_x_get_y", "get_items": get_items}:
            yield "get_from", "same" if get_items is None else "other"
        case {"kind": "tiered", "tiers": [first, *_others], "on": on}:
            yield "tiered_gives", "amount" if first.get("amount") is not None else "percent"
            yield "tiered_on", "line" if on == "lines" else on
        case {"kind": "free_shipping", "shipping_price": price, "percent": percent}:
            costs = "percent" if percent is not None else "nothing"
            yield "shipping_costs", costs if price is None else "price"
        case {"kind": "bonus_cashback", "amount": amount}:
            yield "bonus_gives", "multiplier" if amount is None else "amount"


def _tier_initial(tier: Shape, by: str, money: Callable[[int | None], str]) -> dict[str, Any]:
    return {
        "start": money(tier["from"]) if by == "subtotal" else str(tier["from"]),
        "percent": decimal_text(tier.get("percent") or "", language=language_in_use()),
        "amount": money(tier.get("amount")),
    }


def _tiers(form: forms.ModelForm, currency: str) -> Shape:
    """The tiers, and what they are taken off: of percentages the contract says `lines`."""
    cleaned = form.cleaned_data
    if not {"tiered_by", "tiered_gives", "tiered_on", "tiers"} <= cleaned.keys():
        return {}
    gives, on, rows = cleaned["tiered_gives"], cleaned["tiered_on"], kept(cleaned["tiers"])
    tiers = [_tier(row, cleaned["tiered_by"], gives, currency) for row in rows]
    if not rows:
        form.add_error("tiers", NEEDED)
    elif not all(row.is_valid() for row in rows):
        form.add_error("tiers", ROWS_REFUSED)
    return {"tiers": tiers, "on": "lines" if gives == "percent" and on == "line" else on}


def _tier(row: forms.Form, by: str, gives: str, currency: str) -> Shape:
    start = read_amount(row, "start", currency) if by == "subtotal" else read_count(row, "start")
    if gives == "amount":
        value: Any = read_amount(row, "amount", currency)
    else:
        value = read_percent(row, "percent")
    for name, read in (("start", start), (gives, value)):
        if read is None and name not in row.errors:
            row.add_error(name, NEEDED)
    return {"from": start, gives: value}
