"""What to look at before a promotion is launched."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from common.reasons import end_text
from common.sentence_words import Language, listed, number, so_many
from promotions.domain.definition import Limits, PromotionDefinition
from promotions.domain.effects.lane import Lane
from promotions.domain.guessing import SAFE_LENGTH, GuessOdds

#: Given on fewer than one in so many of the orders that it fits, a promotion is in another's shadow.
_SHADOW = 10

#: `stop`: it would not do what is meant. `look`: it may well be meant so.
Severity = Literal["stop", "look"]


class Finding(Struct, frozen=True):
    """Something to look at; `text` says it in a sentence of each language."""

    code: str
    severity: Severity
    text: Mapping[Language, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What a forecast found. Amounts in minor units."""

    orders_hit: int
    orders_alone: int
    #: Id of the promotion that took its place most often.
    instead: str | None
    worst_order_id: str | None
    #: Goods and shipping.
    worst_whole: int
    worst_discount: int
    #: The promotion was changed since.
    is_outdated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchFacts:
    """What the definition does not say itself."""

    now: datetime
    shop_zone: ZoneInfo
    #: Whether anybody could use it without end: no code limits it by itself.
    has_open_door: bool
    #: Patterns of its codes with the odds of a guess.
    odds: Mapping[str, GuessOdds]
    #: Signs of the shortest code that is for everybody; None: there is none.
    shortest_code: int | None
    #: None: not known.
    is_audience_empty: bool | None
    #: None: there is no forecast.
    foreseen: Foreseen | None
    #: Of a basket with its shipping, what all promotions together may take without being looked at.
    worst_percent: int


def foreseen_in(told: Mapping[str, Any], *, revision: int) -> Foreseen:
    """What the result of a forecast says; `revision` is that of the promotion now."""
    worst = told["worst_basket"] or {}
    instead: Sequence[Mapping[str, Any]] = told["instead"]
    return Foreseen(
        orders_hit=told["orders_hit"],
        orders_alone=told["orders_alone"],
        instead=instead[0]["promotion_id"] if instead else None,
        worst_order_id=worst.get("order_id"),
        worst_whole=worst.get("subtotal", 0) + worst.get("shipping_amount", 0),
        worst_discount=worst.get("discount", 0),
        is_outdated=told["revision"] != revision,
    )


def launch_findings(definition: PromotionDefinition, *, facts: LaunchFacts) -> list[Finding]:
    """Everything to look at before the launch; what stops it first."""
    found = [
        *_of_time(definition, facts),
        *_of_audience(definition, facts),
        *_of_codes(facts),
        *_of_limits(definition, facts),
        *_of_forecast(facts),
    ]
    return sorted(found, key=lambda finding: finding.severity != "stop")


def _of_time(definition: PromotionDefinition, facts: LaunchFacts) -> Iterator[Finding]:
    ends_at, zone = definition.schedule.ends_at, definition.schedule.timezone
    if ends_at is not None and ends_at <= facts.now:
        local = ends_at.astimezone(ZoneInfo(zone) if zone else facts.shop_zone)
        yield _finding(
            "ends_in_past",
            "stop",
            en=f"Its end is in the past: {end_text(local, language='en')}.",
            de=f"Ihr Ende liegt in der Vergangenheit: {end_text(local, language='de')}.",
        )


def _of_audience(definition: PromotionDefinition, facts: LaunchFacts) -> Iterator[Finding]:
    if facts.is_audience_empty:
        names = definition.audience.segments
        yield _finding(
            "empty_audience",
            "stop",
            en=f"At this moment nobody is in {listed(names, language='en')}, so nobody gets it.",
            de=f"Zurzeit ist niemand in {listed(names, language='de')}, also bekommt sie niemand.",
        )


def _of_codes(facts: LaunchFacts) -> Iterator[Finding]:
    for pattern, odds in facts.odds.items():
        if not odds.are_safe:
            yield _finding(
                "guessable_codes",
                "stop",
                en=f"Codes of the pattern {pattern} can be guessed:"
                f" one try in {number(odds.one_in, language='en')} finds one.",
                de=f"Codes nach dem Muster {pattern} lassen sich erraten:"
                f" einer von {number(odds.one_in, language='de')} Versuchen trifft.",
            )
    if facts.shortest_code is not None and facts.shortest_code < SAFE_LENGTH:
        yield _finding(
            "guessable_codes",
            "look",
            en=f"A code for everybody has only {facts.shortest_code} signs: it is found by trying.",
            de=f"Ein Code für alle hat nur {facts.shortest_code} Zeichen: Er lässt sich durch"
            " Probieren finden.",
        )


def _of_limits(definition: PromotionDefinition, facts: LaunchFacts) -> Iterator[Finding]:
    limits = definition.limits
    if facts.has_open_door and not _is_counted(limits):
        yield _finding(
            "no_limit",
            "look",
            en="It has no limit at all: neither in all nor per customer.",
            de="Sie hat gar keine Obergrenze: weder insgesamt noch pro Kunde.",
        )
    # What adds a gift or cashback takes nothing from a budget.
    takes_money = definition.effect.compiled().lane is not Lane.EXTRAS
    if takes_money and limits.discount_budget is None:
        yield _finding(
            "no_budget",
            "look",
            en="It has no budget: the discount that it gives in all is not limited.",
            de="Sie hat kein Budget: Der Rabatt, den sie insgesamt gibt, ist nicht begrenzt.",
        )


def _is_counted(limits: Limits) -> bool:
    return limits.redemptions is not None or limits.per_customer is not None


def _of_forecast(facts: LaunchFacts) -> Iterator[Finding]:
    seen = facts.foreseen
    if seen is None:
        return
    before = {
        "en": " (forecast from before the last change)" if seen.is_outdated else "",
        "de": " (Prognose von vor der letzten Änderung)" if seen.is_outdated else "",
    }
    if seen.orders_hit * _SHADOW < seen.orders_alone:
        yield _shadowed(seen, before)
    if seen.worst_discount * 100 > seen.worst_whole * facts.worst_percent:
        # Rounded up: "50 %" would not be more than 50.
        share = -(-seen.worst_discount * 100 // (seen.worst_whole or 1))
        yield _finding(
            "worst_basket",
            "look",
            en=f"In the worst case all promotions together take {share} % of an order:"
            f" order {seen.worst_order_id}{before['en']}.",
            de=f"Schlimmstenfalls nehmen alle Aktionen zusammen {share} % einer Bestellung:"
            f" Bestellung {seen.worst_order_id}{before['de']}.",
        )


def _shadowed(seen: Foreseen, before: Mapping[str, str]) -> Finding:
    orders = {
        "en": so_many(seen.orders_alone, "past order", "past orders", language="en"),
        "de": so_many(
            seen.orders_alone, "vergangene Bestellung", "vergangene Bestellungen", language="de"
        ),
    }
    hit = {language: number(seen.orders_hit, language=language) for language in ("en", "de")}
    took = {"en": "", "de": ""}
    if seen.instead is not None:
        took = {
            "en": f" Mostly {seen.instead} took its place.",
            "de": f" Meist trat {seen.instead} an ihre Stelle.",
        }
    return _finding(
        "shadowed",
        "look",
        en=f"It is in the shadow of others: it fits {orders['en']} by itself, beside them it was"
        f" given on {hit['en']}{before['en']}.{took['en']}",
        de=f"Sie steht im Schatten anderer: Für sich passt sie auf {orders['de']}, neben ihnen"
        f" wurde sie bei {hit['de']} gegeben{before['de']}.{took['de']}",
    )


def _finding(code: str, severity: Severity, *, en: str, de: str) -> Finding:
    return Finding(code, severity, {"de": de, "en": en})
