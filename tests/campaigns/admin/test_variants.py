"""Variants are typed as rows of the campaign's form."""

from typing import Any

import pytest
from django.test import Client

from tests.campaigns.admin.pages import ADD, url_of
from tests.campaigns.admin.test_campaign_pages import LETTER, errors_of, shape
from tests.campaigns.shop import Marketing
from tests.promotions.admin.pages import open_page, send

SHORT = {"subject": "Short", "body": "Tea.\n\nWith milk."}


def row(number: int, **cells: str) -> dict[str, str]:
    return {f"variants-{number}-{name}": text for name, text in cells.items()}


def test_two_are_typed_and_one_is_taken_away_again(shop: Marketing, staff: Client) -> None:
    page = open_page(staff, ADD)
    answer = send(
        staff, ADD, page.form, campaign_id="c", name="C", trigger_kind="birthday",
        local_time="09:00", subject_en="Hello", body_en="Good to have you.",
        **{"variants-TOTAL_FORMS": "2"},
        **row(0, variant="short", share="25 %", subject_en="Short",
              body_en="Tea.\r\n\r\nWith milk."),
        **row(1, variant="b", share="12,5", subject_en=LETTER["subject"], body_en=LETTER["body"]),
    )  # fmt: skip
    assert answer.status_code == 302, errors_of(answer)
    short, other = shape(shop, "c")["variants"]
    assert short == {"name": "short", "percent": "25", "content": {"en": SHORT}}
    assert other == {"name": "b", "percent": "12.5", "content": {"en": LETTER}}

    page = open_page(staff, url_of("c"))
    assert send(staff, url_of("c"), page.form, **{"variants-0-DELETE": "on"}).status_code == 302
    assert shape(shop, "c")["variants"] == [other]


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"variant": "", "share": "5", "subject_en": "S", "body_en": "B"}, "variant"),
        ({"variant": "a b", "share": "5", "subject_en": "S", "body_en": "B"}, "variant"),
        ({"variant": "a", "share": "", "subject_en": "S", "body_en": "B"}, "share"),
        ({"variant": "a", "share": "101", "subject_en": "S", "body_en": "B"}, "share"),
        ({"variant": "a", "share": "5"}, "subject_en"),
        ({"variant": "a", "share": "5", "subject_en": "S", "body_en": "{{ nobody }}"}, "body_en"),
        ({"variant": "a", "share": "5", "subject_en": "S", "body_en": ""}, "body_en"),
    ],
)
def test_what_is_wrong_stands_in_its_row(
    shop: Marketing, staff: Client, cells: dict[str, str], field: str
) -> None:
    shop.campaign("c", content={"en": LETTER})
    before = shape(shop, "c")
    page = open_page(staff, url_of("c"))
    answer = send(staff, url_of("c"), page.form, **{"variants-TOTAL_FORMS": "1"}, **row(0, **cells))
    assert errors_of(answer)["variants"] == ["Please look at the rows."]
    form: Any = answer.context["adminform"].form
    [only] = form["variants"].value()
    assert list(only.errors) == [field]
    assert shape(shop, "c") == before


def test_together_they_are_no_more_than_everybody(shop: Marketing, staff: Client) -> None:
    shop.campaign("c", content={"en": LETTER})
    page = open_page(staff, url_of("c"))
    answer = send(
        staff, url_of("c"), page.form, **{"variants-TOTAL_FORMS": "2"},
        **row(0, variant="a", share="60", subject_en="S", body_en="B"),
        **row(1, variant="b", share="60", subject_en="S", body_en="B"),
    )  # fmt: skip
    assert errors_of(answer)["variants"] == ["Together they are above 100 %."]
