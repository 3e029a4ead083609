"""Cashback that staff give or take over REST, and what the shop owes."""

import pytest

from cashback.models import Adjustment, Posting, Wallet
from tests.api import DAY, NOON, Api
from tests.cashback import money

GIFT = {"customer_id": "ada", "currency": "EUR", "amount": 500, "reason": "Late parcel",
        "at": NOON.isoformat()}  # fmt: skip


def test_what_is_given_is_available_until_the_end_of_the_day_in_a_year(api: Api):
    got = api.post("/cashback/adjustments", GIFT)

    assert got.status == 201
    assert got.body == {
        "adjustment_id": got["adjustment_id"], "customer_id": "ada", "currency": "EUR",
        "amount": 500, "reason": "Late parcel", "expires_at": "2027-03-10T23:00:00Z",
        "created_at": "2026-03-10T12:00:00Z", "pending": 0, "available": 500, "held": 0, "debt": 0,
    }  # fmt: skip
    assert got["adjustment_id"].startswith("adj_")
    [entry] = api.get("/customers/ada/cashback/entries")["results"]
    assert (entry["kind"], entry["amount"], entry["reason"]) == ("adjust", 500, "Late parcel")


def test_more_than_a_wallet_holds_is_refused_and_named(api: Api):
    api.post("/cashback/adjustments", GIFT)
    Wallet.objects.update(pending=2**53 - 1000)

    refused = api.post("/cashback/adjustments", GIFT | {"amount": 501}, accept_language="de")

    assert (refused.status, refused.pointers) == (422, ["/amount"])
    assert refused["errors"][0]["detail"] == "So viel fasst kein Konto."
    assert Adjustment.objects.count() == 1
    assert api.post("/cashback/adjustments", GIFT).status == 201


@pytest.mark.parametrize(
    "sign", ["\n", "\r", "\t", "\x1b", "\x7f", "\u0085", "\u2028", "\u202e", "\u2066"]
)
def test_a_reason_is_one_line_of_plain_text(api: Api, sign):
    refused = api.post("/cashback/adjustments", GIFT | {"reason": f"Late{sign}parcel"})

    assert (refused.status, refused.pointers) == (422, ["/reason"])
    assert not Adjustment.objects.exists()


def test_it_may_end_sooner(api: Api):
    ends = (NOON + DAY).isoformat()
    assert api.post("/cashback/adjustments", GIFT | {"expires_at": ends})["expires_at"] == (
        "2026-03-11T12:00:00Z"
    )


def test_what_is_taken_is_below_zero_and_no_more_than_is_available(api: Api):
    api.post("/cashback/adjustments", GIFT)
    too_much = api.post("/cashback/adjustments", GIFT | {"amount": -501})
    assert (too_much.status, too_much["code"]) == (422, "cashback_insufficient")
    taken = api.post("/cashback/adjustments", GIFT | {"amount": -500})
    assert (taken.status, taken["available"], taken["expires_at"]) == (201, 0, None)


def test_taking_from_a_customer_who_has_nothing_makes_nobody(api: Api):
    got = api.post("/cashback/adjustments", GIFT | {"amount": -1})
    assert (got.status, got["code"]) == (422, "cashback_insufficient")
    assert api.get("/customers/ada").status == 404
    assert not Wallet.objects.exists()


def test_what_is_given_repays_debt_first(api: Api):
    ada = money.customer("ada")
    bought = money.buy(ada, money.kept_rule(percent="50"), paid_at=NOON)
    money.pay_with(ada, 500, now=NOON + 14 * DAY)
    money.cancel(bought.order_key, ada, now=NOON + 15 * DAY)
    later = {"at": (NOON + 16 * DAY).isoformat()}
    got = api.post("/cashback/adjustments", GIFT | later | {"amount": 200})
    assert (got["debt"], got["available"], got["expires_at"]) == (300, 0, None)
    got = api.post("/cashback/adjustments", GIFT | later | {"amount": 400})
    assert (got["debt"], got["available"]) == (0, 100)
    assert got["expires_at"] is not None


def test_a_key_is_required_and_a_repetition_gives_once(api: Api):
    missing = api.call("POST", "/cashback/adjustments", GIFT)
    assert (missing.status, missing["code"]) == (400, "idempotency_key_required")
    key = "adjustment-4711-1"
    first = api.post("/cashback/adjustments", GIFT, idempotency_key=key)
    again = api.post("/cashback/adjustments", GIFT, idempotency_key=key)
    assert again.raw == first.raw
    assert again.headers["Idempotency-Replayed"] == "true"
    other = api.post("/cashback/adjustments", GIFT | {"amount": 1}, idempotency_key=key)
    assert (other.status, other["code"]) == (422, "idempotency_key_reused")
    assert Posting.objects.count() == 1


def test_that_there_was_too_little_is_kept_as_well(api: Api):
    key = "adjustment-4711-2"
    first = api.post("/cashback/adjustments", GIFT | {"amount": -1}, idempotency_key=key)
    api.post("/cashback/adjustments", GIFT)
    again = api.post("/cashback/adjustments", GIFT | {"amount": -1}, idempotency_key=key)
    assert again.raw == first.raw


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"amount": 0}, "/amount"),
        ({"amount": 1.5}, "/amount"),
        ({"amount": "5"}, "/amount"),
        ({"amount": 10**12 + 1}, "/amount"),
        ({"reason": ""}, "/reason"),
        ({"reason": "  "}, "/reason"),
        ({"reason": None}, "/reason"),
        ({"reason": "x" * 256}, "/reason"),
        ({"currency": "euro"}, "/currency"),
        ({"customer_id": None}, "/customer_id"),
        ({"customer_id": "a b"}, "/customer_id"),
        ({"expires_at": NOON.isoformat()}, "/expires_at"),
        ({"expires_at": "2500-01-01T00:00:00Z"}, "/expires_at"),
        ({"expires_at": "2027-01-01T00:00:00"}, "/expires_at"),
        ({"amount": -1, "expires_at": "2027-01-01T00:00:00Z"}, "/expires_at"),
        ({"note": "x"}, "/note"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(api: Api, fields: dict, pointer: str):
    got = api.post("/cashback/adjustments", GIFT | fields)
    assert (got.status, got.pointers) == (422, [pointer])
    assert not Adjustment.objects.exists()
    assert not Wallet.objects.exists()


def test_the_liability_is_the_sum_of_what_the_customers_have(api: Api):
    rule = money.kept_rule(percent="10")
    for name, currency in (("ada", "EUR"), ("bob", "EUR"), ("bob", "CHF")):
        customer = money.customer(name)
        money.buy(customer, rule, currency=currency, paid_at=NOON)
        money.buy(customer, rule, currency=currency)
    money.give(money.customer("ada"), 70, now=NOON)
    money.hold(money.customer("ada"), 30, now=NOON, expires_at=NOON + DAY)

    for days in (0, 2, 14, 20, 60, 200, 366, 400):
        at = (NOON + days * DAY).isoformat().replace("+", "%2B")
        told = api.get(f"/cashback/liability?at={at}")["currencies"]
        sums: dict = {}
        for name in ("ada", "bob"):
            for balance in api.get(f"/customers/{name}/cashback?at={at}")["balances"]:
                of = sums.setdefault(balance["currency"], [0, 0, 0, 0])
                for place, account in enumerate(("available", "pending", "held", "debt")):
                    of[place] += balance[account]
        names = ("outstanding", "pending", "held", "debt")
        assert {row["currency"]: [row[name] for name in names] for row in told} == sums
        for row in told:
            assert sum(part["amount"] for part in row["expiring"]) == row["outstanding"]
            assert sum(part["amount"] for part in row["ageing"]) == row["outstanding"]


def test_the_liability_says_in_which_month_it_ends_and_how_old_it_is(api: Api):
    ada = money.customer("ada")
    money.buy(ada, money.kept_rule(percent="10"), paid_at=NOON)
    money.give(ada, 70, now=NOON)
    at = (NOON + 40 * DAY).isoformat().replace("+", "%2B")
    [told] = api.get(f"/cashback/liability?at={at}")["currencies"]
    assert told == {
        "currency": "EUR", "outstanding": 170, "pending": 0, "held": 0, "debt": 0,
        "expiring": [{"month": "2027-03", "amount": 170}],
        "ageing": [{"from_days": 0, "amount": 100}, {"from_days": 31, "amount": 70}],
    }  # fmt: skip


def test_where_nobody_has_anything_nothing_is_owed(api: Api):
    assert api.get("/cashback/liability").body == {"currencies": []}


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "4.50\u00a0€ is available."), ("de", "Verfügbar sind 4,50\u00a0€.")],
)
def test_who_takes_too_much_hears_how_much_there_is(api: Api, language, told):
    api.post("/cashback/adjustments", GIFT | {"amount": 450})

    refused = api.post("/cashback/adjustments", GIFT | {"amount": -500}, accept_language=language)

    assert (refused.status, refused["code"], refused["detail"]) == (
        422, "cashback_insufficient", told,
    )  # fmt: skip
