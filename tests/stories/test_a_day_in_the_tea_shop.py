"""A day in the tea shop: a welcome, a code that is not one's own, a change of mind, a return."""

from datetime import timedelta

from promotions.queries.verify import limit_breaches
from tests.api import DAY, NOON, Api
from tests.checkout.till import Till, line, merged

MORNING = NOON - timedelta(hours=3)
EVENING = NOON + timedelta(hours=6)

SENCHA = line("1", sku="SENCHA", quantity=2, unit_price=1490)
POT = line("2", sku="POT", categories=["pots"], unit_price=3900)
CUP = line("3", sku="CUP", categories=["cups"], unit_price=900)

WELCOME = {
    "title": {"de": "10 % zum Kennenlernen", "en": "10 % to get acquainted"},
    "effect": {"kind": "percentage", "percent": "10"},
    "conditions": {"nth_order": 1},
    "limits": {"per_customer": 1},
}
HAPPY_HOUR = {
    "title": {"de": "5 € am Abend", "en": "5 € in the evening"},
    "effect": {"kind": "fixed_amount", "amount": 500},
    "items": {"include": {"categories": ["tea", "pots"]}},
    "conditions": {"min_subtotal": 5000},
    "schedule": {
        "timezone": "Europe/Berlin",
        "weekly": [{"days": [2], "from": "18:00", "until": "21:00"}],
    },
    "limits": {"discount_budget": 1000},
}


def test_a_day_in_the_tea_shop(api: Api):
    till = Till(api)

    # In the morning the staff set up two offers and write Ada a code of her own.
    till.offer("welcome", **WELCOME)
    till.offer("evening", activation="automatic", **HAPPY_HOUR)
    till.issue("ADA-WELCOME", "welcome", customer_id="ada")

    # Bob has heard of Ada's code. It is not his, and he learns nothing else.
    assert till.why(SENCHA, codes=["ADA-WELCOME"], customer="bob", at=MORNING) == "code_not_valid"

    # Ada looks at her tea: the code takes a tenth, and the evening is still to come.
    looked = till.validate(SENCHA, POT, codes=["ada welcome"], at=MORNING)
    assert (looked["discount_total"], looked["total"]) == (688, 6192)
    assert looked["nearly"] == []

    # In the evening 5 € more are taken. She goes to pay, and all is held for her.
    held = till.reserve(SENCHA, POT, codes=["ada welcome"], shipping_amount=490, at=EVENING)
    assert {row["promotion_id"]: row["amount"] for row in held["applied"]} == {
        "evening": 500,
        "welcome": 638,
    }
    assert held["total"] == 6880 - 1138 + 490

    # She adds a cup, which takes part in her welcome but not in the evening.
    swapped = till.swap(
        held, SENCHA, POT, CUP, codes=["ada welcome"], shipping_amount=490, at=EVENING
    )
    assert swapped["total"] == 7780 - 500 - 728 + 490

    # Meanwhile the staff end the welcome. Ada keeps the price that she was promised.
    till.offer("welcome", **merged(WELCOME, {"status": "archived"}))
    sold = till.redeem_held(held, "order-1", at=EVENING)
    assert sold["total"] == swapped["total"]
    assert till.code("ADA-WELCOME", "welcome") == (1, 0)

    # Bob takes what is left of the evening's budget; Carla comes too late for it.
    assert till.redeem("order-2", SENCHA, POT, customer="bob", at=EVENING)["discount_total"] == 500
    assert till.redeem("order-3", SENCHA, POT, customer="carla", at=EVENING)["applied"] == []

    # The parcel leaves, so nothing can be cancelled any more; but the cup comes back broken.
    tomorrow = EVENING + DAY
    shipped = till.put_order(
        "order-1", SENCHA, POT, CUP, status="shipped", shipping_amount=490, at=tomorrow
    )
    assert shipped.status == 200, shipped
    assert till.cancel(sold, at=tomorrow)["code"] == "state_transition_not_allowed"
    cup = sold["lines"][2]
    back = till.give_back("order-1", "broken-cup", {"3": 1}, at=tomorrow)
    assert back["refund_amount"] == 900 - cup["discount"]
    assert back["codes_restored"] == []

    # Then she sends back all of it: to the cent what she paid, and the evening's 5 € are free again.
    rest = till.give_back("order-1", "all-the-rest", {"1": 2, "2": 1}, shipping=True, at=tomorrow)
    assert back["refund_amount"] + rest["refund_amount"] == sold["total"]
    assert rest["codes_restored"] == ["ADA-WELCOME"]
    week_later = EVENING + 7 * DAY
    assert till.validate(SENCHA, POT, customer="carla", at=week_later)["discount_total"] == 500

    # Whoever asks why finds the answer, and the counters agree with what they count.
    why = api.get(f"/decisions/{looked['decision_id']}")["decision"]
    outcomes = {row["promotion_id"]: row["outcome"] for row in why["promotions"]}
    assert outcomes == {"welcome": "applied", "evening": "refused"}
    assert limit_breaches() == []
