"""Every recipe runs: whatever sets it off is found, and its letter leaves."""

from datetime import timedelta

import msgspec

from campaigns.domain.recipes.book import RECIPES
from campaigns.domain.recipes.recipe import draft
from tests.api import NOON, Api
from tests.campaigns.shop import Marketing, at
from tests.campaigns.sink import Sink
from tests.campaigns.test_recipes import ASKED

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def order(api: Api, name: str, customer: str, *, ago: timedelta, **more: str) -> None:
    line = {"line_id": "1", "sku": "A", "quantity": 1, "unit_price": 1000}
    body = {"customer_id": customer, "currency": "EUR", "placed_at": at(NOON - ago), **more}
    assert api.put(f"/orders/{name}", {**body, "lines": [line]}).status in {200, 201}


def test_whoever_has_not_ordered_for_so_long_is_written_to_once(
    marketing: Marketing, sink: Sink
) -> None:
    """A pause counts days, and so do the clocks of the campaign: neither takes the other's."""
    marketing.customer("ada", timezone="Europe/Berlin")
    order(marketing.api, "o1", "ada", ago=60 * DAY)
    marketing.campaign("back", trigger={"kind": "inactive", "days": 60, "local_time": "12:30"})
    marketing.start("back", now=NOON - DAY)

    for now in (NOON - HOUR, NOON, NOON + 5 * HOUR):
        marketing.run(now)

    assert marketing.deliveries("back") == {"ada": ("accepted", None)}
    assert len(sink.to("ada@example.org")) == 1


def test_all_of_them_run_beside_each_other(marketing: Marketing, sink: Sink) -> None:
    """At ten in the morning: a birthday, a sign-up, an order of today, and one of long ago."""
    api, ten = marketing.api, NOON - 2 * HOUR
    assert api.put("/segments/best", {"name": "Best", "kind": "static"}).status == 201
    marketing.customer("ada", birth_date="1990-03-10", timezone="Europe/Berlin")
    marketing.customer("ben", locale="de")
    marketing.customer("cai")
    order(api, "o1", "cai", ago=120 * DAY)
    for key, recipe in RECIPES.items():
        made = draft(
            recipe, name=key, link="https://shop.example", trigger=ASKED[recipe.asks],
            greetings={"de": "Frohe Ostern", "en": "Happy Easter"},
        )  # fmt: skip
        fields = msgspec.to_builtins(msgspec.structs.replace(made, holdout_percent="0"))
        del fields["name"]
        marketing.campaign(key, **fields)
        marketing.start(key, now=NOON - 12 * HOUR)
    signed_up = {
        "event_id": "e1", "customer_id": "ben", "name": "newsletter_signup",
        "occurred_at": at(ten - 2 * HOUR),
    }  # fmt: skip
    assert api.post("/events", {"events": [signed_up]}).status == 200
    placed = {"placed_at": at(ten - HOUR), "customer_id": "ben", "currency": "EUR", "at": at(ten)}
    line = {"line_id": "1", "sku": "A", "quantity": 1, "unit_price": 1000}
    assert api.put("/orders/o2", {**placed, "lines": [line]}).status == 201

    marketing.run(ten)

    subjects = {
        name: sorted(str(message["Subject"]) for message in sink.to(f"{name}@example.org"))
        for name in ("ada", "ben", "cai")
    }
    assert subjects == {
        "ada": ["Happy birthday, Ada!"],
        "ben": ["Ihre Bestellung o2 ist da", "Schön, dass Sie da sind"],
        "cai": ["It has been a while"],
    }
