"""What became of a promotion: every figure worked out by hand, told by the very next call."""

from datetime import UTC, datetime, timedelta

import pytest

from checkout.models import Decision
from tests.api import DAY, HOUR, NOON, Api, Got, make_key
from tests.checkout.till import Till, line, moment

PERCENT = {"kind": "percentage", "percent": "10"}


def report(till: Till, promotion_id: str = "tea", *, at: datetime = NOON) -> Got:
    got = till.api.get(f"/promotions/{promotion_id}/report?at={moment(at)}")
    assert got.status == 200, got
    return got


def some(got: Got, *names: str) -> dict:
    return {name: got[name] for name in names}


def test_a_promotion_of_which_nobody_heard_has_nothing_to_tell(till: Till):
    till.offer()

    assert report(till).body == {
        "promotion_id": "tea", "currency": "EUR", "at": "2026-03-10T12:00:00Z",
        "issued": 0, "validated": 0, "left_out": 0, "refused": 0, "refused_by_reason": {},
        "redeemed": 0, "cancelled": 0, "given_back": 0,
        "returned": 0, "returned_units": 0, "refunded_amount": 0, "discount": 0, "revenue": 0,
        "by_currency": [],
        "budget": None, "budget_spent": None, "budget_held": None, "budget_left": None,
        "budget_per_day": None, "budget_gone_at": None,
    }  # fmt: skip


def test_a_week_of_it(till: Till):
    till.offer(
        code="TEA-2026",
        limits={"discount_budget": 3000},
        conditions={"min_subtotal": 2000},
        effect={"kind": "fixed_amount", "amount": 300},
    )
    till.offer("more", code="MORE-2026", effect={"kind": "fixed_amount", "amount": 400})
    codes = ["TEA-2026"]
    # Monday: two look, one of them too early in the basket, one buys three packets and ships them.
    monday = datetime(2026, 3, 9, 9, tzinfo=UTC)
    till.validate(codes=codes, at=monday)
    till.validate(line(quantity=1), codes=codes, at=monday)
    assert till.redeem("o1", codes=codes, at=monday, shipping_amount=495).status == 201
    # Tuesday: two more buy; one returns a packet, one is cancelled.
    assert till.redeem("o2", line(quantity=5), codes=codes, customer="bob").status == 201
    third = till.redeem("o3", codes=codes, customer="eve")
    assert till.give_back("o2", "r1", {"1": 1}).status == 201
    assert till.cancel(third).status == 200
    # And one holds a cart.
    assert till.reserve(codes=codes, customer="eve").status == 201
    # A foreign currency and the better offer of the same group do not fit.
    till.validate(codes=codes, currency="USD")

    got = report(till, at=NOON)

    assert some(got, "issued", "validated", "refused", "refused_by_reason") == {
        "issued": 1,
        "validated": 1,
        "refused": 2,
        "refused_by_reason": {"currency_not_supported": 1, "min_order_not_met": 1},
    }
    assert some(got, "redeemed", "cancelled", "given_back") == {
        "redeemed": 2,
        "cancelled": 1,
        "given_back": 1,
    }
    # 3 x 10.00 + 4.95 - 3.00 and 5 x 10.00 - 3.00; a packet of the second comes back at 9.40.
    assert some(got, "discount", "revenue") == {"discount": 600, "revenue": 3195 + 4700}
    assert some(got, "returned", "returned_units", "refunded_amount") == {
        "returned": 1,
        "returned_units": 1,
        "refunded_amount": 940,
    }
    assert some(got, "budget", "budget_spent", "budget_held", "budget_left") == {
        "budget": 3000,
        "budget_spent": 600,
        "budget_held": 300,
        "budget_left": 2100,
    }
    # It was given away since Monday 0:00 in Berlin: 37 hours, of which 600 / 37 * 24 = 389 a day;
    # 2100 are gone after 2100 / 600 * 37 h = 129.5 h.
    assert got["budget_per_day"] == 389
    assert got["budget_gone_at"] == "2026-03-15T21:30:00Z"
    assert got["by_currency"] == [
        {
            "currency": "EUR", "redeemed": 2, "cancelled": 1, "given_back": 1, "returned": 1,
            "returned_units": 1, "refunded_amount": 940, "discount": 600, "revenue": 7895,
        }
    ]  # fmt: skip
    assert some(report(till, "more"), "issued", "validated", "redeemed") == {
        "issued": 1,
        "validated": 0,
        "redeemed": 0,
    }


def test_a_redemption_is_told_by_the_very_next_call(till: Till):
    till.offer(code="TEA-2026")
    for number in range(1, 4):
        assert till.redeem(f"o{number}", codes=["TEA-2026"]).status == 201
        assert report(till)["redeemed"] == number


def test_what_was_good_but_left_for_something_better_is_not_refused(till: Till):
    till.offer(code="TEA-2026", stacking={"group": "g"})
    till.offer(
        "more",
        code="MORE-2026",
        effect={"kind": "fixed_amount", "amount": 400},
        stacking={"group": "g"},
    )

    till.validate(codes=["TEA-2026", "MORE-2026"])

    names = ("validated", "left_out", "refused")
    assert some(report(till), *names) == {"validated": 0, "left_out": 1, "refused": 0}
    assert some(report(till, "more"), *names) == {"validated": 1, "left_out": 0, "refused": 0}


def test_each_refused_code_of_a_call_counts_and_a_strangers_code_is_nobodys(till: Till):
    till.offer(code="TEA-2026")
    till.issue("TEA-OLD", valid_until="2026-01-01T00:00:00Z")
    till.issue("BOBS-OWN", customer_id="bob")
    till.issue("TEA-OFF")
    till.change_code("TEA-OFF", status="disabled")

    till.validate(codes=["TEA-OLD", "TEA-OFF", "BOBS-OWN", "NO-SUCH-CODE", "TEA-2026"])

    got = report(till)
    assert some(got, "issued", "validated", "refused", "refused_by_reason") == {
        "issued": 4,
        "validated": 1,
        "refused": 2,
        "refused_by_reason": {"code_disabled": 1, "code_expired": 1},
    }


def test_reservations_and_redemptions_that_are_refused_count_as_refused(till: Till):
    till.offer(code="TEA-2026", limits={"redemptions": 1})
    till.redeem("o1", codes=["TEA-2026"])
    assert till.reserve(codes=["TEA-2026"]).status == 422
    assert till.redeem("o2", codes=["TEA-2026"]).status == 422

    assert some(report(till), "validated", "refused_by_reason", "redeemed") == {
        "validated": 0,
        "refused_by_reason": {"usage_limit_reached": 2},
        "redeemed": 1,
    }


def test_an_automatic_promotion_counts_the_carts_that_miss_it(till: Till):
    till.offer(activation="automatic", conditions={"min_quantity": 4})

    for quantity in (3, 4, 5):
        till.validate(line(quantity=quantity))
    till.redeem("o1", line(quantity=2))

    got = report(till)
    assert some(got, "validated", "refused_by_reason", "redeemed") == {
        "validated": 2,
        "refused_by_reason": {"min_quantity_not_met": 2},
        "redeemed": 0,
    }


def test_of_several_currencies_amounts_are_told_by_currency_only(till: Till):
    till.offer(code="TEA-2026", currency=None, effect=PERCENT)
    assert report(till)["currency"] is None
    till.redeem("o1", codes=["TEA-2026"])
    got = report(till)
    assert some(got, "currency", "discount", "revenue") == {
        "currency": "EUR",
        "discount": 300,
        "revenue": 2700,
    }

    till.redeem("o2", line(unit_price=5000), codes=["TEA-2026"], currency="JPY")

    got = report(till)
    assert some(got, "currency", "redeemed", "discount", "revenue", "refunded_amount") == {
        "currency": None,
        "redeemed": 2,
        "discount": None,
        "revenue": None,
        "refunded_amount": None,
    }
    told = [(row["currency"], row["discount"], row["revenue"]) for row in got["by_currency"]]
    assert told == [("EUR", 300, 2700), ("JPY", 500, 4500)]


def test_returning_everything_gives_the_use_back_and_is_one_returned_order(till: Till):
    till.offer(code="TEA-2026", limits={"discount_budget": 1000})
    till.redeem("o1", codes=["TEA-2026"], shipping_amount=500)
    for name, units in (("r1", {"1": 1}), ("r2", {"1": 2})):
        assert till.give_back("o1", name, units).status == 201
    assert till.give_back("o1", "r3", {}, shipping=True).status == 201

    got = report(till)

    assert some(got, "redeemed", "given_back", "returned", "returned_units") == {
        "redeemed": 1,
        "given_back": 1,
        "returned": 1,
        "returned_units": 3,
    }
    # The discount was given and taken back with the goods: the budget has it again.
    assert some(got, "discount", "refunded_amount", "budget_spent", "budget_left") == {
        "discount": 300,
        "refunded_amount": 3200,
        "budget_spent": 0,
        "budget_left": 1000,
    }


def test_shipping_alone_is_money_back_but_no_returned_order(till: Till):
    till.offer(code="TEA-2026")
    till.redeem("o1", codes=["TEA-2026"], shipping_amount=500)
    till.give_back("o1", "r1", {}, shipping=True)

    assert some(report(till), "returned", "returned_units", "refunded_amount") == {
        "returned": 0,
        "returned_units": 0,
        "refunded_amount": 500,
    }


def test_a_promotion_that_keeps_its_uses_has_spent_what_a_cancelled_order_got(till: Till):
    till.offer(code="TEA-2026", after_cancel="keep", limits={"discount_budget": 1000})
    till.cancel(till.redeem("o1", codes=["TEA-2026"]))

    names = ("redeemed", "cancelled", "given_back", "discount", "revenue", "budget_spent")
    assert some(report(till), *names) == {
        "redeemed": 0,
        "cancelled": 1,
        "given_back": 0,
        "discount": 0,
        "revenue": 0,
        "budget_spent": 300,
    }


def test_an_order_that_the_shop_cancels_is_cancelled_here_too(till: Till):
    till.offer(code="TEA-2026")
    till.redeem("o1", codes=["TEA-2026"])
    assert till.put_order("o1", status="cancelled").status == 200

    assert some(report(till), "redeemed", "cancelled") == {"redeemed": 0, "cancelled": 1}


def test_holds_that_are_due_are_given_back_before_the_budget_is_told(till: Till):
    till.offer(code="TEA-2026", limits={"discount_budget": 1000})
    till.reserve(codes=["TEA-2026"], ttl_seconds=3600)

    held = [report(till, at=NOON + HOUR * hours)["budget_held"] for hours in (0, 1)]

    assert held == [300, 0]


class TestWhenItWillBeGone:
    """At the rate of the last seven days."""

    @pytest.fixture
    def shop(self, till: Till) -> Till:
        till.offer(code="TEA-2026", limits={"discount_budget": 3000})
        return till

    def gone(self, till: Till, *, at: datetime) -> str | None:
        return report(till, at=at)["budget_gone_at"]

    def test_without_a_redemption_nobody_knows(self, shop: Till):
        assert self.gone(shop, at=NOON) is None

    def test_the_first_hours_are_taken_for_a_day(self, shop: Till):
        shop.redeem("o1", codes=["TEA-2026"])

        # 300 in a day, 2700 left: nine days.
        assert self.gone(shop, at=NOON) == "2026-03-19T12:00:00Z"

    def test_what_is_longer_ago_than_seven_days_is_no_rate(self, shop: Till):
        shop.redeem("o1", codes=["TEA-2026"])

        assert self.gone(shop, at=NOON + 6 * DAY) is not None
        assert self.gone(shop, at=NOON + 7 * DAY) is None

    def test_seven_days_of_an_older_promotion_count_from_their_first_midnight(self, shop: Till):
        shop.redeem("o1", codes=["TEA-2026"])
        later = NOON + 20 * DAY  # 30 March: summer time began the day before, in Berlin 14:00
        shop.redeem("o2", codes=["TEA-2026"], at=later)

        # 300 since 24 March 0:00, which is 157 hours; 2400 left: 1256 hours.
        got = report(shop, at=later)
        assert got["budget_per_day"] == 300 * 24 // 157
        assert got["budget_gone_at"] == (later + timedelta(hours=1256)).strftime("%FT%TZ")

    def test_it_is_gone_now_when_nothing_is_left(self, shop: Till):
        shop.offer(limits={"discount_budget": 300})
        shop.redeem("o1", codes=["TEA-2026"])

        assert self.gone(shop, at=NOON + 9 * DAY) == "2026-03-19T12:00:00Z"

    def test_what_would_last_for_centuries_has_no_end(self, shop: Till):
        shop.offer(limits={"discount_budget": 10**12})
        shop.redeem("o1", codes=["TEA-2026"])

        got = report(shop)
        assert (got["budget_gone_at"], got["budget_per_day"]) == (None, 300)


def test_days_are_those_of_the_shop(till: Till):
    from checkout.models import CallDay, PromotionDay

    till.offer(code="TEA-2026")
    late = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    till.redeem("o1", codes=["TEA-2026"], at=late)
    report(till)

    assert [str(row.day) for row in PromotionDay.objects.all()] == ["2026-03-11"]
    assert [str(row.day) for row in CallDay.objects.all()] == ["2026-03-11"]


def test_forgotten_decisions_stay_counted(till: Till):
    till.offer(code="TEA-2026")
    till.validate(codes=["TEA-2026"])
    till.validate(line(), codes=["TEA-2026"])
    before = report(till)
    Decision.objects.all().delete()

    assert report(till).body == before.body
    assert before["validated"] == 2


def test_it_needs_a_promotion_and_the_scope_of_promotions(till: Till, api_without_scope: Api):
    till.offer()

    assert api_without_scope.get("/promotions/tea/report")["code"] == "scope_missing"
    assert Api(make_key("promotions", name="p")).get("/promotions/tea/report").status == 200
    for name in ("nothing", "%00", "a b", "x" * 129):
        missing = till.api.get(f"/promotions/{name}/report")
        assert (missing.status, missing["code"]) == (404, "not_found")
    assert till.api.get("/promotions/tea/report?days=3").pointers == ["/days"]
    assert till.api.get("/promotions/tea/report?at=soon").pointers == ["/at"]
    assert till.api.post("/promotions/tea/report", {}).status == 405
