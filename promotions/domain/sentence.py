"""The plain sentence that says what a promotion does, in German and English.

Written from the definition alone, so it cannot promise what the promotion does not do. Categories,
skus and segments are called what the shop calls them.
"""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from common.item_words import limits_of, names_of
from common.schedule_words import schedule_phrases
from common.sentence_words import Language, listed, number, ordinal, short_money, so_many, times
from promotions.domain.definition import (
    Audience,
    Conditions,
    ContainsEntry,
    Limits,
    PromotionDefinition,
)
from promotions.domain.effects.fixed_amount import FixedAmount
from promotions.domain.effects.free_shipping import FreeShipping
from promotions.domain.effects.kinds import Effect
from promotions.domain.effects.percentage import Percentage


def sentence(
    definition: PromotionDefinition,
    *,
    language: Language,
    shop_zone: ZoneInfo,
    today: date | None = None,
) -> str:
    """What the promotion does, in one line without a full stop.

    Dates are told in the promotion's time zone, else the shop's; the year is left out where it is
    that of `today`.
    """
    return _Writer(definition.currency, language, shop_zone, today).sentence(definition)


def headline(definition: PromotionDefinition, *, language: Language) -> str:
    """What the promotion gives, as a title: for shoppers, where the shop wrote none.

    >>> from msgspec import convert
    >>> gift = {"name": "Q3, big spenders", "effect": {"kind": "free_shipping"}}
    >>> headline(convert(gift, PromotionDefinition), language="en")
    'Free shipping'
    """
    scope = names_of(definition.items.include, language=language)
    head, *_limits = definition.effect.phrases(
        scope or None, currency=definition.currency, language=language
    )
    return head[:1].upper() + head[1:]


class _Writer:
    """Writes one sentence; `_say(english, german)` picks the language."""

    def __init__(
        self, currency: str | None, language: Language, zone: ZoneInfo, today: date | None
    ) -> None:
        self._currency = currency
        self._language = language
        self._zone = zone
        self._today = today

    def sentence(self, definition: PromotionDefinition) -> str:
        scope = names_of(definition.items.include, language=self._language)
        head, *limits = definition.effect.phrases(
            scope or None, currency=self._currency, language=self._language
        )
        least, most = definition.conditions.min_subtotal, definition.conditions.max_subtotal
        if least and most is None and _takes_minimum_along(definition.effect, scope):
            head += self._say(" from ", " ab ") + self._money(least)
            least = None
        clauses = [
            head,
            *limits,
            *limits_of(definition.items, currency=self._currency, language=self._language),
            *self._order_value(least or None, most),
            *self._conditions(definition.conditions),
            *self._audience(definition.audience),
            *self._limits(definition.limits),
            *schedule_phrases(
                definition.schedule,
                language=self._language,
                shop_zone=self._zone,
                today=self._today,
            ),
        ]
        if definition.stacking.exclusive:
            clauses.append(self._say("not with other offers", "nicht kombinierbar"))
        return ", ".join(clauses)

    def _order_value(self, least: int | None, most: int | None) -> Iterator[str]:
        if least is not None and most is not None:
            between = (self._money(least), self._money(most))
            yield self._say("on orders from {} to {}", "bei Bestellungen von {} bis {}").format(
                *between
            )
        elif least is not None:
            yield self._say("on orders from ", "bei Bestellungen ab ") + self._money(least)
        elif most is not None:
            yield self._say("on orders up to ", "bei Bestellungen bis ") + self._money(most)

    def _conditions(self, conditions: Conditions) -> Iterator[str]:
        if conditions.min_quantity is not None:
            one, many = ("Artikel", "Artikeln") if self._language == "de" else ("item", "items")
            units = so_many(conditions.min_quantity, one, many, language=self._language)
            yield self._say(f"from {units}", f"ab {units}")
        for entry in conditions.contains:
            yield self._contains(entry)
        if conditions.nth_order is not None:
            nth = ordinal(conditions.nth_order, language=self._language)
            yield self._say(f"on the {nth} order", f"bei der {nth} Bestellung")
        for names, english, german in (
            (conditions.channels, "via", "über"),
            (conditions.countries, "delivered to", "bei Lieferung nach"),
            (conditions.payment_methods, "paid by", "bei Zahlung mit"),
            (conditions.shipping_methods, "sent by", "bei Versand mit"),
        ):
            if names:
                yield f"{self._say(english, german)} {listed(names, language=self._language)}"

    def _contains(self, entry: ContainsEntry) -> str:
        what = names_of(entry.include, language=self._language)
        units = number(entry.min_quantity, language=self._language)
        if not what:
            what = self._say(f"any {units} items", f"{units} beliebigen Artikeln")
            if entry.min_quantity == 1:
                what = self._say("any item", "einem beliebigen Artikel")
        elif entry.min_quantity > 1:
            what = f"{units} × {what}"
        if left_out := names_of(entry.exclude, language=self._language, all_of=True):
            what += self._say(f" (except {left_out})", f" (außer {left_out})")
        if entry.min_amount is not None:
            least = self._money(entry.min_amount)
            what += self._say(f" for at least {least}", f" für mindestens {least}")
        return self._say(f"with {what} in the cart", f"mit {what} im Warenkorb")

    def _audience(self, audience: Audience) -> Iterator[str]:
        if audience.registered:
            yield self._say("for registered customers", "für registrierte Kunden")
        if audience.segments:
            names = listed(audience.segments, language=self._language)
            yield self._say(f"for segment {names}", f"für Segment {names}")
        if audience.exclude_segments:
            names = listed(audience.exclude_segments, language=self._language)
            yield self._say(f"not for segment {names}", f"nicht für Segment {names}")

    def _limits(self, limits: Limits) -> Iterator[str]:
        for limit, english, german in (
            (limits.per_customer, "{} per customer", "{} pro Kunde"),
            (limits.per_code, "{} per code", "{} pro Code"),
            (limits.redemptions, "{} in all", "insgesamt {}"),
        ):
            if limit is not None:
                yield self._say(english, german).format(times(limit, language=self._language))
        if limits.discount_budget is not None:
            most = self._money(limits.discount_budget)
            yield self._say(
                f"while the budget of {most} lasts", f"solange das Budget von {most} reicht"
            )

    def _money(self, amount: int) -> str:
        return short_money(amount, self._currency, language=self._language)

    def _say(self, english: str, german: str) -> str:
        return german if self._language == "de" else english


def _takes_minimum_along(effect: Effect, scope: str) -> bool:
    """Whether "from 30 €" may follow at once: after a price, pieces or tiers it would mislead."""
    match effect:
        case Percentage() | FixedAmount(on="order"):
            return True
        case FreeShipping(shipping_price=None):
            return not scope
    return False
