"""What a campaign brought: a whole season against the reference, then each rule by itself."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from campaigns.models import Delivery, Response
from tests.api import DAY, HOUR, NOON, Api, Got, make_key
from tests.campaigns.season import COSTS, MARGIN_PERCENT, WINDOW_DAYS, Season
from tests.campaigns.shop import Marketing, at
from tests.reference.campaign_report import lift_of, takings_of, welch

LATER = NOON + 30 * DAY
WEEK = timedelta(days=WINDOW_DAYS)
SECOND = timedelta(seconds=1)
TERMS: dict[str, Any] = {
    "window_days": WINDOW_DAYS, "costs": COSTS, "margin_percent": MARGIN_PERCENT,
}  # fmt: skip


@pytest.fixture(autouse=True)
def margin(settings: Any) -> None:
    settings.MARGIN_PERCENT, settings.CAMPAIGN_WINDOW_DAYS = MARGIN_PERCENT, WINDOW_DAYS


def report(api: Api, campaign: str, *, now: datetime = LATER) -> Got:
    got = api.get(f"/campaigns/{campaign}/report?at={at(now).replace('+', '%2B')}")
    assert got.status == 200, got.body
    return got


def clicked(
    campaign: str, customer: str, when: datetime, *, kind: str = "click", agent: str = "human"
) -> None:
    row = Delivery.objects.get(campaign__reference=campaign, customer__reference=customer)
    link = 0 if kind == "click" else None
    Response.objects.create(delivery=row, kind=kind, at=when, agent=agent, link=link)


def order(
    api: Api, name: str, placed: datetime, *, customer: str | None = "ada", told: datetime = LATER,
    status: str = "paid", **fields: Any,
) -> None:  # fmt: skip
    """Tea for 10.00 unless told otherwise."""
    body = {
        "customer_id": customer, "currency": "EUR", "status": status, "placed_at": at(placed),
        "lines": [{"line_id": "1", "sku": "T", "quantity": 1, "unit_price": 1000}],
        "at": at(told), **fields,
    }  # fmt: skip
    put = api.put(f"/orders/{name}", body)
    assert put.status in {200, 201}, put.body


def takings(got: Got | dict[str, Any]) -> dict[str, Any]:
    return {row.pop("currency"): row for row in [dict(row) for row in got["by_currency"]]}


@pytest.fixture
def sent(marketing: Marketing) -> Marketing:
    """Two campaigns went to Ada and Ben at noon."""
    for name in ("ada", "ben"):
        marketing.customer(name)
    for name in ("one", "two"):
        marketing.campaign(name)
        marketing.start(name)
    marketing.run()
    return marketing


def test_a_season_comes_out_as_the_reference_reckons_it(marketing: Marketing) -> None:
    season = Season(marketing, people=240, seed=11)
    season.open()
    season.buy(560)
    messages, orders = season.messages(), season.orders()
    owned, currencies = 0, set()
    for campaign in ("gift", "news"):
        got = report(marketing.api, campaign)
        expected, converted = takings_of(campaign, messages, orders, **TERMS)
        assert takings(got) == expected
        assert got["converted"] == converted
        currencies |= set(expected)
        owned += got["orders"]
        rows = [each for each in messages if each["campaign"] == campaign]
        held = sum(each["held_out"] for each in rows)
        assert (got["enlisted"], got["held_out"]) == (len(rows) - held, held)
    assert owned > 40
    assert currencies == {"CHF", "EUR"}

    got = report(marketing.api, "gift")
    lift = got["lift"]
    assert lift["status"] == "measured"
    for shown in lift["by_currency"]:
        treated, held_out = lift_of("gift", messages, orders, shown["currency"], **TERMS)
        for name, side in (("treated", treated), ("held_out", held_out)):
            sums = {
                **side, "revenue": sum(side["revenue"]), "profit": sum(side["profit"]),
            }  # fmt: skip
            assert shown[name] == sums, (shown["currency"], name)
        for name in ("revenue", "profit"):
            value, margin = welch(treated[name], held_out[name])
            for figure, people in (
                (shown[f"{name}_per_1000"], 1000),
                (shown[f"incremental_{name}"], treated["people"]),
            ):
                near = [round(people * each) for each in (value, value - margin, value + margin)]
                # The service's table has three decimals.
                slack = people * margin * 3e-4 + 1
                assert list(figure.values()) == pytest.approx(near, abs=slack)
    assert [row["status"] for row in lift["by_currency"]] == ["too_early", "measured"]

    by_variant = {row["variant"]: row for row in got["variants"]}
    assert set(by_variant) == {None, "b"}
    for variant, row in by_variant.items():
        mine = [
            each if each["variant"] == (variant or "") else {**each, "campaign": "other"}
            for each in messages
        ]
        assert takings(row) == takings_of("gift", mine, orders, **TERMS)[0]
    for name in ("enlisted", "sent", "opened", "clicked", "converted", "orders", "unsubscribed"):
        assert got[name] == sum(row[name] for row in got["variants"]), name
    assert report(marketing.api, "news")["lift"]["status"] == "no_holdout"


def test_messages_are_counted_once_and_people_told_apart_from_machines(sent: Marketing) -> None:
    for agent in ("proxy", "bot", "proxy"):
        clicked("one", "ada", NOON + HOUR, kind="open", agent=agent)
    clicked("one", "ada", NOON + HOUR, agent="bot")
    got = report(sent.api, "one")
    assert (got["sent"], got["delivered"], got["opened"], got["clicked"]) == (2, 0, 0, 0)
    assert got["opens"] == {"human": 0, "unknown": 0, "proxy": 1, "bot": 0}
    assert got["clicks"] == {"human": 0, "unknown": 0, "proxy": 0, "bot": 1}

    clicked("one", "ada", NOON + HOUR, kind="open", agent="unknown")
    clicked("one", "ben", NOON + HOUR, agent="human")
    clicked("one", "ben", NOON + 2 * HOUR, agent="human")
    clicked("one", "ben", NOON + 2 * HOUR, kind="unsubscribe")
    got = report(sent.api, "one")
    assert (got["opened"], got["clicked"], got["unsubscribed"]) == (2, 1, 1)
    assert got["opens"] == {"human": 1, "unknown": 1, "proxy": 0, "bot": 0}
    before = report(sent.api, "one", now=NOON + HOUR - SECOND)
    assert (before["opened"], before["clicked"], before["unsubscribed"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("clicked_at", "placed_at", "converts"),
    [
        (NOON + HOUR, NOON + HOUR, True),
        (NOON + HOUR, NOON + HOUR - SECOND, False),
        (NOON + HOUR, NOON + HOUR + WEEK - SECOND, True),
        (NOON + HOUR, NOON + HOUR + WEEK, False),
    ],
    ids=["at once", "before", "just within", "after"],
)
def test_the_window_begins_with_the_click_and_excludes_its_end(
    sent: Marketing, clicked_at: datetime, placed_at: datetime, converts: bool
) -> None:
    clicked("one", "ada", clicked_at)
    order(sent.api, "o1", placed_at)
    assert report(sent.api, "one")["converted"] == int(converts)


@pytest.mark.parametrize("agent", ["proxy", "bot"])
def test_a_machines_click_converts_nothing(sent: Marketing, agent: str) -> None:
    clicked("one", "ada", NOON + HOUR, agent=agent)
    order(sent.api, "o1", NOON + 2 * HOUR)
    got = report(sent.api, "one")
    assert (got["converted"], got["revenue"], got["currency"]) == (0, 0, None)


def test_of_two_clicks_the_last_before_the_order_has_it_alone(sent: Marketing) -> None:
    clicked("one", "ada", NOON + HOUR)
    clicked("two", "ada", NOON + 2 * HOUR)
    clicked("one", "ada", NOON + 4 * HOUR)
    order(sent.api, "o1", NOON + 3 * HOUR)
    order(sent.api, "o2", NOON + 5 * HOUR)
    order(sent.api, "o3", NOON + 5 * HOUR, customer="ben")
    assert (report(sent.api, "one")["orders"], report(sent.api, "two")["orders"]) == (1, 1)


def test_a_code_goes_before_a_click_however_late_it_is_used(marketing: Marketing) -> None:
    gift = {"name": "Gift", "status": "active", "effect": {"kind": "percentage", "percent": "10"}}
    assert marketing.api.put("/promotions/gift", gift).status == 201
    marketing.customer("ada")
    marketing.campaign("coded", promotion_id="gift")
    marketing.campaign("plain")
    for name in ("coded", "plain"):
        marketing.start(name)
    marketing.run()
    code = marketing.api.get("/campaigns/coded/deliveries")["results"][0]["code"]
    placed = NOON + 2 * WEEK
    clicked("plain", "ada", placed - HOUR)
    cart = {
        "order_id": "o1", "customer_id": "ada", "currency": "EUR", "codes": [code],
        "lines": [{"line_id": "1", "sku": "T", "quantity": 1, "unit_price": 1000}],
        "at": at(placed),
    }  # fmt: skip
    redeemed = marketing.api.post("/checkout/redemptions", cart)
    assert redeemed.status == 201
    got = report(marketing.api, "coded")
    assert (got["converted"], got["revenue"], got["discount_cost"]) == (1, 900, 100)
    assert got["profit"] == 900 - 650, "35 % of 10.00 is the margin"
    assert report(marketing.api, "plain")["converted"] == 0
    cancel = f"/checkout/redemptions/{redeemed['redemption_id']}/cancel"
    assert marketing.api.post(cancel, {"at": at(placed + HOUR)}).status == 200
    assert report(marketing.api, "coded")["converted"] == 0


def test_it_follows_returns_and_cancellations_and_tells_the_past_as_it_was(
    sent: Marketing,
) -> None:
    clicked("one", "ada", NOON + HOUR)
    two = [{"line_id": "1", "sku": "T", "quantity": 2, "unit_price": 1000, "discount_amount": 101}]
    order(sent.api, "o1", NOON + 2 * HOUR, lines=two, told=NOON + 2 * HOUR)
    order(sent.api, "o2", NOON + 2 * HOUR, told=NOON + 2 * HOUR)
    assert report(sent.api, "one")["revenue"] == 2899
    for number, returned_at in enumerate((NOON + DAY, NOON + 3 * DAY), start=1):
        units = {"return_id": f"r{number}", "lines": [{"line_id": "1", "quantity": 1}]}
        answer = sent.api.post("/orders/o1/returns", {**units, "at": at(returned_at)})
        assert answer.status == 201, answer.body
    revenue = {
        when: report(sent.api, "one", now=NOON + when)["revenue"]
        for when in (HOUR, 2 * HOUR, 2 * DAY, 4 * DAY)
    }
    assert list(revenue.values()) == [0, 2899, 1950, 1000]
    got = report(sent.api, "one")
    assert (got["orders"], got["discount_cost"]) == (1, 0), "o1 came back wholly"
    order(sent.api, "o2", NOON + 2 * HOUR, status="cancelled")
    assert report(sent.api, "one")["converted"] == 0


def test_amounts_of_two_currencies_are_never_added(sent: Marketing) -> None:
    clicked("one", "ada", NOON + HOUR)
    order(sent.api, "o1", NOON + 2 * HOUR)
    order(sent.api, "o2", NOON + 2 * HOUR, currency="CHF")
    got = report(sent.api, "one")
    assert (got["converted"], got["orders"], got["currency"]) == (1, 2, None)
    assert (got["revenue"], got["profit"]) == (None, None)
    assert {name: row["revenue"] for name, row in takings(got).items()} == {
        "CHF": 1000, "EUR": 1000,
    }  # fmt: skip


def test_a_draft_brought_nothing_and_an_unknown_campaign_is_not_found(marketing: Marketing) -> None:
    marketing.campaign("draft")
    got = report(marketing.api, "draft")
    assert (got["enlisted"], got["sent"], got["variants"], got["by_currency"]) == (0, 0, [], [])
    assert got["lift"] == {
        "status": "no_holdout", "treated_people": 0, "held_out_people": 0, "by_currency": [],
    }  # fmt: skip
    assert marketing.api.get("/campaigns/none/report").status == 404


def test_the_report_of_a_campaign_needs_the_scope_of_campaigns(marketing: Marketing) -> None:
    marketing.campaign("hello")
    refused = Api(make_key("reports", name="reports")).get("/campaigns/hello/report")
    assert (refused.status, refused["code"]) == (403, "scope_missing")


@pytest.mark.parametrize("within_days", [None, 3])
def test_a_segment_finds_whoever_ordered_after_a_campaign(
    sent: Marketing, within_days: int | None
) -> None:
    clicked("one", "ada", NOON + HOUR)
    clicked("one", "ben", NOON + HOUR, agent="bot")
    for name in ("ada", "ben"):
        order(sent.api, f"o-{name}", NOON + 2 * HOUR, customer=name, told=NOON + 2 * HOUR)
    leaf = {"field": "campaign.converted", "op": "eq", "value": True, "campaign_id": "one"}
    if within_days is not None:
        leaf["within_days"] = within_days

    def found(now: datetime, **changes: Any) -> list[str]:
        asked = {"rule": {**leaf, **changes}, "at": at(now)}
        return list(sent.api.post("/segments/preview", asked)["sample"])

    assert found(NOON + HOUR) == []
    assert found(NOON + DAY) == ["ada"]
    assert found(NOON + 5 * DAY) == ([] if within_days else ["ada"])
    assert found(NOON + DAY, campaign_id="two") == []
    assert found(NOON + DAY, campaign_id="none") == []
    assert found(NOON + DAY, value=False) == ["ben"]
    rule = {"name": "s", "kind": "dynamic", "rule": leaf, "at": at(NOON + DAY)}
    assert sent.api.put("/segments/s", rule).status == 201
    when = at(NOON + DAY).replace("+", "%2B")
    told = sent.api.get(f"/segments/s/explain?customer_id=ada&at={when}")
    assert told.status == 200
    assert sent.api.get(f"/customers/ada/segments?at={when}").status == 200
