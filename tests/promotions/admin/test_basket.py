"""The test basket: what a promotion would give, by the pricing of checkout, before it is saved."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from checkout.models import Decision
from promotions.models import Promotion, PromotionUse
from tests.api import Api
from tests.promotions.admin.basket import basket, page_of, said, table, tried
from tests.promotions.admin.pages import open_page, sent_by
from tests.promotions.api.shapes import plain

ADD = reverse("admin:promotions_promotion_add")
PREVIEW = reverse("admin:promotions_promotion_preview")
TEA = {"include": {"categories": ["tea"]}}


CASES: list[Any] = [
    pytest.param(
        {"kind": "percentage", "percent": "15", "on": "lines"}, "3.00 € discount", id="percentage"
    ),
    pytest.param({"kind": "fixed_amount", "amount": 500}, "5.00 € discount", id="amount"),
    pytest.param({"kind": "fixed_price", "price": 899}, "2.02 € discount", id="price"),
    pytest.param(
        {"kind": "bundle_price", "quantity": 2, "price": 1500}, "5.00 € discount", id="bundle"
    ),
    pytest.param(
        {"kind": "buy_x_get_y", "buy_quantity": 1, "get_quantity": 1}, "10.00 € discount", id="get"
    ),
    pytest.param(
        {"kind": "tiered", "by": "quantity", "tiers": [{"from": 2, "amount": 250}]},
        "2.50 € discount",
        id="tiers",
    ),
    pytest.param(
        {"kind": "free_shipping", "shipping_price": 100}, "3.95 € discount", id="shipping"
    ),
    pytest.param(
        {"kind": "gift", "sku": "MUG", "unit_price": 500, "quantity": 2},
        "2 × MUG as a gift",
        id="gift",
    ),
    pytest.param({"kind": "bonus_cashback", "amount": 300}, "3.00 € cashback", id="cashback"),
]


@pytest.mark.parametrize(("effect", "gives"), CASES)
def test_each_effect_shows_what_it_gives(
    shop: Api, staff: Client, effect: dict[str, Any], gives: str
) -> None:
    shop.put("/promotions/p", plain(currency="EUR", effect=effect, items=TEA))

    answer = tried(staff, "p", basket({}, shipping_amount="4.95", customer_id="c0"))

    assert said(answer).startswith(f"{gives} Line")


@pytest.mark.parametrize(("effect", "gives"), CASES)
def test_it_is_what_checkout_would_say(
    shop: Api, staff: Client, effect: dict[str, Any], gives: str
) -> None:
    """A draft in the basket, then the same promotion active at checkout."""
    body = plain(currency="EUR", effect=effect, items=TEA, activation="automatic")
    shop.put("/promotions/p", body)
    lines = ({"price": "12.99"}, {"price": "3.50", "quantity": "3"}, {"category": "cups"})
    answer = tried(staff, "p", basket(*lines, shipping_amount="4.95", customer_id="c0"))

    shop.patch("/promotions/p", {"status": "active"})
    real = shop.post(
        "/checkout/validate",
        {
            "currency": "EUR", "customer_id": "c0", "shipping_amount": 495,
            "lines": [
                {"line_id": "1", "sku": "1", "categories": ["tea"], "quantity": 2, "unit_price": 1299},
                {"line_id": "2", "sku": "2", "categories": ["tea"], "quantity": 3, "unit_price": 350},
                {"line_id": "3", "sku": "3", "categories": ["cups"], "quantity": 2, "unit_price": 1000},
            ],
        },
    ).body  # fmt: skip

    to_pay = [line["total"] for line in real["lines"]] + [real["shipping_total"], real["total"]]
    assert [row[3] for row in table(answer)] == [f"{amount / 100:.2f} €" for amount in to_pay]


def test_it_follows_what_is_typed_not_what_is_saved(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", plain(items=TEA))

    assert "2.00 € discount" in said(tried(staff, "p", basket()))
    assert "10.00 € discount" in said(tried(staff, "p", basket(), percent="50"))
    assert shop.get("/promotions/p").body["effect"]["percent"] == "10"


def test_a_promotion_that_is_not_saved_yet_can_be_tried(shop: Api, staff: Client) -> None:
    typed = open_page(staff, ADD).form | {
        "effect_kind": "buy_x_get_y", "buy_quantity": "1", "get_quantity": "1", "percent": "x",
    }  # fmt: skip

    answer = staff.post(PREVIEW, typed | basket({"quantity": "4"})).json()

    assert "20.00 € discount" in said(answer)
    assert answer["sentences"]["en"] == "buy 1 item, get 1 more free"
    assert not Promotion.objects.exists()


def test_the_basket_to_begin_with_gives_the_promotion_something_to_do(
    shop: Api, staff: Client
) -> None:
    shop.put(
        "/promotions/p",
        plain(
            currency="EUR",
            effect={
                "kind": "buy_x_get_y", "buy_quantity": 3, "get_quantity": 1,
                "get_items": {"include": {"skus": ["CUP"]}},
            },
            items=TEA,
            conditions={
                "min_subtotal": 9000, "channels": ["web"], "countries": ["AT"],
                "contains": [{"include": {"brands": ["Kyo"]}}],
            },
            limits={"per_customer": 1},
        ),
    )  # fmt: skip
    page, preview = page_of("p")
    sent = sent_by(staff.get(page).context["basket"])

    answer = staff.post(preview, open_page(staff, page).form | dict(sent)).json()

    assert said(answer).startswith("20.00 € discount"), answer


@pytest.mark.parametrize(
    ("fields", "sent", "reason"),
    [
        (
            {"conditions": {"min_subtotal": 5000}},
            basket(),
            "From 50.00 € this offer applies; 30.00 € more to go.",
        ),
        (
            {"items": TEA},
            basket({"category": "cups"}),
            "Nothing in the cart takes part in this offer.",
        ),
        ({"limits": {"per_customer": 1}}, basket(), "Please sign in first."),
        (
            {"audience": {"segments": ["staff"]}},
            basket(customer_id="c2"),
            "This offer is for other customers.",
        ),
        (
            {"schedule": {"starts_at": "2026-07-01T00:00:00+02:00"}},
            basket(at="2026-06-30T23:59"),
            "1 July 2026",
        ),
        ({"effect": {"kind": "free_shipping"}}, basket(), "This offer would change nothing here."),
        ({"currency": "CHF"}, basket(currency="eur"), "currency"),
    ],
    ids=["minimum", "items", "guest", "segment", "time", "no effect", "currency"],
)
def test_it_says_why_not(
    shop: Api, staff: Client, fields: dict[str, Any], sent: dict[str, str], reason: str
) -> None:
    shop.put("/promotions/p", plain(currency="EUR") | fields)

    answer = tried(staff, "p", sent)

    assert reason in said(answer)
    assert table(answer)[-1][2] == ""


def test_the_instant_is_on_the_clock_of_the_shop(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", plain(schedule={"starts_at": "2026-07-01T00:00:00+02:00"}))

    assert "2.00 € discount" in said(tried(staff, "p", basket(at="2026-07-01T00:00")))


def test_what_was_used_counts(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", plain(limits={"redemptions": 1}))
    counter = Promotion.objects.get().counter
    counter.used = 1
    counter.save()

    assert "used up" in said(tried(staff, "p", basket()))
    assert "2.00 € discount" in said(tried(staff, "p", basket(), redemptions="2"))


def test_it_speaks_german(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", plain(items=TEA, conditions={}))
    staff.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"

    answer = tried(staff, "p", basket({"price": "1.234,50"}, shipping_amount="4,95"))

    assert table(answer) == [
        ["2 × tea", "2.469,00 €", "−246,90 €", "2.222,10 €"],
        ["Versand", "4,95 €", "", "4,95 €"],
        ["Gesamt", "2.473,95 €", "−246,90 €", "2.227,05 €"],
    ]
    assert said(answer).startswith("246,90 € Rabatt Position Preis Rabatt Zu zahlen")


class TestWithTheOtherRunningPromotions:
    @pytest.fixture(autouse=True)
    def others(self, shop: Api) -> None:
        shop.put("/promotions/p", plain(name="Ours"))
        for name, fields in (
            ("auto", {"activation": "automatic", "status": "active"}),
            ("paused", {"activation": "automatic", "status": "paused"}),
            ("coded", {"activation": "code", "status": "active"}),
        ):
            effect = {"kind": "fixed_amount", "amount": 500}
            shop.put(
                f"/promotions/{name}", plain(currency="EUR", effect=effect, name=name) | fields
            )

    def test_they_stay_away_unless_asked_for(self, staff: Client) -> None:
        assert table(tried(staff, "p", basket()))[-1][2] == "−2.00 €"

    def test_the_automatic_ones_come_along(self, staff: Client) -> None:
        answer = tried(staff, "p", basket(with_others="on"))

        assert (
            "Together 5 € off the whole order (auto): 5.00 € discount 10 % off the whole order (p): 1.50 € discount"
            in said(answer)
        )
        assert said(answer).startswith("1.50 € discount")

    def test_one_of_a_code_comes_with_its_code(self, shop: Api, staff: Client) -> None:
        shop.post("/promotions/coded/codes", {"code": "FIVER"})

        answer = tried(staff, "p", basket(codes="fiver, NONE-SUCH"))

        assert (
            "Together 5 € off the whole order (coded): 5.00 € discount 10 % off the whole order (p): 1.50 € discount"
            in said(answer)
        )
        assert "NONE-SUCH: This code is not valid." in said(answer)

    def test_a_better_one_is_said_to_be_better(self, staff: Client) -> None:
        answer = tried(staff, "p", basket(with_others="on"), exclusive="on")

        assert said(answer).startswith("This offer cannot be combined.")
        assert table(answer)[-1][2] == "−5.00 €"

    def test_it_does_not_stand_beside_its_saved_self(self, shop: Api, staff: Client) -> None:
        shop.patch("/promotions/p", {"activation": "automatic", "status": "active"})
        shop.patch("/promotions/auto", {"status": "paused"})

        answer = tried(staff, "p", basket(with_others="on"), percent="20")

        assert table(answer)[-1][2] == "−4.00 €"


def test_a_code_of_its_own_counts_as_it_stands(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", plain())
    shop.post("/promotions/p/codes", {"code": "LATE", "valid_until": "2026-01-01T00:00:00+01:00"})
    shop.post("/promotions/p/codes", {"code": "GOOD"})

    assert "LATE: This offer has ended." in said(tried(staff, "p", basket(codes="LATE")))
    assert said(tried(staff, "p", basket(codes="good"))).startswith("2.00 € discount")


def test_nothing_is_written(shop: Api, staff: Client, django_assert_max_num_queries: Any) -> None:
    shop.put("/promotions/p", plain(limits={"redemptions": 1}))
    shop.put("/promotions/other", plain(activation="automatic", status="active"))
    page, preview = page_of("p")
    typed = open_page(staff, page).form | basket(codes="WRONG", with_others="on", customer_id="zoe")
    staff.post(preview, typed)

    with django_assert_max_num_queries(10) as queries:
        assert staff.post(preview, typed).status_code == 200

    assert {query["sql"].split()[0] for query in queries.captured_queries} <= {"SELECT", "WITH"}
    assert shop.get("/customers/zoe").status == 404
    assert not PromotionUse.objects.exists()
    assert not Decision.objects.exists()
