"""What a campaign brought, as staff read it."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client

from campaigns.admin.reports import _interval
from campaigns.domain.lift import Estimate
from campaigns.models import Campaign, Delivery
from promotions.models import Code
from tests.api import NOON
from tests.campaigns.admin.conftest import Staff
from tests.campaigns.admin.pages import act_url, text_of
from tests.campaigns.places import place, which
from tests.campaigns.shop import Marketing, at


def order(shop: Marketing, name: str, customer: str, **more: Any) -> None:
    line = {"line_id": "1", "sku": "A", "quantity": 1, "unit_price": 1000}
    cart = {"customer_id": customer, "currency": "EUR", "lines": [line], **more}
    sent = {**cart, "order_id": name, "at": at(NOON + timedelta(hours=1))}
    assert shop.api.post("/checkout/redemptions", sent).status == 201


def report(client: Client, campaign_id: str, language: str = "en") -> Any:
    return client.get(act_url(campaign_id, "report"), headers={"accept-language": language})


def test_it_leads_from_the_mailbox_to_the_till(shop: Marketing, staff: Client) -> None:
    shop.campaign("c", promotion_id="tea-20", content={"en": {
        "subject": "For you", "body": ":::code\nYours:\n:::"}})  # fmt: skip
    shop.start("c")
    shop.run()
    code = Code.objects.get(customer__reference="ada").spelling
    order(shop, "o1", "ada", codes=[code])

    answer = report(staff, "c")

    text = text_of(answer)
    assert [bar.count for bar in answer.context["bars"]] == ["3", "3", "0", "0", "1"]
    assert answer.context["takings"][0][:2] == ["EUR", "1"]
    assert "8.00" in text
    assert "2.00" in text
    assert "Nobody was held out, so nobody knows who would have bought anyway." in text


def test_few_buyers_say_nothing_yet(shop: Marketing, staff: Client) -> None:
    shop.campaign("c", holdout_percent="50")
    shop.start("c")
    shop.run()
    held = Delivery.objects.filter(state="held_out").count()
    assert Campaign.objects.get().holdout_percent == 500_000

    text = text_of(report(staff, "c"))

    if held:
        assert f"{3 - held} people were meant to get it, {held} were held out." in text
        assert "that says nothing yet" in text
    else:
        assert "Nobody was held out" in text


def test_before_it_has_begun_there_is_none(shop: Marketing, staff: Client, member: Staff) -> None:
    shop.campaign("c")
    page = staff.get(act_url("c", "report").removesuffix("report/") + "change/").content.decode()

    assert act_url("c", "report") not in page
    assert text_of(report(staff, "c", "de"))
    assert report(member("stranger", "view_promotion"), "c").status_code == 403


@pytest.mark.parametrize(
    ("value", "low", "high", "verdict"),
    [
        (500, 100, 900, "It brought something, and not by chance."),
        (-500, -900, -100, "It cost something, and not by chance."),
        (100, -300, 500, "It may be chance."),
        (0, 0, 0, "It may be chance."),
    ],
)
def test_an_interval_is_drawn_within_its_frame(
    value: int, low: int, high: int, verdict: str
) -> None:
    drawn = _interval("x", Estimate(*map(Fraction, (value, low, high))), "EUR")

    assert drawn.verdict == verdict
    assert 0 <= drawn.low <= drawn.value <= drawn.low + drawn.length <= 1000
    assert 0 <= drawn.zero <= 1000
    assert (drawn.low < drawn.zero < drawn.low + drawn.length) or drawn.is_sure or value == 0


def test_a_place_on_the_site_is_shown_rather_than_sent(shop: Marketing, staff: Client) -> None:
    place(shop)
    for query in ("&customer_id=ada", "&customer_id=ada", ""):
        assert which(shop, query) == "tea"

    text = text_of(report(staff, "tea"))

    assert "Shown 3 times, 1 of them to visitors who did not say who they are" in text
    assert "Reached 1 customers who saw it" in text
    assert "mail server" not in text
    assert "Gezeigt 3 Mal, davon 1 Mal Besuchern" in text_of(report(staff, "tea", "de"))
