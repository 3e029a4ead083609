"""A promotion replayed over past orders, recomputed by hand."""

from tests.api import DAY, NOON
from tests.promotions.forecast.replayed import FIFTH, PERIOD, TENTH, forecast, order, promotion


def amounts(result):
    (only,) = result["amounts"]
    return {name: only[name] for name in only if name != "currency"}


def test_a_draft_by_code_is_replayed_as_if_everybody_had_used_it(api):
    promotion(api, "p")
    order(api, "o1", "c1", 1000, days_ago=3)
    order(api, "o2", "c1", 2000, days_ago=10)
    order(api, "o3", None, 500, days_ago=10)

    result = forecast(api, "p")

    assert (result["orders"], result["orders_hit"]) == (3, 3)
    assert (result["customers"], result["customers_hit"]) == (1, 1)
    assert amounts(result) == {
        "discount": 350, "discount_alone": 350, "discount_with": 350, "discount_without": 0,
        "cost": 350,
    }  # fmt: skip
    assert result["segments_as_of"] == NOON.isoformat()


def test_only_orders_of_the_period_that_stand_are_replayed(api):
    promotion(api, "p")
    order(api, "start", "c1", 1000, days_ago=30)
    order(api, "end", "c1", 1000, days_ago=0)
    order(api, "gone", "c1", 1000, days_ago=5, status="cancelled")
    assert forecast(api, "p")["orders"] == 1


def test_cost_is_what_comes_on_top_of_the_promotions_that_run_already(api):
    promotion(api, "p", FIFTH)
    promotion(api, "runs", TENTH, status="active", activation="automatic",
              stacking={"exclusive": True})  # fmt: skip
    order(api, "o1", "c1", 1000, days_ago=3)
    assert amounts(forecast(api, "p")) == {
        "discount": 200, "discount_alone": 200, "discount_with": 200, "discount_without": 100,
        "cost": 100,
    }  # fmt: skip


def test_its_limits_are_counted_along(api):
    promotion(api, "p", limits={"redemptions": 3, "per_customer": 1}, currency="EUR")
    for nth, who in enumerate(("c1", "c1", "c2", "c3", "c4")):
        order(api, f"o{nth}", who, 1000, days_ago=9 - nth)
    result = forecast(api, "p")
    assert (result["orders"], result["orders_hit"]) == (5, 3)
    assert (result["customers"], result["customers_hit"], result["share_of_customers"]) == (
        4, 3, "75.00",
    )  # fmt: skip


def test_its_period_is_left_out_and_todays_segments_count(api):
    api.put("/segments/vip", {"name": "vip"})
    order(api, "o1", "c1", 1000, days_ago=3)
    order(api, "o2", "c2", 1000, days_ago=3)
    api.put("/segments/vip/members", {"customer_ids": ["c2"]})
    promotion(api, "p", audience={"segments": ["vip"]}, schedule={"starts_at": NOON + DAY})
    result = forecast(api, "p")
    assert (result["orders"], result["orders_hit"]) == (2, 1)


def test_which_order_it_is_counts_as_of_then(api):
    promotion(api, "p", conditions={"nth_order": 2})
    for nth in range(3):
        order(api, f"o{nth}", "c1", 1000 + nth, days_ago=9 - nth)
    result = forecast(api, "p")
    assert (result["orders_hit"], result["worst_basket"]["order_id"]) == (1, "o1")


def test_the_worst_basket_and_the_weeks(api):
    promotion(api, "p", {"kind": "fixed_amount", "amount": 300}, currency="EUR")
    order(api, "o1", "c1", 1000, days_ago=1)
    order(api, "o2", "c2", 400, days_ago=8)
    order(api, "o3", "c2", 900, days_ago=8)
    result = forecast(api, "p")
    assert result["worst_basket"] == {
        "order_id": "o2", "currency": "EUR", "subtotal": 400, "shipping_amount": 0,
        "discount": 300, "share": "75.00",
    }  # fmt: skip
    assert result["weeks"] == [
        {"starts_on": "2026-03-02", "orders": 2, "orders_hit": 2, "cost": {"EUR": 600}},
        {"starts_on": "2026-03-09", "orders": 1, "orders_hit": 1, "cost": {"EUR": 300}},
    ]


def test_by_itself_its_limits_are_counted_apart(api):
    """Beside a better one it is given once; by itself it would have been used up."""
    promotion(api, "p", limits={"redemptions": 2}, stacking={"group": "g"})
    promotion(api, "better", FIFTH, status="active", activation="automatic",
              stacking={"group": "g"}, conditions={"min_subtotal": 1000}, currency="EUR")  # fmt: skip
    for nth, amount in enumerate((1000, 2000, 3000, 400)):
        order(api, f"o{nth}", "c1", amount, days_ago=9 - nth)

    result = forecast(api, "p")

    assert (result["orders_hit"], result["orders_alone"]) == (1, 2)
    assert result["instead"] == [{"promotion_id": "better", "orders": 2}]
    assert (amounts(result)["discount"], amounts(result)["discount_alone"]) == (40, 300)


def test_what_bars_it_took_its_place_not_what_was_given_beside(api):
    promotion(api, "p", stacking={"group": "g"})
    promotion(api, "better", FIFTH, status="active", activation="automatic",
              stacking={"group": "g"})  # fmt: skip
    promotion(api, "beside", TENTH, status="active", activation="automatic")
    order(api, "o1", "c1", 1000, days_ago=3)

    result = forecast(api, "p")

    assert result["instead"] == [{"promotion_id": "better", "orders": 1}]


def test_of_those_that_left_it_nothing_all_took_its_place(api):
    promotion(api, "p", {"kind": "fixed_price", "price": 500}, currency="EUR")
    promotion(api, "cheap", {"kind": "fixed_price", "price": 100}, currency="EUR",
              status="active", activation="automatic", stacking={"priority": 9})  # fmt: skip
    order(api, "o1", "c1", 1000, days_ago=3)

    result = forecast(api, "p")

    assert (result["orders_hit"], result["orders_alone"]) == (0, 1)
    assert result["instead"] == [{"promotion_id": "cheap", "orders": 1}]


def test_what_orders_do_not_keep_is_said_and_matches_no_condition(api):
    promotion(api, "p", conditions={"countries": ["DE"]})
    order(api, "o1", "c1", 1000, days_ago=3)

    result = forecast(api, "p")

    assert result["not_kept"] == ["countries", "payment_methods", "shipping_methods"]
    assert result["orders_hit"] == 0


def test_the_checklist_is_part_of_the_result(api):
    promotion(api, "p", {"kind": "fixed_amount", "amount": 300}, currency="EUR")
    order(api, "o1", "c1", 400, days_ago=1)

    found = forecast(api, "p")["checklist"]

    assert [(each["code"], each["severity"]) for each in found] == [
        ("no_limit", "look"), ("no_budget", "look"), ("worst_basket", "look"),
    ]  # fmt: skip
    assert found[-1]["text"] == {
        "en": "In the worst case all promotions together take 75 % of an order: order o1.",
        "de": "Schlimmstenfalls nehmen alle Aktionen zusammen 75 % einer Bestellung: Bestellung o1.",
    }


def test_nothing_is_given_or_counted(api):
    promotion(api, "p", limits={"redemptions": 3})
    order(api, "o1", "c1", 1000, days_ago=3)
    before = api.get("/promotions/p").body
    forecast(api, "p")
    assert api.get("/promotions/p").body == before
    assert api.get("/promotions/p/report")["redeemed"] == 0


def test_what_cannot_be_is_refused(api):
    promotion(api, "p")
    assert api.post("/promotions/x/forecast", PERIOD).status == 404
    assert api.post("/promotions/p/forecast", {"from": NOON}).pointers == ["/until"]
    turned = {"from": NOON, "until": NOON}
    assert api.post("/promotions/p/forecast", turned).pointers == ["/until"]
    far = {"from": "2026-01-01T00:00:00+20:29", "until": "9999-01-01T00:00:00Z"}
    assert api.post("/promotions/p/forecast", far).pointers == ["/from", "/until"]
