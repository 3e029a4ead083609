"""The rules of a decision in plain words: what each asks for, and what the call had."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.words import listed, moment, money, number


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule as it is shown."""

    holds: bool
    label: str
    needed: str
    found: str


#: Value and currency of the cart.
Wording = Callable[[Any, str], str]


@dataclass(frozen=True, slots=True)
class _Rule:
    label: Any
    needed: Wording
    found: Wording


def rule_rows(rules: Sequence[Mapping[str, Any]], *, currency: str) -> list[RuleRow]:
    """The rules in the order in which reasons are told; one that is not known keeps its name."""
    rows = []
    for told in rules:
        rule = _RULES.get(told["rule"], _Rule(told["rule"], _plain, _plain))
        rows.append(
            RuleRow(
                holds=told["holds"],
                label=str(rule.label),
                needed=_words(rule.needed, told["required"], currency),
                found=_words(rule.found, told["found"], currency),
            )
        )
    return rows


def _words(wording: Wording, value: Any, currency: str) -> str:
    """A value of another shape, from a version before or after this one, is shown as it is."""
    try:
        return wording(value, currency)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return str(value)


def _plain(value: Any, currency: str) -> str:
    return "–" if value is None else str(value)


def _yes_or_no(value: Any, currency: str) -> str:
    return _("yes") if value else _("no")


def _is_open(value: Any, currency: str) -> str:
    return _("open") if value else _("closed")


_STATES = {
    "draft": gettext_lazy("draft"),
    "active": gettext_lazy("active"),
    "paused": gettext_lazy("paused"),
    "archived": gettext_lazy("archived"),
}


def _state(value: Any, currency: str) -> str:
    return str(_STATES.get(value, value))


def _from(value: Any, currency: str) -> str:
    return _("from %(moment)s") % {"moment": moment(value)}


def _before(value: Any, currency: str) -> str:
    return _("before %(moment)s") % {"moment": moment(value)}


def _asked_at(value: Any, currency: str) -> str:
    return _("asked %(moment)s") % {"moment": moment(value)}


def _one_of(value: Any, currency: str) -> str:
    return _("one of: %(names)s") % {"names": listed(sorted(value))}


def _none_of(value: Any, currency: str) -> str:
    return _("none of those excluded")


def _names(value: Any, currency: str) -> str:
    return listed(value)


def _said(value: Any, currency: str) -> str:
    return str(value) if value is not None else _("the cart does not say")


def _order_number(value: Any, currency: str) -> str:
    return _("order number %(number)s") % {"number": number(value)}


def _one_left(value: Any, currency: str) -> str:
    return _("one left of %(number)s") % {"number": number(value)}


def _uses(value: Any, currency: str) -> str:
    used, held = value["used"], value["held"]
    text = ngettext("%(number)s used", "%(number)s used", used) % {"number": number(used)}
    if held:
        text += _(", %(number)s held by other carts") % {"number": number(held)}
    return text


def _at_most_left(value: Any, currency: str) -> str:
    return _("at most the %(amount)s that are left") % {"amount": money(value, currency)}


def _takes(value: Any, currency: str) -> str:
    return _("takes %(amount)s") % {"amount": money(value, currency)}


def _at_least_lines(value: Any, currency: str) -> str:
    text = ngettext("at least %(number)s line", "at least %(number)s lines", value)
    return text % {"number": number(value)}


def _lines(value: Any, currency: str) -> str:
    return ngettext("%(number)s line", "%(number)s lines", value) % {"number": number(value)}


def _at_least_units(value: Any, currency: str) -> str:
    text = ngettext("at least %(number)s unit", "at least %(number)s units", value)
    return text % {"number": number(value)}


def _units(value: Any, currency: str) -> str:
    return ngettext("%(number)s unit", "%(number)s units", value) % {"number": number(value)}


def _each_required(value: Any, currency: str) -> str:
    return "; ".join(_entry(entry, currency) for entry in value)


def _entry(entry: Sequence[Any], currency: str) -> str:
    units, amount = entry
    if amount is None:
        return _units(units, currency)
    return f"{_units(units, currency)}, {money(amount, currency)}"


def _at_least_money(value: Any, currency: str) -> str:
    return _("at least %(amount)s") % {"amount": money(value, currency)}


def _at_most_money(value: Any, currency: str) -> str:
    return _("at most %(amount)s") % {"amount": money(value, currency)}


def _money(value: Any, currency: str) -> str:
    return money(value, currency)


def _something(value: Any, currency: str) -> str:
    return _("something")


def _gives(value: Any, currency: str) -> str:
    return gifts_in_words(value["discount"], value["gift"], value["bonus"], currency=currency)


def gifts_in_words(discount: int, gift: int, bonus: int, *, currency: str) -> str:
    """What a promotion gives: money off, gifts by their value, cashback."""
    parts = [
        text % {"amount": money(amount, currency)}
        for text, amount in (
            (_("%(amount)s off"), discount),
            (_("a gift worth %(amount)s"), gift),
            (_("%(amount)s cashback"), bonus),
        )
        if amount
    ]
    return ", ".join(parts) or _("nothing")


_RULES = {
    "code_enabled": _Rule(gettext_lazy("Code switched on"), _yes_or_no, _yes_or_no),
    "status": _Rule(gettext_lazy("Status of the promotion"), _state, _state),
    "code_starts_at": _Rule(gettext_lazy("Code valid"), _from, _asked_at),
    "code_ends_at": _Rule(gettext_lazy("Code valid"), _before, _asked_at),
    "promotion_starts_at": _Rule(gettext_lazy("Promotion runs"), _from, _asked_at),
    "promotion_ends_at": _Rule(gettext_lazy("Promotion runs"), _before, _asked_at),
    "weekly": _Rule(gettext_lazy("Hours of the week"), _is_open, _is_open),
    "currency": _Rule(gettext_lazy("Currency"), _plain, _plain),
    "channels": _Rule(gettext_lazy("Channel"), _one_of, _said),
    "countries": _Rule(gettext_lazy("Country"), _one_of, _said),
    "payment_methods": _Rule(gettext_lazy("Payment"), _one_of, _said),
    "shipping_methods": _Rule(gettext_lazy("Shipping method"), _one_of, _said),
    "signed_in": _Rule(gettext_lazy("Signed in"), _yes_or_no, _yes_or_no),
    "registered": _Rule(gettext_lazy("Registered"), _yes_or_no, _yes_or_no),
    "segments": _Rule(gettext_lazy("In a segment"), _one_of, _names),
    "exclude_segments": _Rule(gettext_lazy("In no excluded segment"), _none_of, _names),
    "nth_order": _Rule(gettext_lazy("Which order"), _order_number, _order_number),
    "code_limit": _Rule(gettext_lazy("Uses of the code"), _one_left, _uses),
    "per_customer": _Rule(gettext_lazy("Uses by this customer"), _one_left, _uses),
    "redemptions": _Rule(gettext_lazy("Uses of the promotion"), _one_left, _uses),
    "discount_budget": _Rule(gettext_lazy("Budget"), _at_most_left, _takes),
    "items": _Rule(gettext_lazy("Eligible lines"), _at_least_lines, _lines),
    "contains": _Rule(gettext_lazy("Required items"), _each_required, _each_required),
    "min_quantity": _Rule(gettext_lazy("Eligible units"), _at_least_units, _units),
    "min_subtotal": _Rule(gettext_lazy("Minimum order"), _at_least_money, _money),
    "max_subtotal": _Rule(gettext_lazy("Maximum order"), _at_most_money, _money),
    "effect": _Rule(gettext_lazy("Gives this cart"), _something, _gives),
}
