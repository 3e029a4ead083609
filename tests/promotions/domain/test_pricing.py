"""Codes, hints and the quote: what a call gets told."""

import pytest

from promotions.domain.facts import CodeFacts, CustomerFacts, CustomerUsage, PromotionUsage
from promotions.domain.quote import LineDiscount
from tests.promotions.domain.shop import (
    ADA,
    applied,
    cart,
    code,
    line_discounts,
    off,
    offer,
    percent,
    quote,
    refusal,
    rows,
)

TEA = {"categories": ["tea"]}
SPRING = {"activation": "code", "effect": percent("20", "lines")}


def test_a_code_takes_its_part_of_each_line():
    bought = cart((2, 1299), (1, 500), shipping_amount=495, codes=["spring-7kq2"])

    found = quote(bought, [offer("spring", **SPRING)], codes=[code("SPRING7KQ2", "spring")])

    assert (found.subtotal, found.item_discount, found.total) == (3098, 620, 2973)
    assert found.lines[0].discounts == (LineDiscount("spring", "spring-7kq2", 520),)
    assert (found.codes[0].code, found.codes[0].promotion_id) == ("spring-7kq2", "spring")
    assert (found.applied[0].amount, found.applied[0].code_id) == (620, 10)


def test_a_code_of_an_automatic_promotion_is_judged_wholly_where_it_is_about_other_items():
    found = quote(
        cart((1, 1000), codes=["spring"]),
        [offer("spring", items={"include": {"categories": ["mugs"]}})],
        codes=[code("SPRING", "spring", enabled=False)],
    )

    assert found.codes[0].refusal.code == "code_disabled"


def test_a_title_falls_back_to_the_other_language_then_to_what_it_does():
    german = offer("a", title={"de": "20 % auf Tee"}, name="Spring")
    nameless = offer("b", name="Q3, big spenders")

    assert german.titles == {"de": "20 % auf Tee", "en": "20 % auf Tee"}
    # Its name is the shop's own affair: shoppers never read it.
    assert nameless.titles == {
        "de": "10\xa0% auf die ganze Bestellung", "en": "10\xa0% off the whole order",
    }  # fmt: skip


def test_the_codes_of_strangers_look_like_none_at_all():
    someones = code("MINE1", foreign=True, personal=True, enabled=False, used=1, limit=1)
    unknown = CodeFacts(code="NONE1", found=False)
    bought = cart((1, 500), codes=["MINE1", "NONE1", "never-looked-up", "%$&"])

    found = quote(bought, [offer(**SPRING)], codes=[someones, unknown])

    assert rows(found) == [("inapplicable", "code_not_valid")] * 4
    assert {(row.promotion_id, row.code_id) for row in found.codes} == {(None, None)}
    assert found.nearly == ()


def test_a_code_given_twice_counts_once():
    bought = cart((1, 500), codes=["TEA-1", "tea1", "zzzz", "ZZ ZZ", "?", "?"])

    found = quote(bought, [offer(**SPRING)], codes=[code("TEA1")])

    duplicate, unknown = ("skipped", "duplicate_code"), ("inapplicable", "code_not_valid")
    assert rows(found) == [("applied", None), duplicate, unknown, duplicate, unknown, duplicate]
    assert [row.code for row in found.codes] == ["TEA-1", "tea1", "zzzz", "ZZ ZZ", "?", "?"]
    assert found.codes[1].promotion_id is None


def test_codes_after_the_tenth_are_not_looked_up():
    bought = cart((1, 500), codes=[*(f"none{at}" for at in range(10)), "TEA1", "NONE1"])

    found = quote(bought, [offer(**SPRING)], codes=[code("TEA1")])

    assert rows(found)[10:] == [("inapplicable", "too_many_codes")] * 2
    assert found.codes[10].refusal.params == {"limit": 10}
    assert found.codes[10].promotion_id is None


def test_an_automatic_promotion_whose_code_is_given_is_taken_once_with_its_code():
    bought = cart((1, 500), codes=["TEA1"])

    found = quote(bought, [offer(effect=off(100))], codes=[code("TEA1")])

    assert applied(found) == {"p": 100}
    assert rows(found) == [("applied", None)]


def test_an_automatic_promotion_runs_even_if_its_code_is_used_up():
    bought = cart((1, 500), codes=["TEA1"])

    found = quote(bought, [offer(effect=off(100))], codes=[code("TEA1", limit=1, used=1)])

    assert applied(found) == {"p": 100}
    assert rows(found) == [("inapplicable", "code_already_used")]


def test_a_second_usable_code_of_a_promotion_left_out_cannot_combine():
    bought = cart((1, 500), codes=["one1", "two2", "big3"])
    offers = [
        offer("a", effect=off(100), activation="code"),
        offer("b", effect=off(500), activation="code"),
    ]
    codes = [code("ONE1", "a"), code("TWO2", "a"), code("BIG3", "b")]

    found = quote(bought, offers, codes=codes)

    assert rows(found) == [
        ("skipped", "better_offer_applied"),
        ("skipped", "cannot_combine"),
        ("applied", None),
    ]


def test_a_promotion_without_currency_runs_in_any():
    found = quote(cart((1, 500), currency="JPY"), [offer(currency=None, effect=percent("10"))])

    assert line_discounts(found) == [50]


@pytest.mark.parametrize(
    "fields",
    [
        {"limits": {"per_customer": 1}},
        {"conditions": {"nth_order": 1}},
        {"audience": {"registered": True}},
        {"audience": {"segments": ["vip"]}},
        {"audience": {"exclude_segments": ["staff"]}},
    ],
    ids=str,
)
def test_a_guest_is_asked_to_sign_in(fields):
    bought = cart((1, 500), codes=["TEA1"])

    found = quote(bought, [offer(**SPRING | fields)], codes=[code("TEA1")])

    assert rows(found) == [("inapplicable", "sign_in_required")]


@pytest.mark.parametrize(
    ("audience", "customer", "eligible"),
    [
        ({"segments": ["vip", "top"]}, CustomerFacts(True, segments=frozenset({"top"})), True),
        ({"segments": ["vip", "top"]}, CustomerFacts(True, segments=frozenset({"new"})), False),
        (
            {"exclude_segments": ["staff"]},
            CustomerFacts(True, segments=frozenset({"staff"})),
            False,
        ),
        ({"exclude_segments": ["staff"]}, CustomerFacts(True), True),
        (
            {"segments": ["vip"], "exclude_segments": ["staff"]},
            CustomerFacts(True, segments=frozenset({"vip", "staff"})),
            False,
        ),
        ({"registered": True}, CustomerFacts(True), False),
        ({"registered": True}, CustomerFacts(True, registered=True), True),
    ],
)
def test_segments_are_any_of_and_exclusion_wins(audience, customer, eligible):
    found = quote(cart((1, 500)), [offer(effect=off(100), audience=audience)], customer=customer)

    assert applied(found) == ({"p": 100} if eligible else {})


@pytest.mark.parametrize(
    ("fields", "world", "params"),
    [
        (
            {"conditions": {"min_subtotal": 1200}},
            {},
            {"required": 1200, "current": 1000, "missing": 200},
        ),
        ({"conditions": {"max_subtotal": 900}}, {}, {"maximum": 900, "current": 1000}),
        (
            {"conditions": {"min_quantity": 3}},
            {},
            {"required": 3, "current": 2, "missing": 1},
        ),
        (
            {"schedule": {"ends_at": "2026-03-01T00:00:00+01:00"}},
            {},
            {"ended_at": "2026-03-01T00:00:00+01:00"},
        ),
        (
            {"schedule": {"starts_at": "2026-04-01T00:00:00Z", "timezone": "Asia/Tokyo"}},
            {},
            {"starts_at": "2026-04-01T09:00:00+09:00"},
        ),
        (
            {"schedule": {"weekly": [{"days": [5], "from": "17:00", "until": "20:00"}]}},
            {},
            {"next_opens_at": "2026-03-06T17:00:00+01:00"},
        ),
        ({"currency": "USD"}, {}, {"required": "USD", "current": "EUR"}),
        (
            {"conditions": {"channels": ["web", "app"]}},
            {},
            {"allowed": ["app", "web"], "current": None},
        ),
        ({"conditions": {"nth_order": 2}}, {"customer": ADA}, {"required": 2, "current": 1}),
        (
            {"limits": {"per_customer": 1}},
            {"customer": ADA, "own_usage": {"p": CustomerUsage(used=1)}},
            {"limit": 1},
        ),
        ({"limits": {"redemptions": 7}}, {"usage": {"p": PromotionUsage(used=9)}}, {"limit": 7}),
        (
            {"conditions": {"contains": [
                {"include": TEA, "min_quantity": 2, "min_amount": 900}, {"min_quantity": 1}]}},
            {},
            {
                "missing": [
                    {
                        "include": {"categories": ["tea"]},
                        "exclude": {},
                        "required_quantity": 2,
                        "current_quantity": 1,
                        "missing_quantity": 1,
                        "required_amount": 900,
                        "current_amount": 400,
                        "missing_amount": 500,
                    }
                ]
            },
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) and "required" not in value else "",
)  # fmt: skip
def test_a_refusal_says_what_is_missing(fields, world, params):
    bought = cart((1, 400, TEA), (1, 600), codes=["TEA1"])

    found = quote(bought, [offer(**SPRING | fields)], codes=[code("TEA1")], **world)

    assert refusal(found).params == params
