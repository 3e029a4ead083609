"""The plain sentence that says what a cashback rule gives, in German and English.

Written from the rule alone, so that words and behaviour cannot differ. Categories, skus, segments and
partners are called what the shop calls them.
"""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from cashback.domain.lots import Clawback
from cashback.domain.rules import RuleDefinition, money_pointers
from common.item_words import limits_of, names_of
from common.schedule_words import schedule_phrases
from common.sentence_words import Language, lasting, listed, percent_text, short_money

_OF_RETURNS: dict[Clawback, tuple[str, str]] = {
    "debt": (
        "what was spent before a return comes off later cashback",
        "was vor einer Rückgabe ausgegeben wurde, geht von späterem Cashback ab",
    ),
    "offset_refund": (
        "what was spent before a return comes off the refund",
        "was vor einer Rückgabe ausgegeben wurde, geht von der Erstattung ab",
    ),
    "absorb": (
        "what was spent before a return stays the customer's",
        "was vor einer Rückgabe ausgegeben wurde, bleibt dem Kunden",
    ),
}


def sentence(
    definition: RuleDefinition,
    *,
    language: Language,
    shop_zone: ZoneInfo,
    today: date | None = None,
) -> str:
    """What the rule gives to whom, in one line without a full stop.

    Dates are told in the rule's time zone, else the shop's; the year is left out where it is that of
    `today`.

    >>> from msgspec import convert
    >>> rule = convert({"name": "Basis", "percent": "2", "pending_days": 0}, RuleDefinition)
    >>> sentence(rule, language="en", shop_zone=ZoneInfo("Europe/Berlin")).partition(", what")[0]
    '2\\xa0% cashback, available from delivery, for 365 days'
    """
    writer = _Writer(definition, language)
    days = schedule_phrases(
        definition.schedule, language=language, shop_zone=shop_zone, today=today
    )
    return ", ".join(
        [
            *writer.gift(),
            *limits_of(definition.items, currency=definition.currency, language=language),
            *writer.who(),
            *writer.caps(),
            *days,
            lasting(
                waits_days=definition.pending_days,
                lasts_days=definition.expires_after_days,
                language=language,
            ),
            *writer.partner(),
            writer.returns(),
        ]
    )


class _Writer:
    """Writes the clauses of one rule; `_say(english, german)` picks the language."""

    def __init__(self, definition: RuleDefinition, language: Language) -> None:
        self._rule = definition
        self._language = language

    def gift(self) -> Iterator[str]:
        """The percentages, or the amount, and on what."""
        scope = names_of(self._rule.items.include, language=self._language)
        if self._rule.amount is not None:
            buying = self._say(f" when you buy {scope}", f" beim Kauf von {scope}") if scope else ""
            yield f"{self._money(self._rule.amount)} {self._say('cashback', 'Cashback')}{buying}"
            yield self._say(
                "once per order that no percentage rule is about",
                "einmal pro Bestellung, für die kein Prozentsatz gilt",
            )
            return
        on = self._say(f" on {scope}", f" auf {scope}") if scope else ""
        gifts = [] if self._rule.percent is None else [self._percent(self._rule.percent)]
        gifts += [
            f"{self._percent(tier.percent)} {self._say('for segment', 'für Segment')} {tier.segment}"
            for tier in self._rule.tiers
        ]
        first, space, rest = gifts[0].partition(" ")
        yield f"{first} {self._say('cashback', 'Cashback')}{on}{space}{rest}"
        yield from gifts[1:]

    def who(self) -> Iterator[str]:
        """In which currency, where no amount tells it, from which order value, and for whom."""
        least = self._rule.conditions.min_subtotal or None
        amounts = {*money_pointers(self._rule)} - {"/conditions/min_subtotal"}
        if self._rule.currency and not amounts and least is None:
            currency = self._rule.currency
            yield self._say(f"on orders in {currency}", f"bei Bestellungen in {currency}")
        if least is not None:
            money = self._money(least)
            yield self._say(f"on orders from {money}", f"bei Bestellungen ab {money}")
        if self._rule.audience.segments:
            names = listed(self._rule.audience.segments, language=self._language)
            yield self._say(f"only for segment {names}", f"nur für Segment {names}")

    def caps(self) -> Iterator[str]:
        """The most that it gives."""
        for most, english, german in (
            (self._rule.max_per_order, "per order", "pro Bestellung"),
            (self._rule.max_per_customer_month, "per customer and month", "pro Kunde und Monat"),
        ):
            if most is not None:
                amount = self._money(most)
                yield self._say(f"at most {amount} {english}", f"höchstens {amount} {german}")

    def partner(self) -> Iterator[str]:
        """Who shares in it, and so on whose orders it gives nothing."""
        if (name := self._rule.partner_id) is not None:
            yield self._say(f"{name} pays a share", f"{name} zahlt einen Anteil")
            yield self._say("not on orders of other partners", "nicht bei anderen Partnern")

    def returns(self) -> str:
        """What becomes of it when it was spent and the order comes back."""
        return self._say(*_OF_RETURNS[self._rule.clawback])

    def _percent(self, percent: str) -> str:
        return percent_text(percent, language=self._language)

    def _money(self, amount: int) -> str:
        return short_money(amount, self._rule.currency, language=self._language)

    def _say(self, english: str, german: str) -> str:
        return german if self._language == "de" else english
