"""Recipes: each is a campaign that can be saved, and a letter that can be read, in both languages."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.definition import CampaignDefinition, definition_errors, readiness_errors
from campaigns.domain.letters.letter import Rendered, compile_letter
from campaigns.domain.letters.sample import sample_values
from campaigns.domain.letters.values import Values
from campaigns.domain.recipes.book import GROUPS, RECIPES
from campaigns.domain.recipes.feasts import FEASTS, coming_feasts, easter
from campaigns.domain.recipes.recipe import Recipe, draft
from campaigns.domain.summary import summary
from campaigns.domain.triggers import Once, SegmentEntered, Trigger
from tests.campaigns.letters import BRAND

LINK = "https://shop.example/tea"
ASKED: dict[str, Trigger | None] = {
    "": None,
    "instant": Once(at=datetime.fromisoformat("2027-01-01T09:00:00+01:00")),
    "feast": Once(at=datetime.fromisoformat("2027-03-25T09:00:00+01:00")),
    "sale": Once(at=datetime.fromisoformat("2027-11-26T09:00:00+01:00")),
    "segment": SegmentEntered(segment_id="best"),
}
EASTER = {"de": "Frohe Ostern", "en": "Happy Easter"}

each_recipe = pytest.mark.parametrize("recipe", RECIPES.values(), ids=list(RECIPES))
each_language = pytest.mark.parametrize("language", ["de", "en"])


def made(recipe: Recipe, promotion_id: str | None = None) -> CampaignDefinition:
    return draft(
        recipe, name="A name", link=LINK, trigger=ASKED[recipe.asks], promotion_id=promotion_id,
        segments=["regulars"], greetings=EASTER,
    )  # fmt: skip


def rendered(campaign: CampaignDefinition, language: str, values: Values | None = None) -> Rendered:
    text = campaign.content.texts()[language]
    letter = compile_letter(
        text.subject, text.body, language=language, purpose=campaign.purpose, brand=BRAND
    )
    return letter.render(values or sample_values(language=language))


def test_there_is_one_for_each_occasion_that_the_product_names():
    assert set(RECIPES) == {
        "welcome", "loyalty", "win_back", "birthday", "anniversary", "holiday", "sale_day",
        "product_launch", "member_day", "order_confirmed", "order_shipped", "order_delivered",
        "after_purchase", "abandoned_cart", "code_expiring", "cashback_available",
        "cashback_expiring", "membership_ending",
    }  # fmt: skip
    assert {recipe.group for recipe in RECIPES.values()} == set(GROUPS)
    assert {recipe.trigger is None for recipe in RECIPES.values() if recipe.asks} == {True}


@each_recipe
@pytest.mark.parametrize("promotion_id", [None, "tea-20"])
def test_a_draft_passes_the_campaigns_own_checks_and_comes_back_from_json(recipe, promotion_id):
    campaign = made(recipe, promotion_id)

    assert definition_errors(campaign) == []
    assert readiness_errors(campaign) == []
    assert msgspec.json.decode(msgspec.json.encode(campaign), type=CampaignDefinition) == campaign
    assert campaign.audience.segments == ["regulars"]
    assert "<" not in msgspec.json.encode(campaign.content).decode(), "nothing is left open"


@each_recipe
@each_language
@pytest.mark.parametrize("promotion_id", [None, "tea-20"])
def test_its_letter_can_be_read_by_whoever_has_everything_and_whoever_has_no_name(
    recipe, language, promotion_id
):
    campaign = made(recipe, promotion_id)
    whole = sample_values(language=language)
    nameless = replace(
        whole, texts={name: text for name, text in whole.texts.items() if "customer" not in name}
    )
    for values in (whole, nameless):
        got = rendered(campaign, language, values)
        assert 5 < len(got.subject) <= 78, "as much as a phone shows of it, and a little"
        assert "{{" not in got.text + got.html
        assert "  " not in got.subject
        assert " ," not in got.text
        assert len(got.html) < 60_000
        assert LINK in got.text or whole.links.account in got.text or "parcel" in got.text


@each_recipe
@each_language
def test_a_gift_is_told_of_with_its_code_and_terms_and_only_then(recipe, language):
    plain, gifted = (rendered(made(recipe, each), language) for each in (None, "tea-20"))
    values = sample_values(language=language)

    assert values.texts["promotion.title"] not in plain.text
    assert (values.texts["promotion.title"] in gifted.text) == recipe.takes_promotion
    if recipe.takes_promotion:
        assert values.code.code in gifted.text
        assert values.texts["promotion.terms"] in gifted.text
    else:
        assert gifted == plain
        assert made(recipe, "tea-20").promotion_id is None


@each_recipe
def test_marketing_has_a_comparison_and_lets_people_sleep_and_news_of_orders_waits_for_nothing(
    recipe,
):
    campaign = made(recipe)
    is_marketing = recipe.purpose == "marketing"

    assert (campaign.holdout_percent != "0") == is_marketing
    assert (campaign.quiet_hours is not None) == is_marketing
    assert recipe.takes_promotion <= is_marketing, "news of an order advertises nothing"
    for language in ("de", "en"):
        assert (":::products" in campaign.content.texts()[language].body) <= is_marketing


@each_recipe
def test_german_and_english_have_the_same_blocks_and_variables(recipe):
    def shape(body):
        words = body.replace("\n", " \n ").split()
        return [word for word in words if word.startswith((":::", "<")) or word in {"{{", "}}"}]

    assert shape(recipe.de.body) == shape(recipe.en.body)
    assert bool(recipe.de.gift) == bool(recipe.en.gift)
    for said in (recipe.title, recipe.about):
        assert said.de != said.en


@each_recipe
@each_language
def test_what_it_does_is_a_plain_sentence(recipe, language):
    told = summary(made(recipe), shop_zone=ZoneInfo("Europe/Berlin"), language=language)

    assert told.endswith(".")
    assert "„regulars“" in told or "“regulars”" in told
    assert "FREQ" not in told


def test_a_feast_greets_in_its_own_words():
    campaign = made(RECIPES["holiday"])

    assert rendered(campaign, "de").subject == "Frohe Ostern!"
    assert rendered(campaign, "en").subject == "Happy Easter!"


#: As calendars have them.
KNOWN = {
    "easter": ["2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2038-04-25"],
    "mothering_sunday": ["2025-03-30", "2026-03-15", "2027-03-07"],
    "mothers_day": ["2025-05-11", "2026-05-10", "2027-05-09"],
    "fathers_day_german": ["2025-05-29", "2026-05-14", "2027-05-06"],
    "fathers_day": ["2025-06-15", "2026-06-21", "2027-06-20"],
    "black_friday": ["2024-11-29", "2025-11-28", "2026-11-27", "2029-11-23"],
    "cyber_monday": ["2024-12-02", "2025-12-01", "2026-11-30"],
    "advent": ["2022-11-27", "2023-12-03", "2024-12-01", "2025-11-30", "2026-11-29", "2027-11-28"],
    "new_year": ["2027-01-01"],
    "valentine": ["2027-02-14"],
    "st_nicholas": ["2026-12-06"],
    "christmas": ["2026-12-25"],
}


@pytest.mark.parametrize(
    ("key", "day"), [(key, day) for key, days in KNOWN.items() for day in days]
)
def test_feasts_are_on_the_days_that_calendars_name(key, day):
    assert FEASTS[key].on(int(day[:4])) == date.fromisoformat(day)


def test_every_feast_stands_in_that_table():
    assert set(KNOWN) == set(FEASTS)


@given(year=st.integers(1900, 2199))
def test_easter_is_a_sunday_after_the_first_full_moon_of_spring(year):
    day = easter(year)

    assert day.weekday() == 6
    assert date(year, 3, 22) <= day <= date(year, 4, 25)


@given(after=st.dates(date(2000, 1, 1), date(2150, 1, 1)))
def test_within_a_year_each_feast_comes_once_or_on_either_side_of_it(after):
    coming = coming_feasts(after=after)
    keys = [each.feast.key for each in coming]

    assert set(keys) >= {key for key in FEASTS if key in {"christmas", "valentine", "new_year"}}
    assert all(keys.count(key) <= 2 for key in keys)
    assert all(after < each.sent_on <= each.day for each in coming)
    assert [each.sent_on for each in coming] == sorted(each.sent_on for each in coming)
    assert coming[-1].sent_on <= after + timedelta(days=366)
