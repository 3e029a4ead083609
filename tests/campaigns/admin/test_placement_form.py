"""Where in its slot a placement is shown is typed on the campaign's form."""

from typing import Any

import pytest
from django.test import Client

from tests.campaigns.admin.pages import ADD, url_of
from tests.campaigns.admin.test_campaign_pages import errors_of, shape
from tests.campaigns.places import CONTENT, place
from tests.campaigns.shop import Marketing
from tests.promotions.admin.pages import open_page, send

WHERE = {
    "pages": ["/tea/*", "/new"], "queries": ["oolong"], "categories": ["tea"], "max_views": 3,
}  # fmt: skip


def typed(**more: str) -> dict[str, str]:
    return {
        "campaign_id": "c", "name": "C", "channel": "placement", "slot": "home",
        "trigger_kind": "once", "at_0": "2027-03-01", "at_1": "09:30", "subject_en": "Tea",
        "body_en": "Have a look.", **more,
    }  # fmt: skip


def test_it_is_typed_and_stays_until_it_is_changed(shop: Marketing, staff: Client) -> None:
    page = open_page(staff, ADD)
    where = typed(pages="/tea/*\r\n/new\r\n", queries="oolong", categories=" tea ", max_views="3")
    answer = send(staff, ADD, page.form, **where)
    assert answer.status_code == 302, errors_of(answer)
    assert shape(shop, "c")["placement"] == WHERE

    page = open_page(staff, url_of("c"))
    assert page.form["pages"] == ["/tea/*\r\n/new"]
    assert send(staff, url_of("c"), page.form, name="D").status_code == 302
    assert shape(shop, "c")["placement"] == WHERE
    emptied = dict.fromkeys(WHERE, "")
    assert send(staff, url_of("c"), page.form, **emptied).status_code in {200, 302}
    page = open_page(staff, url_of("c"))
    assert send(staff, url_of("c"), page.form, **emptied).status_code == 302
    assert shape(shop, "c")["placement"] is None


def test_what_has_no_place_has_no_conditions_of_one(shop: Marketing, staff: Client) -> None:
    place(shop, "c", placement=WHERE)
    shop.api.post("/campaigns/c/cancel")
    place(shop, "d", placement=WHERE, content=CONTENT)
    page = open_page(staff, ADD)
    left_over: dict[str, Any] = typed(channel="email", pages="/tea/*", max_views="3")
    assert send(staff, ADD, page.form, **{**left_over, "campaign_id": "e"}).status_code == 302
    assert shape(shop, "e")["placement"] is None
    assert shape(shop, "e")["slot"] is None


@pytest.mark.parametrize(
    ("name", "text"), [("max_views", "0"), ("max_views", "10001"), ("pages", "x" * 129)]
)
def test_what_is_wrong_stands_at_its_field(
    shop: Marketing, staff: Client, name: str, text: str
) -> None:
    page = open_page(staff, ADD)
    answer = send(staff, ADD, page.form, **typed(**{name: text}))
    assert list(errors_of(answer)) == [name]
