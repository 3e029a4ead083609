"""What can be stored as a promotion, and what is refused."""

import msgspec
import pytest

from promotions.domain.definition import PromotionDefinition, definition_errors

FIXED = {"kind": "fixed_amount", "amount": 500}
PERCENT = {"kind": "percentage", "percent": "20"}


def decode(**fields):
    return msgspec.convert({"name": "x", "effect": PERCENT} | fields, PromotionDefinition)


def errors(**fields):
    return [(error.pointer, error.code) for error in definition_errors(decode(**fields))]


def test_only_name_and_effect_are_required():
    definition = msgspec.convert({"name": "x", "effect": PERCENT}, PromotionDefinition)

    shown = msgspec.to_builtins(definition)

    assert definition_errors(definition) == []
    assert (shown["status"], shown["activation"], shown["currency"]) == ("draft", "code", None)
    assert shown["effect"] == PERCENT | {"on": "order", "max_discount": None}
    assert shown["after_cancel"] == "restore"
    assert shown["items"]["include"] == {"skus": [], "categories": [], "brands": [], "tags": []}
    assert shown["schedule"]["weekly"] == []


def test_what_is_shown_can_be_stored_again():
    definition = decode(
        title={"de": "20 % auf Tee"},
        currency="EUR",
        schedule={"weekly": [{"days": [5, 6], "from": "17:00", "until": "20:00"}]},
        conditions={"contains": [{"include": {"skus": ["CUP"]}, "exclude": {}}]},
    )

    assert msgspec.convert(msgspec.to_builtins(definition), PromotionDefinition) == definition


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"name": ""}, id="an empty name"),
        pytest.param({"name": "a\0b"}, id="NUL"),
        pytest.param({"title": {"fr": "thé"}}, id="a language that we do not speak"),
        pytest.param({"typo": 1}, id="an unknown field"),
        pytest.param({"effect": {"kind": "magic"}}, id="an unknown effect"),
        pytest.param({"effect": PERCENT | {"percent": 20}}, id="a percentage that is no text"),
        pytest.param({"effect": PERCENT | {"percent": "100.0001"}}, id="over 100 percent"),
        pytest.param({"effect": FIXED | {"amount": 0}}, id="an amount of nothing"),
        pytest.param({"effect": FIXED | {"amount": 10**12 + 1}}, id="too much money"),
        pytest.param({"effect": FIXED | {"amount": 1.5}}, id="a fraction"),
        pytest.param({"currency": "eur"}, id="a currency in lower case"),
        pytest.param({"items": {"include": {"skus": ["a b"]}}}, id="a sku with a space"),
        pytest.param({"items": {"include": {"skus": ["a"] * 50_001}}}, id="too many skus"),
        pytest.param({"conditions": {"min_quantity": 0}}, id="at least nothing"),
        pytest.param({"conditions": {"nth_order": 0}}, id="an order before the first"),
        pytest.param({"limits": {"redemptions": 0}}, id="a limit of nothing"),
        pytest.param({"schedule": {"starts_at": "2026-01-01T00:00:00"}}, id="no offset"),
        pytest.param({"schedule": {"timezone": "../etc/passwd"}}, id="no zone at all"),
        pytest.param(
            {"schedule": {"weekly": [{"days": [8], "from": "17:00", "until": "20:00"}]}},
            id="an eighth day",
        ),
        pytest.param(
            {"schedule": {"weekly": [{"days": [1], "from": "17:00", "until": "24:00"}]}},
            id="24 o'clock",
        ),
    ],
)
def test_what_no_promotion_can_be_is_not_decoded(fields):
    with pytest.raises(msgspec.ValidationError):
        decode(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"effect": FIXED},
        {"effect": PERCENT | {"max_discount": 1}},
        {"items": {"min_unit_price": 0}},
        {"items": {"max_unit_price": 1}},
        {"conditions": {"min_subtotal": 0}},
        {"conditions": {"max_subtotal": 1}},
        {"conditions": {"contains": [{"min_amount": 1}]}},
        {"limits": {"discount_budget": 1}},
    ],
    ids=str,
)
def test_any_amount_of_money_needs_a_currency(fields):
    assert errors(**fields) == [("/currency", "currency_required")]
    assert errors(**fields, currency="EUR") == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"effect": FIXED | {"max_units": 2}, "currency": "EUR"},
            ("/effect/max_units", "not_allowed"),
        ),
        (
            {"conditions": {"min_subtotal": 2, "max_subtotal": 1}, "currency": "EUR"},
            ("/conditions/max_subtotal", "below_minimum"),
        ),
        (
            {"items": {"min_unit_price": 2, "max_unit_price": 1}, "currency": "EUR"},
            ("/items/max_unit_price", "below_minimum"),
        ),
        (
            {
                "schedule": {
                    "starts_at": "2026-01-01T00:00:00Z",
                    "ends_at": "2026-01-01T01:00:00+01:00",
                }
            },
            ("/schedule/ends_at", "not_after_start"),
        ),
        (
            {"schedule": {"ends_at": "9999-12-31T23:59:59-12:00"}},
            ("/schedule/ends_at", "out_of_range"),
        ),
        (
            {"schedule": {"timezone": "Europe/Atlantis"}},
            ("/schedule/timezone", "unknown_time_zone"),
        ),
        (
            {"schedule": {"weekly": [{"days": [1, 1], "from": "17:00", "until": "20:00"}]}},
            ("/schedule/weekly/0/days", "duplicate"),
        ),
    ],
    ids=lambda value: str(value[1]) if isinstance(value, tuple) else "",
)
def test_fields_that_contradict_each_other_are_named(fields, expected):
    assert errors(**fields) == [expected]
