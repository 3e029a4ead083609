"""A rule in one plain sentence, as staff read it beside the form and in the history."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from common.money import format_money
from customers.domain.rules import Group, Leaf, Negation, Rule, Words

Language = Literal["de", "en"]

OP_WORDS: Mapping[str, Words] = {
    "eq": Words("is", "ist"),
    "ne": Words("is not", "ist nicht"),
    "in": Words("is one of", "ist eines von"),
    "not_in": Words("is none of", "ist keines von"),
    "starts_with": Words("begins with", "beginnt mit"),
    "is_set": Words("is known", "ist bekannt"),
    "lt": Words("is below", "ist unter"),
    "lte": Words("is at most", "ist höchstens"),
    "gt": Words("is above", "ist über"),
    "gte": Words("is at least", "ist mindestens"),
    "between": Words("is between", "ist zwischen"),
    "contains": Words("contains", "enthält"),
    "is": Words("is", "ist"),
}
#: A group's parts together, and between them.
GROUP_WORDS: Mapping[str, Words] = {
    "all": Words("all of these hold", "all dies gilt"),
    "any": Words("any of these holds", "eines davon gilt"),
    "none": Words("none of these holds", "nichts davon gilt"),
}
OPTION_WORDS: Mapping[str, Words] = {
    "within_days": Words("within days", "in den letzten Tagen"),
    "currency": Words("currency", "Währung"),
    "where.categories": Words("of categories", "aus Kategorien"),
    "where.skus": Words("of SKUs", "von SKUs"),
    "where.brands": Words("of brands", "von Marken"),
    "where.channels": Words("in channels", "in Kanälen"),
    "where.partners": Words("at partners", "bei Partnern"),
    "where": Words("with properties", "mit Eigenschaften"),
    "name": Words("name", "Name"),
    "channel": Words("channel", "Kanal"),
    "purpose": Words("purpose", "Zweck"),
    "promotion_id": Words("promotion", "Aktion"),
    "campaign_id": Words("campaign", "Kampagne"),
    "salt": Words("salt", "Salz"),
}
#: What is chosen from a list of the contract's.
CHOICE_WORDS: Mapping[str, Words] = {
    "granted": Words("granted", "erteilt"),
    "withdrawn": Words("withdrawn", "widerrufen"),
    "none": Words("none", "keine"),
    "champions": Words("champions", "Stammkunden mit hohem Umsatz"),
    "loyal": Words("loyal", "treu"),
    "promising": Words("promising", "vielversprechend"),
    "new": Words("new", "neu"),
    "at_risk": Words("at risk", "drohen zu gehen"),
    "hibernating": Words("hibernating", "schlafend"),
    "lost": Words("lost", "verloren"),
    "email": Words("e-mail", "E-Mail"),
    "sms": Words("SMS", "SMS"),
    "push": Words("push", "Push"),
    "in_app": Words("in-app", "in der App"),
    "ads": Words("advertising networks", "Werbenetzwerke"),
    "marketing": Words("marketing", "Werbung"),
    "profiling": Words("profiling", "Profilbildung"),
    "tracking": Words("tracking", "Messung"),
}
#: Fields whose values are among these.
_CHOSEN = {"orders.rfm", "customer.consent"}
_YES_NO = {True: Words("yes", "ja"), False: Words("no", "nein")}


def rule_sentence(
    rule: Rule, *, name_of: Callable[[str], tuple[Words, bool]], language: Language
) -> str:
    """The rule in words. `name_of` tells a field's name, and whether its values are money."""
    return _Sentence(name_of, language).of(rule, is_outer=True)


class _Sentence:
    def __init__(self, name_of: Callable[[str], tuple[Words, bool]], language: Language) -> None:
        self._name_of = name_of
        self._language: Language = language

    def of(self, rule: Rule, *, is_outer: bool = False) -> str:
        match rule:
            case Leaf():
                return self._leaf(rule)
            case Negation(part):
                return f"{self._pick(Words('not', 'nicht'))} ({self.of(part, is_outer=True)})"
            case Group(how, parts):
                return self._group(how, parts, is_outer=is_outer)

    def _group(self, how: str, parts: tuple[Rule, ...], *, is_outer: bool) -> str:
        if not parts:
            everybody, nobody = Words("everybody", "alle"), Words("nobody", "niemand")
            return self._pick(everybody if how == "all" else nobody)
        between = Words(" and ", " und ") if how == "all" else Words(" or ", " oder ")
        told = self._pick(between).join(map(self.of, parts))
        return told if is_outer or len(parts) == 1 else f"({told})"

    def _leaf(self, leaf: Leaf) -> str:
        words, is_money = self._name_of(leaf.field)
        name = f"{self._pick(words)} {leaf.attribute}".strip()
        op = self._pick(OP_WORDS[leaf.op])
        told = (
            [name, op]
            if leaf.op == "is_set" and leaf.value
            else [name, op, self._value(leaf, is_money=is_money)]
        )
        if leaf.op == "is_set" and not leaf.value:
            told = [name, self._pick(Words("is not known", "ist nicht bekannt"))]
        return " ".join([*told, *self._options(leaf)])

    def _value(self, leaf: Leaf, *, is_money: bool) -> str:
        if isinstance(leaf.value, list) and leaf.op != "between":
            return ", ".join(self._one(value, leaf, is_money=is_money) for value in leaf.value)
        if leaf.op == "between":
            low, high = (self._one(value, leaf, is_money=is_money) for value in leaf.value)
            return f"{low} {self._pick(Words('and', 'und'))} {high}"
        return self._one(leaf.value, leaf, is_money=is_money)

    def _one(self, value: Any, leaf: Leaf, *, is_money: bool) -> str:
        if isinstance(value, bool):
            return self._pick(_YES_NO[value])
        if leaf.field in _CHOSEN:
            return self._pick(CHOICE_WORDS[value])
        if is_money and value == int(value):
            return format_money(int(value), leaf.options.currency, language=self._language)
        if isinstance(value, float) and self._language == "de":
            return str(value).replace(".", ",")
        return str(value)

    def _options(self, leaf: Leaf) -> list[str]:
        options = msgspec.to_builtins(leaf.options)
        told = []
        for name, value in options.items():
            if name == "within_days" and value is not None:
                words = Words(f"within {value} days", f"in den letzten {value} Tagen")
                told.append(self._pick(words))
            elif name == "where" and value:
                told += [
                    f"{self._pick(OPTION_WORDS.get(f'where.{key}', Words(f'with {key}', f'mit {key}')))}"
                    f" {', '.join(map(str, part)) if isinstance(part, list) else part}"
                    for key, part in value.items()
                    if part is not None
                ]
            elif value and not (name == "currency" and self._name_of(leaf.field)[1]):
                shown = CHOICE_WORDS.get(value) if name in {"channel", "purpose"} else None
                told.append(f"({self._pick(shown) if shown else value})")
        return told

    def _pick(self, words: Words) -> str:
        return words.de if self._language == "de" else words.en
