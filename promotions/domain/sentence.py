"""The plain sentence that says what a promotion does, in German and English.

Written from the definition alone, so it cannot promise what the promotion does not do. Categories,
skus and segments are called what the shop calls them.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from common.reasons import day_text, is_midnight
from promotions.domain.definition import (
    Audience,
    Conditions,
    ContainsEntry,
    Limits,
    PromotionDefinition,
)
from promotions.domain.items import ItemLists, Items
from promotions.domain.schedule import Schedule, WeeklyWindow
from promotions.domain.wording import Language, listed, number, ordinal, short_money, times

_DAYS = {
    "en": ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"],
    "de": ["montags", "dienstags", "mittwochs", "donnerstags", "freitags", "samstags", "sonntags"],
}


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
        scope = self._names(definition.items.include)
        head, *limits = definition.effect.phrases(
            scope, currency=self._currency, language=self._language
        )
        if definition.conditions.min_subtotal is not None:
            least = self._money(definition.conditions.min_subtotal)
            head += self._say(f" from {least}", f" ab {least}")
        clauses = [
            head,
            *limits,
            *self._items(definition.items),
            *self._conditions(definition.conditions),
            *self._audience(definition.audience),
            *self._limits(definition.limits),
            *self._schedule(definition.schedule),
        ]
        if definition.stacking.exclusive:
            clauses.append(self._say("not with other offers", "nicht kombinierbar"))
        return ", ".join(clauses)

    def _items(self, items: Items) -> Iterator[str]:
        if left_out := self._names(items.exclude):
            yield self._say(f"except {left_out}", f"außer {left_out}")
        if items.skip_reduced:
            yield self._say("not on reduced items", "nicht auf reduzierte Artikel")
        low, high = items.min_unit_price, items.max_unit_price
        if low is not None and high is not None:
            between = f"{self._money(low)}", f"{self._money(high)}"
            yield self._say("on items from {} to {}", "auf Artikel von {} bis {}").format(*between)
        elif low is not None:
            yield self._say("on items from ", "auf Artikel ab ") + self._money(low)
        elif high is not None:
            yield self._say("on items up to ", "auf Artikel bis ") + self._money(high)

    def _conditions(self, conditions: Conditions) -> Iterator[str]:
        if conditions.max_subtotal is not None:
            yield self._say("on orders up to ", "für Bestellungen bis ") + self._money(
                conditions.max_subtotal
            )
        if conditions.min_quantity is not None:
            units = number(conditions.min_quantity, language=self._language)
            yield self._say(f"from {units} items", f"ab {units} Artikeln")
        for entry in conditions.contains:
            yield self._contains(entry)
        if conditions.nth_order is not None:
            nth = ordinal(conditions.nth_order, language=self._language)
            yield self._say(f"on the {nth} order", f"bei der {nth} Bestellung")
        for names, english, german in (
            (conditions.channels, "by", "über"),
            (conditions.countries, "delivered to", "bei Lieferung nach"),
            (conditions.payment_methods, "paid by", "bei Zahlung mit"),
            (conditions.shipping_methods, "sent by", "bei Versand mit"),
        ):
            if names:
                yield f"{self._say(english, german)} {listed(names, language=self._language)}"

    def _contains(self, entry: ContainsEntry) -> str:
        what = self._names(entry.include) or self._say("anything", "beliebigen Artikeln")
        if entry.min_quantity > 1:
            what = f"{number(entry.min_quantity, language=self._language)} × {what}"
        if left_out := self._names(entry.exclude):
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
            yield self._say(f"as long as {most} last", f"solange {most} reichen")

    def _schedule(self, schedule: Schedule) -> Iterator[str]:
        zone = ZoneInfo(schedule.timezone) if schedule.timezone else self._zone
        starts, ends = schedule.starts_at, schedule.ends_at
        first = self._moment(starts.astimezone(zone)) if starts else None
        last = self._end(ends.astimezone(zone)) if ends else None
        if first and last:
            yield self._say(f"from {first} until {last}", f"vom {first} bis {last}")
        elif first:
            yield self._say(f"from {first}", f"ab {first}")
        elif last:
            yield self._say(f"until {last}", f"bis {last}")
        if schedule.weekly:
            windows = [self._window(window) for window in schedule.weekly]
            yield self._say(" and ", " und ").join(windows)

    def _window(self, window: WeeklyWindow) -> str:
        days = sorted(set(window.days))
        names = [_DAYS[self._language][day - 1] for day in days]
        if len(days) == 7:
            when = self._say("daily", "täglich")
        elif len(days) > 2 and days[-1] - days[0] == len(days) - 1:
            when = f"{names[0]} {self._say('to', 'bis')} {names[-1]}"
        else:
            when = self._say(" and ", " und ").join(
                [", ".join(names[:-1]), names[-1]] if len(names) > 1 else names
            )
        return f"{when} {window.from_}–{window.until}{self._say('', ' Uhr')}"

    def _end(self, ended: datetime) -> str:
        """The last day of what ends at midnight, else the moment."""
        return self._moment(ended - timedelta(days=1) if is_midnight(ended) else ended)

    def _moment(self, at: datetime) -> str:
        with_year = self._today is None or self._today.year != at.year
        text = day_text(at, language=self._language, with_year=with_year)
        return text if is_midnight(at) else f"{text}, {at:%H:%M}{self._say('', ' Uhr')}"

    def _names(self, lists: ItemLists) -> str:
        return listed(lists.all_names, language=self._language)

    def _money(self, amount: int) -> str:
        return short_money(amount, self._currency, language=self._language)

    def _say(self, english: str, german: str) -> str:
        return german if self._language == "de" else english
