"""The plain sentence of a cashback rule, in both languages."""

from datetime import date
from zoneinfo import ZoneInfo

import msgspec
import pytest

from cashback.domain.rules import RuleDefinition, rule_errors
from cashback.domain.terms import sentence

BERLIN = ZoneInfo("Europe/Berlin")
LASTING = ("available 14 days after delivery, for 365 days",
           "einlösbar 14 Tage nach der Lieferung, 365 Tage lang")  # fmt: skip
DEBT = ("what was spent before a return comes off later cashback",
        "was vor einer Rückgabe ausgegeben wurde, geht von späterem Cashback ab")  # fmt: skip


def told(language, **fields):
    definition = msgspec.convert({"name": "A rule"} | fields, RuleDefinition)
    assert rule_errors(definition) == []
    text = sentence(definition, language=language, shop_zone=BERLIN, today=date(2026, 3, 2))
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("fields", "english", "german"),
    [
        pytest.param({"percent": "2"}, "2 % cashback", "2 % Cashback", id="the plainest"),
        pytest.param(
            {"percent": "2", "currency": "CHF"},
            "2 % cashback, on orders in CHF",
            "2 % Cashback, bei Bestellungen in CHF",
            id="in one currency",
        ),
        pytest.param(
            {"percent": "2.5", "items": {"include": {"categories": ["tea", "cups"]}}},
            "2.5 % cashback on tea or cups",
            "2,5 % Cashback auf tea oder cups",
            id="on some items",
        ),
        pytest.param(
            {
                "percent": "5",
                "items": {
                    "exclude": {"brands": ["Kyo"]}, "skip_reduced": True, "min_unit_price": 1000,
                },
                "currency": "EUR",
            },
            "5 % cashback, except Kyo, not for reduced items, for items from 10 €",
            "5 % Cashback, außer Kyo, nicht für reduzierte Artikel, für Artikel ab 10 €",
            id="not on others",
        ),
        pytest.param(
            {
                "percent": "1",
                "tiers": [{"segment": "gold", "percent": "5"}, {"segment": "silver", "percent": "3"}],
            },
            "1 % cashback, 5 % for segment gold, 3 % for segment silver",
            "1 % Cashback, 5 % für Segment gold, 3 % für Segment silver",
            id="more for some",
        ),
        pytest.param(
            {
                "tiers": [{"segment": "gold", "percent": "5"}, {"segment": "silver", "percent": "3"}],
                "items": {"include": {"skus": ["TEA-1"]}},
            },
            "5 % cashback on TEA-1 for segment gold, 3 % for segment silver",
            "5 % Cashback auf TEA-1 für Segment gold, 3 % für Segment silver",
            id="tiers alone",
        ),
        pytest.param(
            {"amount": 500, "currency": "EUR", "items": {"include": {"categories": ["tea"]}}},
            "5 € cashback when you buy tea, once per order that no percentage rule is about",
            "5 € Cashback beim Kauf von tea, einmal pro Bestellung, für die kein Prozentsatz gilt",
            id="an amount",
        ),
        pytest.param(
            {
                "percent": "2",
                "currency": "EUR",
                "conditions": {"min_subtotal": 3000},
                "audience": {"segments": ["vip", "club"]},
                "max_per_order": 500,
                "max_per_customer_month": 2050,
                "schedule": {"ends_at": "2026-04-01T00:00:00+02:00"},
            },
            "2 % cashback, on orders from 30 €, only for segment vip or club, at most 5 € per order,"
            " at most 20.50 € per customer and month, until 31 March",
            "2 % Cashback, bei Bestellungen ab 30 €, nur für Segment vip oder club, höchstens 5 € pro"
            " Bestellung, höchstens 20,50 € pro Kunde und Monat, bis 31. März",
            id="with conditions and caps",
        ),
    ],
)  # fmt: skip
def test_a_rule_says_what_it_gives(fields, english, german):
    assert told("en", **fields) == f"{english}, {LASTING[0]}, {DEBT[0]}"
    assert told("de", **fields) == f"{german}, {LASTING[1]}, {DEBT[1]}"


def test_it_says_when_it_may_be_spent_and_who_shares_in_it():
    fields = {
        "percent": "2", "pending_days": 0, "expires_after_days": 1, "partner_id": "acme",
        "clawback": "offset_refund",
    }  # fmt: skip
    assert told("en", **fields) == (
        "2 % cashback, available from delivery, for 1 day, acme pays a share, not on orders of other"
        " partners, what was spent before a return comes off the refund"
    )
    assert told("de", **fields) == (
        "2 % Cashback, einlösbar ab der Lieferung, 1 Tag lang, acme zahlt einen Anteil, nicht bei"
        " anderen Partnern, was vor einer Rückgabe ausgegeben wurde, geht von der Erstattung ab"
    )


def test_what_nobody_owes_stays_the_customers():
    assert told("en", percent="2", clawback="absorb").endswith("stays the customer's")
    assert told("de", percent="2", clawback="absorb").endswith("bleibt dem Kunden")


def test_a_minimum_of_nothing_is_not_told():
    text = told("en", percent="2", currency="EUR", conditions={"min_subtotal": 0})
    assert "from" not in text
    assert "on orders in EUR" in text


#: A rule that uses every field, and what each may be instead.
RULE = {
    "percent": "2",
    "items": {
        "include": {"skus": ["A"]},
        "exclude": {"tags": ["B"]},
        "min_unit_price": 100,
        "max_unit_price": 200,
    },
    "conditions": {"min_subtotal": 500},
    "audience": {"segments": ["vip"]},
    "partner_id": "acme",
    "currency": "EUR",
    "tiers": [{"segment": "gold", "percent": "5"}],
    "max_per_order": 300,
    "max_per_customer_month": 400,
    "schedule": {
        "starts_at": "2026-03-01T00:00:00+01:00",
        "ends_at": "2026-05-01T00:00:00+02:00",
        "weekly": [{"days": [1], "from": "17:00", "until": "19:00"}],
    },
}
OTHERWISE = [
    {"percent": "3"},
    {"percent": None},
    {"amount": 500, "percent": None, "tiers": []},
    {"items": RULE["items"] | {"include": {"brands": ["C"]}}},
    {"items": RULE["items"] | {"exclude": {}}},
    {"items": RULE["items"] | {"skip_reduced": True}},
    {"items": RULE["items"] | {"min_unit_price": 150}},
    {"items": RULE["items"] | {"max_unit_price": None}},
    {"conditions": {"min_subtotal": 600}},
    {"conditions": {}},
    {"audience": {"segments": ["club"]}},
    {"audience": {}},
    {"partner_id": "other"},
    {"partner_id": None},
    {"currency": "CHF"},
    {"tiers": [{"segment": "gold", "percent": "6"}]},
    {"tiers": [{"segment": "silver", "percent": "5"}]},
    {"max_per_order": 301},
    {"max_per_order": None},
    {"max_per_customer_month": 401},
    {"max_per_customer_month": None},
    {"pending_days": 7},
    {"expires_after_days": 30},
    {"clawback": "offset_refund"},
    {"clawback": "absorb"},
    {"schedule": RULE["schedule"] | {"starts_at": "2026-03-02T00:00:00+01:00"}},
    {"schedule": RULE["schedule"] | {"ends_at": None}},
    {"schedule": RULE["schedule"] | {"weekly": []}},
]


@pytest.mark.parametrize("language", ["de", "en"])
def test_whatever_changes_what_is_earned_changes_the_sentence(language):
    told_of = [told(language, **RULE), *[told(language, **RULE | each) for each in OTHERWISE]]
    assert len(set(told_of)) == len(told_of)
    changed = {name for each in OTHERWISE for name in each}
    assert changed == {*RuleDefinition.__struct_fields__} - {"name", "status", "terms"}
