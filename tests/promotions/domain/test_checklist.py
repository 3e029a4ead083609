"""What a launch checklist finds, fact by fact."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from promotions.domain.checklist import Foreseen, LaunchFacts, launch_findings
from promotions.domain.definition import PromotionDefinition
from promotions.domain.guessing import odds_of
from tests.api import DAY, NOON

PATTERN = "TEA-########"
QUIET = LaunchFacts(
    now=NOON,
    shop_zone=ZoneInfo("Europe/Berlin"),
    has_open_door=True,
    odds={PATTERN: odds_of(live_codes=1000, pattern=PATTERN)},
    shortest_code=6,
    is_audience_empty=False,
    foreseen=Foreseen(
        orders_hit=10, orders_alone=100, instead="other", worst_order_id="o1",
        worst_whole=1000, worst_discount=500, is_outdated=False,
    ),
    worst_percent=50,
)  # fmt: skip
LIMITED = {"per_customer": 1, "discount_budget": 1000}
SHADOWED = replace(QUIET.foreseen, orders_hit=9)
GIFT = {"kind": "gift", "sku": "MUG", "unit_price": 100}


def definition(**changes: Any) -> PromotionDefinition:
    shape = {
        "name": "Tea", "currency": "EUR", "effect": {"kind": "percentage", "percent": "10"},
        "limits": LIMITED, "audience": {"segments": ["vip", "club"]}, **changes,
    }  # fmt: skip
    return msgspec.convert(msgspec.to_builtins(shape), PromotionDefinition)


def found(facts: LaunchFacts, **changes: Any) -> list[tuple[str, str]]:
    return [
        (each.code, each.severity) for each in launch_findings(definition(**changes), facts=facts)
    ]


def test_there_is_nothing_to_say_of_what_is_in_order():
    assert found(QUIET) == []
    assert found(replace(QUIET, foreseen=None, is_audience_empty=None, shortest_code=None)) == []


@pytest.mark.parametrize(
    ("changes", "facts", "finding"),
    [
        ({"limits": {"discount_budget": 1}}, {}, ("no_limit", "look")),
        ({"limits": {"per_customer": 1}}, {}, ("no_budget", "look")),
        ({}, {"odds": {PATTERN: odds_of(live_codes=852_892, pattern=PATTERN)}},
         ("guessable_codes", "stop")),
        ({}, {"shortest_code": 5}, ("guessable_codes", "look")),
        ({"schedule": {"ends_at": NOON.isoformat()}}, {}, ("ends_in_past", "stop")),
        ({}, {"is_audience_empty": True}, ("empty_audience", "stop")),
        ({}, {"foreseen": SHADOWED}, ("shadowed", "look")),
        ({}, {"worst_percent": 49}, ("worst_basket", "look")),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)  # fmt: skip
def test_each_is_found_by_itself(changes, facts, finding):
    assert found(replace(QUIET, **facts), **changes) == [finding]


@pytest.mark.parametrize(
    ("changes", "facts"),
    [
        ({"limits": {"discount_budget": 1}}, {"has_open_door": False}),
        ({"limits": {"discount_budget": 1, "redemptions": 9}}, {}),
        ({"limits": {"per_customer": 1}, "effect": GIFT}, {}),
        ({}, {"odds": {PATTERN: odds_of(live_codes=852_891, pattern=PATTERN)}}),
        ({"schedule": {"ends_at": (NOON + timedelta(seconds=1)).isoformat()}}, {}),
    ],
    ids=["codes limit themselves", "limited in all", "a gift has no budget",
         "one in a million", "it ends in a second"],
)  # fmt: skip
def test_what_is_not_found(changes, facts):
    assert found(replace(QUIET, **facts), **changes) == []


def test_what_stops_comes_first():
    assert [severity for _, severity in found(
        replace(QUIET, is_audience_empty=True, shortest_code=4), limits={},
        schedule={"ends_at": (NOON - DAY).isoformat()},
    )] == ["stop", "stop", "look", "look", "look"]  # fmt: skip


def told(facts: LaunchFacts, **changes: Any) -> dict[str, str]:
    (only,) = launch_findings(definition(**changes), facts=facts)
    return dict(only.text)


def test_it_speaks_both_languages():
    assert told(replace(QUIET, is_audience_empty=True)) == {
        "en": "At this moment nobody is in vip or club, so nobody gets it.",
        "de": "Zurzeit ist niemand in vip oder club, also bekommt sie niemand.",
    }
    assert told(QUIET, schedule={"ends_at": "2026-03-01T00:00:00+01:00"}) == {
        "en": "Its end is in the past: 28 February 2026.",
        "de": "Ihr Ende liegt in der Vergangenheit: 28. Februar 2026.",
    }
    assert told(replace(QUIET, foreseen=replace(SHADOWED, is_outdated=True))) == {
        "en": "It is in the shadow of others: it fits 100 past orders by itself, beside them it was"
        " given on 9 (forecast from before the last change). Mostly other took its place.",
        "de": "Sie steht im Schatten anderer: Für sich passt sie auf 100 vergangene Bestellungen,"
        " neben ihnen wurde sie bei 9 gegeben (Prognose von vor der letzten Änderung). Meist trat"
        " other an ihre Stelle.",
    }
