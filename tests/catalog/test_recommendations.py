"""What is recommended to whom, and what never is."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Pair
from customers.models import Customer
from tests.api import DAY, NOON, Api
from tests.catalog.shop import LONG_AGO, buy, noise, reasons, recommended, sell, skus


@pytest.fixture
def shop(api: Api) -> Api:
    """Green tea and kandis go together, in ten of ten orders; Ada bought the tea."""
    noise(api)
    sell(api, "TEA", "KANDIS", categories=["tea"])
    buy(api, "TEA", "KANDIS", times=10)
    api.put("/customers/ada", {})
    buy(api, "TEA", customer="ada")
    return api


def test_what_is_often_bought_together_comes_first_and_says_why(shop: Api) -> None:
    got = recommended(shop, "ada", limit=3)
    assert got["results"][0] == {
        "sku": "KANDIS",
        "name": "Product KANDIS",
        "url": None,
        "image_url": None,
        "price": 999,
        "currency": "EUR",
        "reason": "Often bought with Product TEA",
    }
    path = f"/customers/ada/recommendations?limit=1&at={NOON:%Y-%m-%dT%H:%M:%SZ}"
    [first] = shop.get(path, accept_language="de")["results"]
    assert first["name"] == "Artikel KANDIS"
    assert first["reason"] == "Wird oft zusammen gekauft mit Artikel TEA"


def test_then_come_the_bestsellers_of_their_categories_and_of_the_shop(shop: Api) -> None:
    sell(shop, "MATE", categories=["tea"])
    buy(shop, "MATE", times=2)
    got = recommended(shop, "ada")
    assert skus(got)[0] == "KANDIS"
    told = reasons(got)
    assert told["MATE"] == "Popular in tea"
    assert told["N0"] == "A favourite with our customers"
    assert skus(got).index("MATE") < skus(got).index("N0")


def test_a_name_that_lacks_the_callers_language_is_told_in_the_other(shop: Api) -> None:
    shop.put("/products/KANDIS", {"name": {"de": "Kandis"}, "categories": ["tea"]})
    [first] = recommended(shop, "ada", limit=1)["results"]
    assert first["name"] == "Kandis"
    assert (first["price"], first["currency"]) == (None, None)


def test_what_is_not_available_is_never_recommended(shop: Api) -> None:
    shop.patch("/products/KANDIS", {"available": False})
    assert "KANDIS" not in skus(recommended(shop, "ada"))
    shop.patch("/products/KANDIS", {"available": True})
    assert skus(recommended(shop, "ada"))[0] == "KANDIS"
    shop.delete("/products/KANDIS")
    assert "KANDIS" not in skus(recommended(shop, "ada"))


def test_what_was_just_bought_is_not_recommended_until_some_time_has_passed(shop: Api) -> None:
    buy(shop, "KANDIS", customer="ada", at=NOON - DAY)
    assert "KANDIS" not in skus(recommended(shop, "ada"))
    later = NOON + timedelta(days=29, minutes=1)
    assert "KANDIS" in skus(recommended(shop, "ada", at=later))


def test_how_long_just_bought_lasts_is_a_setting(shop: Api, settings: Any) -> None:
    buy(shop, "KANDIS", customer="ada", at=NOON - 3 * DAY)
    settings.RECOMMENDATIONS_JUST_BOUGHT_DAYS = 2
    assert "KANDIS" in skus(recommended(shop, "ada"))


def test_what_they_buy_again_and_again_is_a_favourite(shop: Api) -> None:
    buy(shop, "N7", customer="ada", times=3)
    told = reasons(recommended(shop, "ada"))
    assert told["N7"] == "You buy this again and again"


def test_cancelled_orders_and_units_that_came_back_do_not_count(shop: Api) -> None:
    shop.put("/customers/bob", {})
    [bought] = buy(shop, "TEA", customer="bob")
    assert skus(recommended(shop, "bob"))[0] == "KANDIS"
    body = {"return_id": "r1", "lines": [{"line_id": "TEA", "quantity": 1}]}
    assert shop.post(f"/orders/{bought}/returns", body).status == 201
    assert "Often bought with Product TEA" not in reasons(recommended(shop, "bob")).values()

    shop.put("/customers/eve", {})
    buy(shop, "TEA", customer="eve", status="cancelled")
    assert "Often bought with Product TEA" not in reasons(recommended(shop, "eve")).values()


def test_pairs_of_cancelled_orders_are_none(api: Api) -> None:
    noise(api)
    sell(api, "A", "B")
    buy(api, "A", "B", times=10, status="cancelled")
    api.put("/customers/ada", {})
    buy(api, "A", customer="ada")
    assert reasons(recommended(api, "ada")).get("B") is None
    assert not Pair.objects.exists()


def test_after_a_purchase_that_order_speaks_alone(shop: Api) -> None:
    sell(shop, "CUP", "SAUCER", categories=["cups"])
    buy(shop, "CUP", "SAUCER", times=10)
    [order] = buy(shop, "CUP", customer="ada", at=NOON - DAY)
    got = recommended(shop, "ada", based_on=order)
    assert reasons(got)["SAUCER"] == "Often bought with Product CUP"
    assert skus(got)[0] == "SAUCER"
    assert "CUP" not in skus(got)
    assert "Often bought with Product TEA" not in reasons(got).values()


def test_what_is_in_that_order_is_not_recommended_however_old_it_is(shop: Api) -> None:
    [order] = buy(shop, "TEA", "KANDIS", customer="ada")
    assert not {"TEA", "KANDIS"} & {*skus(recommended(shop, "ada", based_on=order))}


def test_unknown_customers_and_orders_are_not_found(shop: Api) -> None:
    shop.put("/customers/bob", {})
    [theirs] = buy(shop, "TEA", customer="bob")
    [guests] = buy(shop, "TEA")
    assert recommended(shop, "nobody").status == 404
    assert recommended(shop, "no%20id").status == 404
    for order in (theirs, guests, "none"):
        got = recommended(shop, "ada", based_on=order)
        assert (got.status, got["code"]) == (404, "not_found")
        assert got["detail"] == "This customer has no such order."
    assert recommended(shop, "ada", based_on="no%20id").pointers == ["/based_on"]
    assert recommended(shop, "ada", limit=0).pointers == ["/limit"]


def test_who_was_erased_is_recommended_nothing_and_their_purchases_speak_for_nobody(
    shop: Api,
) -> None:
    assert shop.post("/customers/ada/erase", None).status == 200
    pseudonym = Customer.objects.get(reference__startswith="erased~").reference
    assert recommended(shop, "ada").status == 404
    assert recommended(shop, pseudonym).status == 404

    # Whoever comes with that id later has nothing to do with the former.
    shop.put("/customers/ada", {})
    assert "Often bought with Product TEA" not in reasons(recommended(shop, "ada")).values()


def test_nothing_is_recommended_where_nothing_was_sold(api: Api) -> None:
    sell(api, "TEA")
    api.put("/customers/ada", {})
    got = recommended(api, "ada")
    assert got.body == {"results": [], "next_cursor": None}


def test_a_customer_of_whom_nothing_is_known_gets_the_shops_bestsellers(shop: Api) -> None:
    shop.put("/customers/new", {})
    got = recommended(shop, "new")
    assert skus(got)[:2] == ["TEA", "KANDIS"]
    assert {*reasons(got).values()} == {"A favourite with our customers"}


def test_orders_after_the_instant_of_the_call_do_not_count(shop: Api) -> None:
    before = skus(recommended(shop, "ada", at=LONG_AGO + DAY))
    buy(shop, "N9", customer="ada", at=NOON - DAY, times=20)
    assert skus(recommended(shop, "ada", at=LONG_AGO + DAY)) == before


def test_ties_are_in_the_order_of_the_skus_and_pages_follow_each_other(shop: Api) -> None:
    whole = skus(recommended(shop, "ada"))
    noisy = [sku for sku in whole if sku.startswith("N")]
    assert noisy == sorted(noisy)
    paged: list[str] = []
    query: dict[str, Any] = {}
    while True:
        got = recommended(shop, "ada", limit=4, **query)
        paged += skus(got)
        if got["next_cursor"] is None:
            break
        query = {"cursor": got["next_cursor"]}
    assert paged == whole


def test_it_is_served_in_one_statement(shop: Api) -> None:
    """Beside the key's own; however much the customer has bought."""
    recommended(shop, "ada")
    buy(shop, *(f"N{number}" for number in range(10)), customer="ada", times=5)
    recommended(shop, "ada")
    for query in ({}, {"based_on": buy(shop, "TEA", customer="ada")[0]}):
        recommended(shop, "ada", **query)
        with CaptureQueriesContext(connection) as captured:
            recommended(shop, "ada", **query)
        texts = [query["sql"] for query in captured if "access_" not in query["sql"]]
        assert len(texts) == 1
