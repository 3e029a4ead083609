"""What a month did to what customers have."""

from tests.api import DAY, NOON, Api
from tests.cashback import money

NOTHING = {
    "earned": 0, "partner_share": 0, "taken_back": 0, "given": 0, "taken": 0, "spent": 0,
    "restored": 0, "paid_out": 0, "expired": 0, "change": 0, "breakage_percent": None,
}  # fmt: skip


def told(api: Api, month: str) -> list[dict]:
    got = api.get(f"/cashback/movements?month={month}")
    assert got.status == 200
    return got["currencies"]


def touch(api: Api, moment) -> None:
    """Book what is due."""
    at = moment.isoformat().replace("+", "%2B")
    api.get(f"/customers/ada/cashback/entries?at={at}")


def test_where_nothing_was_moved_nothing_is_told(api: Api):
    got = api.get("/cashback/movements?month=2026-03")
    assert got.body == {
        "since": "2026-02-28T23:00:00Z", "until": "2026-03-31T22:00:00Z", "currencies": [],
    }  # fmt: skip
    assert api.get("/cashback/movements?month=2026-00").pointers == ["/month"]


def test_a_month_is_told_by_what_happened(api: Api):
    ada, acme = money.customer("ada"), money.kept_partner()
    rule = money.kept_rule(percent="10")
    bought = money.buy(ada, rule, partner=acme, paid_at=NOON)
    money.buy(ada, rule, currency="CHF")
    money.give(ada, 500, now=NOON)
    money.give(ada, -100, now=NOON)
    money.pay_with(ada, 150, now=NOON + DAY)
    money.cancel(bought.order_key, ada, now=NOON + 2 * DAY)

    assert told(api, "2026-03") == [
        NOTHING | {"currency": "CHF", "earned": 100, "change": 100},
        NOTHING | {
            "currency": "EUR", "earned": 100, "partner_share": 50, "taken_back": 100,
            "given": 500, "taken": 100, "spent": 150, "change": 250, "breakage_percent": "0",
        },
    ]  # fmt: skip
    assert told(api, "2026-04") == []

    touch(api, NOON + 400 * DAY)

    assert told(api, "2027-03") == [
        NOTHING | {
            "currency": "EUR", "expired": 250, "change": -250, "breakage_percent": "100",
        },
    ]  # fmt: skip


def test_what_had_expired_and_was_taken_back_is_no_breakage(api: Api):
    ada = money.customer("ada")
    bought = money.buy(ada, money.kept_rule(percent="10"), paid_at=NOON, delivered_at=NOON)
    touch(api, NOON + 500 * DAY)
    money.cancel(bought.order_key, ada, now=NOON + 500 * DAY)
    [row] = told(api, "2027-07")
    assert (row["taken_back"], row["expired"], row["change"]) == (100, -100, 0)


def test_what_was_taken_back_in_money_was_not_spent_as_cashback(api: Api):
    ada = money.customer("ada")
    rule = money.kept_rule(percent="50", clawback="offset_refund")
    bought = money.buy(ada, rule, paid_at=NOON)
    money.pay_with(ada, 500, now=NOON + 14 * DAY)
    money.cancel(bought.order_key, ada, now=NOON + 15 * DAY, refund=1000)
    [row] = told(api, "2026-03")
    assert (row["taken_back"], row["spent"], row["change"]) == (500, 0, 0)


def test_the_changes_of_all_months_are_what_is_owed(api: Api):
    rule = money.kept_rule(percent="10")
    for days, name in ((0, "ada"), (20, "bob"), (50, "ada")):
        money.buy(money.customer(name), rule, paid_at=NOON + days * DAY, now=NOON + days * DAY)
    money.pay_with(money.customer("ada"), 60, now=NOON + 30 * DAY)
    months = ("2026-03", "2026-04", "2026-05")
    changes = [row["change"] for month in months for row in told(api, month)]
    at = (NOON + 80 * DAY).isoformat().replace("+", "%2B")
    [owed] = api.get(f"/cashback/liability?at={at}")["currencies"]
    assert sum(changes) == owed["outstanding"] + owed["pending"] + owed["held"] - owed["debt"]


def test_what_partners_pay_is_not_the_customers(api: Api):
    money.kept_partner("acme")
    paid = {"currency": "EUR", "amount": 30, "reference": "invoice 7", "at": NOON.isoformat()}
    assert api.post("/cashback/partners/acme/settlements", paid).status == 201
    assert told(api, "2026-03") == []
