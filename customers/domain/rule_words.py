"""A rule in one plain sentence, as staff read it beside the form and in the history."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from common.money import format_money
from customers.domain.rules import Group, Leaf, Negation, Rule, Words

Language = Literal["de", "en"]


class Naming(Struct, frozen=True):
    """How a sentence speaks of a field."""

    words: Words
    is_money: bool = False
    is_plural: bool = False


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
_ARE = {"is": "are", "ist": "sind", "begins": "begin", "beginnt": "beginnen"}
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
#: Of these fields `within_days` looks ahead.
_AHEAD = {"codes.expiring", "cashback.expiring"}
_NEXT_DAYS = Words("within the next days", "in den nächsten Tagen")
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
#: As most shops write it; others are shown as they are.
GENDER_WORDS: Mapping[str, Words] = {
    "female": Words("female", "weiblich"),
    "male": Words("male", "männlich"),
    "diverse": Words("diverse", "divers"),
}
#: Fields whose values are among these.
_CHOSEN = {"orders.rfm", "customer.consent"}
_YES_NO = {True: Words("yes", "ja"), False: Words("no", "nein")}


def comparison_words(op: str, *, is_plural: bool) -> Words:
    """A comparison as it stands behind a name.

    >>> comparison_words("gte", is_plural=True).de
    'sind mindestens'
    """
    words = OP_WORDS[op]
    return Words(_are(words.en), _are(words.de)) if is_plural else words


def option_words(field: str, option: str) -> Words:
    """What an option of a field is called."""
    return _NEXT_DAYS if option == "within_days" and field in _AHEAD else OPTION_WORDS[option]


def rule_sentence(
    rule: Rule,
    *,
    naming_of: Callable[[str], Naming],
    names: Mapping[str, Mapping[str, str]],
    language: Language,
) -> str:
    """The rule in words. Where a field's values are ids, `names` has their names, by the field."""
    return _Sentence(naming_of, names, language).of(rule, is_outer=True)


def _are(words: str) -> str:
    first, _, rest = words.partition(" ")
    return f"{_ARE.get(first, first)} {rest}".strip()


class _Sentence:
    def __init__(
        self,
        naming_of: Callable[[str], Naming],
        names: Mapping[str, Mapping[str, str]],
        language: Language,
    ) -> None:
        self._naming_of = naming_of
        self._names = names
        self._language: Language = language

    def of(self, rule: Rule, *, is_outer: bool = False) -> str:
        match rule:
            case Leaf():
                return self._leaf(rule)
            case Negation(part):
                return self._not(self.of(part, is_outer=True))
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
        naming = self._naming_of(leaf.field)
        name = f"{self._pick(naming.words)} {leaf.attribute}".strip()
        op = self._pick(comparison_words(_said(leaf), is_plural=naming.is_plural))
        rest = self._options(leaf, is_money=naming.is_money)
        if isinstance(leaf.value, bool) and leaf.op == "eq" and not leaf.attribute:
            told = " ".join([name, *rest])
            return told if leaf.value else self._not(told)
        if leaf.op == "is_set":
            unknown = op.replace(" ", self._pick(Words(" not ", " nicht ")))
            return " ".join([name, op if leaf.value else unknown, *rest])
        return " ".join([name, op, self._value(leaf, is_money=naming.is_money), *rest])

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
        if leaf.field == "customer.gender" and value in GENDER_WORDS:
            return self._pick(GENDER_WORDS[value])
        if leaf.field in self._names:
            return self._quoted(self._names[leaf.field].get(value) or value)
        if is_money and value == int(value):
            return format_money(int(value), leaf.options.currency, language=self._language)
        if isinstance(value, float) and self._language == "de":
            return str(value).replace(".", ",")
        return str(value)

    def _options(self, leaf: Leaf, *, is_money: bool) -> list[str]:
        told, beside = [], []
        for name, value in msgspec.to_builtins(leaf.options).items():
            if not value or (name == "currency" and is_money):
                continue
            if name == "within_days":
                told.append(self._pick(_days(value, is_ahead=leaf.field in _AHEAD)))
            elif name == "where":
                told += [self._where(key, part) for key, part in value.items() if part is not None]
            elif name in {"channel", "purpose"}:
                beside.append(self._pick(CHOICE_WORDS[value]))
            elif name in {"promotion_id", "campaign_id", "salt"}:
                beside.append(f"{self._pick(OPTION_WORDS[name])} {value}")
            else:
                beside.append(str(value))
        return [*told, f"({', '.join(beside)})"] if beside else told

    def _where(self, key: str, part: Any) -> str:
        words = OPTION_WORDS.get(f"where.{key}", Words(f"with {key}", f"mit {key}"))
        shown = ", ".join(map(str, part)) if isinstance(part, list) else part
        return f"{self._pick(words)} {shown}"

    def _not(self, told: str) -> str:
        return f"{self._pick(Words('not', 'nicht'))} ({told})"

    def _quoted(self, name: str) -> str:
        return f"„{name}“" if self._language == "de" else f"“{name}”"

    def _pick(self, words: Words) -> str:
        return words.de if self._language == "de" else words.en


def _said(leaf: Leaf) -> str:
    """The comparison: with a list of one it is that with the one."""
    is_one = isinstance(leaf.value, list) and len(leaf.value) == 1
    return {"in": "eq", "not_in": "ne"}.get(leaf.op, leaf.op) if is_one else leaf.op


def _days(count: int, *, is_ahead: bool) -> Words:
    if is_ahead:
        return Words(f"within the next {count} days", f"in den nächsten {count} Tagen")
    return Words(f"within {count} days", f"in den letzten {count} Tagen")
