"""Places on the site: what is shown there, to whom, and how it is counted."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from campaigns.models import Delivery, Response
from tests.api import DAY, HOUR, NOON
from tests.campaigns.places import CONTENT, place, seen, views, which
from tests.campaigns.reader import get
from tests.campaigns.shop import Marketing, at


def test_a_visitor_of_whom_nothing_is_known_sees_what_is_for_everybody(
    marketing: Marketing,
) -> None:
    place(marketing)
    assert seen(marketing).body == {
        "campaign_id": "tea",
        "slot": "home",
        "variant": None,
        "title": "Tea for you",
        "text": "New\n\nHave a *look*.",
        "html": "<p><strong>New</strong></p><p>Have a <strong>look</strong>.</p>",
        "image": {"url": "https://shop.example/pot.jpg", "alt": "A pot"},
        "link": {
            "url": "https://shop.example/tea?utm_source=newsletter&utm_medium=placement"
            "&utm_campaign=tea",
            "text": "To the tea",
        },
        "offer": None,
        "code": None,
        "code_valid_until": None,
    }
    german = marketing.api.get("/placements/home?at=2026-03-10T12:30:00Z", accept_language="de")
    assert german["title"] == "Tee für dich"
    assert seen(marketing, "&customer_id=nobody")["title"] == "Tea for you"
    assert (views(), Delivery.objects.count()) == ((0, 0, 3), 0)
    assert marketing.api.get("/placements/elsewhere").status == 204


def test_a_segment_is_asked_live_and_the_customer_is_spoken_to(marketing: Marketing) -> None:
    rule = {"field": "customer.city", "op": "eq", "value": "Berlin"}
    marketing.api.put("/segments/berlin", {"name": "B", "kind": "dynamic", "rule": rule})
    marketing.customer("ada", consent=None, city="Berlin", locale="de")
    marketing.customer("ben", consent=None, city="Bonn")
    place(marketing, audience={"segments": ["berlin"], "exclude_segments": []})
    place(marketing, "others", audience={"exclude_segments": ["berlin"]}, priority=-1)
    assert seen(marketing, "&customer_id=ada")["title"] == "Tee für Ada"
    assert which(marketing, "&customer_id=ben") == "others"
    assert which(marketing) is None
    marketing.api.patch("/customers/ben", {"city": "Berlin"})
    assert which(marketing, "&customer_id=ben") == "tea"
    assert marketing.deliveries("tea") == {"ada": ("delivered", None), "ben": ("delivered", None)}
    assert views() == (2, 2, 0)
    assert marketing.api.get("/campaigns/tea/progress").body == {
        "total": 2, "done": 2, "by_state": {"delivered": 2}, "pause_reason": None,
        "views": {"to_customers": 2, "customers": 2, "to_others": 0,
                  "last_at": "2026-03-10T12:30:00Z"},
    }  # fmt: skip


def test_who_allows_it_is_followed_from_a_place_and_nobody_else(marketing: Marketing) -> None:
    for name in ("ada", "ben"):
        marketing.customer(name, consent=None)
    said = {"state": "granted", "recorded_at": "2026-03-09T12:00:00Z"}
    marketing.api.put("/customers/ada/consents/in_app/tracking", said)
    place(marketing)
    of_ben = seen(marketing, "&customer_id=ben")["link"]["url"]
    assert of_ben.startswith("https://shop.example/tea?utm_source=")
    of_ada = seen(marketing, "&customer_id=ada")["link"]["url"]
    clicked = get(urlsplit(of_ada).path, at=NOON + HOUR)
    assert clicked.status == 302
    assert clicked.headers["Location"].startswith("https://shop.example/tea?utm_source=")
    found = Response.objects.values_list("delivery__customer__reference", "kind")
    assert set(found) == {("ada", "click"), ("ada", "open")}


SPOTS = {
    "a page": ({"pages": ["/tea/*", "/sale"]},
               ["&page=/tea/green", "&page=/sale"], ["", "&page=/sale/x", "&page=/te"]),
    "a search": ({"queries": ["Oolong", "grüner tee"]},
                 ["&query=best%20OOLONG", "&query=gr%C3%BCner+Tee"], ["", "&query=green"]),
    "a category": ({"categories": ["Tea"]}, ["&category=tea"], ["", "&category=teapots"]),
    "all of them": ({"pages": ["/s"], "queries": ["mate"]},
                    ["&page=/s&query=mate"], ["&page=/s", "&query=mate"]),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOTS)
def test_it_is_shown_where_it_fits(marketing: Marketing, name: str) -> None:
    placement, fits, others = SPOTS[name]
    place(marketing, placement=placement)
    assert [which(marketing, spot) for spot in fits] == ["tea"] * len(fits)
    assert [which(marketing, spot) for spot in others] == [None] * len(others)


def test_the_higher_priority_is_shown_and_so_often_as_it_may_be(marketing: Marketing) -> None:
    marketing.customer("ada", consent=None)
    place(marketing, "first", priority=5, placement={"max_views": 2})
    place(marketing, "second")
    shown = [which(marketing, "&customer_id=ada") for _ in range(4)]
    assert shown == ["first", "first", "second", "second"]
    assert (views("first"), views("second")) == ((2, 1, 0), (2, 1, 0))


def test_it_is_shown_from_its_instant_for_so_long_whatever_ran_in_between(
    marketing: Marketing,
) -> None:
    place(marketing, expires_after_hours=2)

    def is_seen(moment: str) -> bool:
        return which(marketing, now=moment) == "tea"

    assert not is_seen("2026-03-10T11:59:59Z")
    assert is_seen("2026-03-10T12:00:00Z")
    marketing.run()
    assert marketing.api.get("/campaigns/tea")["status"] == "running"
    assert is_seen("2026-03-10T13:59:59Z")
    assert not is_seen("2026-03-10T14:00:00Z")
    marketing.run(NOON + 2 * HOUR)
    assert marketing.api.get("/campaigns/tea")["status"] == "finished"


def test_one_that_comes_back_is_shown_on_its_days_by_the_customers_clock(
    marketing: Marketing,
) -> None:
    marketing.customer("ada", consent=None, timezone="Asia/Tokyo")
    trigger = {"kind": "recurring", "rrule": "FREQ=WEEKLY;BYDAY=TU", "local_time": "09:00"}
    place(marketing, trigger=trigger, expires_after_hours=3)
    # Tuesday at nine is midnight UTC in Tokyo, and eight in Berlin, where the shop is.
    assert which(marketing, "&customer_id=ada", now="2026-03-17T00:00:00Z") == "tea"
    assert which(marketing, now="2026-03-17T00:00:00Z") is None
    assert which(marketing, now="2026-03-17T08:00:00Z") == "tea"
    assert which(marketing, now="2026-03-17T11:00:00Z") is None
    assert which(marketing, now="2026-03-18T08:00:00Z") is None


def test_a_paused_one_is_not_shown(marketing: Marketing) -> None:
    place(marketing)
    assert marketing.api.post("/campaigns/tea/pause").status == 200
    assert which(marketing) is None
    assert marketing.api.post("/campaigns/tea/resume").status == 200
    assert which(marketing) == "tea"


def test_it_takes_few_statements(marketing: Marketing, django_assert_max_num_queries: Any) -> None:
    marketing.api.put("/segments/all", {"name": "all"})
    marketing.customer("ada", consent=None)
    marketing.api.put("/segments/all/members", {"customer_ids": ["ada"]})
    for number in range(10):
        place(marketing, f"n{number}", audience={"segments": ["all"]})
    seen(marketing, "&customer_id=ada")
    with django_assert_max_num_queries(11):
        seen(marketing, "&customer_id=ada")
    with django_assert_max_num_queries(2):
        seen(marketing)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no slot": ({"slot": None}, "/slot"),
    "a trigger of each customer's": ({"trigger": {"kind": "birthday"}}, "/trigger/kind"),
    "conditions of a mail": ({"channel": "email", "slot": None, "placement": {}}, "/placement"),
    "too many pages": ({"placement": {"pages": ["x"] * 101}}, "/placement/pages"),
    "no views": ({"placement": {"max_views": 0}}, "/placement/max_views"),
    "an unknown condition": ({"placement": {"page": "x"}}, "/placement/page"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_placement_is_refused_when_it_is_written(
    marketing: Marketing, name: str
) -> None:
    fields, pointer = WRONG[name]
    shape = {
        "name": "x", "channel": "placement", "slot": "home", "content": CONTENT,
        "trigger": {"kind": "once", "at": at(NOON)}, **fields,
    }  # fmt: skip
    got = marketing.api.put("/campaigns/x", shape)
    assert (got.status, got.pointers) == (422, [pointer])


def test_nothing_to_show_is_not_approved(marketing: Marketing) -> None:
    marketing.campaign("x", channel="placement", slot="home", content={})
    got = marketing.api.post("/campaigns/x/submit")
    assert (got.status, got.pointers) == (422, ["/content"])


def test_odd_questions_are_answered_clearly(marketing: Marketing) -> None:
    assert marketing.api.get("/placements/home?pag=x").pointers == ["/pag"]
    assert marketing.api.get("/placements/home?customer_id=a%20b").pointers == ["/customer_id"]
    assert marketing.api.get("/placements/home?query=%00").status == 422
    assert marketing.api.get("/placements/a~b").status == 404


def test_a_change_of_where_it_is_shown_has_to_be_approved_again(marketing: Marketing) -> None:
    place(marketing, trigger={"kind": "once", "at": at(NOON + DAY)})
    changed = marketing.api.patch("/campaigns/tea", {"placement": {"pages": ["/tea"]}})
    assert (changed["status"], changed["placement"]["pages"]) == ("draft", ["/tea"])
