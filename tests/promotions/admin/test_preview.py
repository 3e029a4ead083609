"""What answers beside the form while somebody types: what is wrong, and who may ask."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from tests.api import Api
from tests.promotions.admin.basket import basket, page_of, said, tried
from tests.promotions.admin.pages import open_page
from tests.promotions.api.shapes import plain

ADD = reverse("admin:promotions_promotion_add")
PREVIEW = reverse("admin:promotions_promotion_preview")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (basket({"price": ""}), "basket-lines-0-price"),
        (basket({"price": "x"}), "basket-lines-0-price"),
        (basket({"price": "9" * 30}), "basket-lines-0-price"),
        (basket({"quantity": "0"}), "basket-lines-0-quantity"),
        (basket({}, {"list_price": "-1"}), "basket-lines-1-list_price"),
        (basket({"sku": "a b"}), "basket-lines-0-sku"),
        (basket({"category": "a\x00"}), "basket-lines-0-category"),
        (basket({"quantity": "6000"}, {"quantity": "6000"}), "basket-lines"),
        (basket(shipping_amount="x"), "basket-shipping_amount"),
        (basket(customer_id="a b"), "basket-customer_id"),
        (basket(codes="x" * 1001), "basket-codes"),
        (basket(at="tomorrow"), "basket-at"),
        (basket(at="2026-03-29T02:30"), "basket-at"),
        (basket(currency="EURO"), "basket-currency"),
        (basket(shipping_country="D1"), "basket-shipping_country"),
        ({}, "basket-lines"),
        ({"basket-lines-TOTAL_FORMS": "x"}, "basket-lines"),
    ],
)  # fmt: skip
def test_what_the_basket_cannot_be_is_said_at_its_field(
    shop: Api, staff: Client, sent: dict[str, str], field: str
) -> None:
    shop.put("/promotions/p", plain())

    answer = tried(staff, "p", sent)

    assert list(answer["basket_problems"]) == [field]
    assert "basket" not in answer
    assert answer["sentences"]["en"] == "10\xa0% off the whole order"


def test_while_the_form_is_not_sound_its_problems_are_told(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", plain())

    answer = tried(staff, "p", basket(), percent="x", per_customer="0")

    assert answer == {
        "problems": [
            "Percent: A percentage is above 0, up to 100, with 4 decimals at most.",
            "Uses per customer: Ensure this value is greater than or equal to 1.",
        ]
    }


def test_problems_in_rows_are_told_with_their_row(shop: Api, staff: Client) -> None:
    shop.put(
        "/promotions/p",
        plain(effect={"kind": "tiered", "by": "quantity", "tiers": [{"from": 2, "percent": "5"}]}),
    )

    answer = tried(staff, "p", basket(), **{"tiers-0-percent": "500"})

    assert answer["problems"] == [
        "Tiers 1, Percent: A percentage is above 0, up to 100, with 4 decimals at most."
    ]


def test_a_basket_that_nobody_touched_follows_what_is_typed(shop: Api, staff: Client) -> None:
    typed = open_page(staff, ADD).form | {"percent": "10", "include_categories": "tea\r\ncups"}

    answer = staff.post(PREVIEW, typed | {"basket-starts": "on"}).json()

    assert answer["starter"]["basket-lines-0-category"] == "tea"
    assert "4.00 € discount" in said(answer)
    touched = staff.post(PREVIEW, typed | basket({"category": "mugs"})).json()
    assert touched["starter"] == {}
    assert "4.00 € discount" not in said(touched)


class TestWhoMayAsk:
    def staff_with(self, *permissions: str) -> Client:
        user = User.objects.create_user("sam", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        client = Client()
        client.force_login(user)
        return client

    def test_who_may_only_look_tries_what_is_saved(self, shop: Api) -> None:
        shop.put("/promotions/p", plain())
        _page, preview = page_of("p")
        sam = self.staff_with("view_promotion")

        answer = sam.post(preview, {"percent": "50"} | basket()).json()

        assert "2.00 € discount" in said(answer)
        assert sam.post(PREVIEW, basket()).status_code == 403

    def test_customers_and_codes_are_for_those_who_may_look_at_them(self, shop: Api) -> None:
        """Else a basket would tell who is in a segment, and which codes there are."""
        shop.put("/promotions/p", plain(audience={"segments": ["staff"]}))
        shop.post("/promotions/p/codes", {"code": "GUESS"})
        page, preview = page_of("p")
        sam = self.staff_with("view_promotion")
        sent = basket(customer_id="c0", codes="GUESS")

        assert "Please sign in first." in said(sam.post(preview, sent).json())
        assert 'name="basket-customer_id"' not in open_page(sam, page).html
        assert 'name="basket-codes"' not in open_page(sam, page).html

    def test_others_may_not(self, shop: Api) -> None:
        shop.put("/promotions/p", plain())
        _page, preview = page_of("p")

        assert self.staff_with("view_code").post(preview, basket()).status_code == 403
        assert Client().post(preview, basket()).status_code == 302

    def test_it_is_a_post_with_the_token_of_the_page(self, shop: Api, staff: Client) -> None:
        shop.put("/promotions/p", plain())
        _page, preview = page_of("p")
        careful = Client(enforce_csrf_checks=True)
        careful.force_login(User.objects.get(username="anna"))

        assert careful.post(preview, basket()).status_code == 403
        assert staff.get(preview).status_code == 403

    def test_of_what_is_not_there_nothing_is_said(self, shop: Api, staff: Client) -> None:
        url = reverse("admin:promotions_promotion_preview", args=[10**9])

        assert staff.post(url, basket()).status_code == 404
