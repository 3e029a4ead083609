"""A week in a tea club: who is of it has free shipping, a day of its own and the cups before others.

Everything goes over HTTP and is written down; from that log alone another program, written from the
contract, works out each price, each wallet and each report.
"""

import itertools
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.api import make_key
from tests.stories.written import Notebook, Shop

MONDAY = datetime(2026, 3, 9, 8, tzinfo=UTC)
DAY = timedelta(days=1)
MONEY = (
    "subtotal", "item_discount", "shipping_discount", "shipping_total", "discount_total", "total",
)  # fmt: skip
CLUB = {"audience": {"segments": ["club"]}, "activation": "automatic"}
EARLY, FOR_ALL = MONDAY + 2 * DAY, MONDAY + 4 * DAY
CUPS = {
    "effect": {"kind": "fixed_amount", "amount": 200, "on": "unit"},
    "items": {"include": {"categories": ["cups"]}},
    "stacking": {"group": "cups"},
}
PROMOTIONS = {
    "club-shipping": {"effect": {"kind": "free_shipping"}, **CLUB},
    "club-day": {
        "effect": {"kind": "percentage", "percent": "15"},
        "schedule": {"weekly": [{"days": [2], "from": "08:00", "until": "22:00"}]},
        **CLUB,
    },
    "cups-early": {**CUPS, **CLUB, "schedule": {"starts_at": EARLY.isoformat()}},
    "cups": {**CUPS, "activation": "automatic", "schedule": {"starts_at": FOR_ALL.isoformat()}},
    "hello": {
        "effect": {"kind": "fixed_amount", "amount": 300},
        "activation": "code",
        "audience": {"registered": True},
        "limits": {"per_customer": 1, "redemptions": 2},
    },
    "thanks": {
        "effect": {"kind": "percentage", "percent": "10"},
        "activation": "code",
        "schedule": {"ends_at": (MONDAY + 6 * DAY).isoformat()},
        "limits": {"discount_budget": 100_000},
    },
}
PEOPLE = {
    "ada": {"registered_at": "2026-01-05T09:00:00+01:00"},
    "bob": {"registered_at": "2026-02-01T09:00:00+01:00"},
    "cleo": {},
}
CODES = [
    ("hello", {"code": "HELLO-26"}),
    ("thanks", {"code": "ADA-1", "customer_id": "ada"}),
    ("thanks", {"code": "ADA-2", "customer_id": "ada",
        "valid_from": (MONDAY + 3 * DAY).isoformat()}),
    ("thanks", {"code": "BOB-1", "customer_id": "bob", "max_redemptions": 2}),
    ("thanks", {"code": "CLEO-1", "customer_id": "cleo"}),
    ("thanks", {"code": "FORGOTTEN", "customer_id": "cleo",
        "valid_until": (MONDAY + 2 * DAY).isoformat()}),
]  # fmt: skip


def open_shop(shop):
    """The club, its offers, and who is there on Monday."""
    plan = {"name": {"en": "Tea club"}, "price": 4900, "currency": "EUR", "period": "year"}
    shop.do("PUT", "/membership-plans/club", plan, at=MONDAY)
    rule = {"field": "membership", "op": "in", "value": ["club"]}
    segment = {"name": "Tea club", "kind": "dynamic", "rule": rule}
    shop.do("PUT", "/segments/club", segment, at=MONDAY)
    for name, profile in PEOPLE.items():
        shop.do("PUT", f"/customers/{name}", profile, at=MONDAY)
    for name, body in PROMOTIONS.items():
        shape = {"name": name, "status": "active", "currency": "EUR", **body}
        shop.do("PUT", f"/promotions/{name}", shape, at=MONDAY)
    for promotion, body in CODES:
        shop.do("POST", f"/promotions/{promotion}/codes", body, at=MONDAY)
    starts = (MONDAY + timedelta(hours=4)).isoformat()
    ends = (MONDAY + 5 * DAY).isoformat()
    membership = {"starts_at": starts, "ends_at": ends}
    shop.do("PUT", "/customers/ada/memberships/club", membership, at=MONDAY)


def live(shop, chance):
    """Seven days: everybody looks, some buy, few change their minds; Bob joins, and leaves."""
    orders = itertools.count(1)
    for day, hour in itertools.product(range(7), (0, 5, 11)):
        at = MONDAY + day * DAY + timedelta(hours=hour)
        if (day, hour) == (3, 5):
            body = {"starts_at": at.isoformat()}
            shop.do("PUT", "/customers/bob/memberships/club", body, at=at)
        if (day, hour) == (6, 5):
            shop.do("DELETE", "/customers/bob/memberships/club", at=at)
        for name in PEOPLE:
            shop.do("GET", f"/customers/{name}/wallet", at=at)
            cart = drawn_cart(name, chance)
            shop.do("POST", "/checkout/validate", cart, at=at)
            if chance.random() < 0.4:
                order = {"order_id": f"o{next(orders)}"}
                sold = shop.do("POST", "/checkout/redemptions", cart | order, at=at)
                if sold.status == 201 and chance.random() < 0.3:
                    path = f"/checkout/redemptions/{sold['redemption_id']}/cancel"
                    shop.do("POST", path, at=at + timedelta(minutes=1))


def drawn_cart(name, chance):
    """Tea and cups, with codes that are one's own or somebody's, or none."""
    lines = [
        {"line_id": "1", "sku": "SENCHA", "categories": ["tea"],
            "quantity": chance.randint(1, 3), "unit_price": 1490},
        {"line_id": "2", "sku": "CUP", "categories": ["cups"],
            "quantity": chance.randint(1, 4), "unit_price": 950},
    ]  # fmt: skip
    codes = chance.choice(
        [[], ["hello26"], [f"{name}-1"], [f"{name} 2"], ["hello 26", f"{name}-1"], ["ADA-1"]]
    )
    return {
        "customer_id": name, "currency": "EUR", "shipping_amount": 490,
        "lines": chance.choice([lines, lines[:1], lines[1:]]), "codes": codes,
    }  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_prices_wallets_and_reports_of_a_week_follow_from_its_calls(db, clock, seed):
    shop = Notebook(make_key())
    open_shop(shop)
    live(shop, random.Random(seed))
    told, expected = Shop(), {name: Counter() for name in PROMOTIONS}
    seen = Counter()

    for call in list(shop.calls):
        match call.method, *call.path:
            case "GET", "customers", customer, "wallet":
                seen.update(check_wallet(call, told, customer))
            case "POST", "checkout", ("validate" | "redemptions") as kind:
                check_price(call, told, expected, kind)
        assert call.status < 500, call
        told.take(call)

    assert {"usable", "upcoming", "used", "expired"} <= seen.keys(), "the week has seen each"
    check_benefits(shop.calls)
    end = MONDAY + 8 * DAY
    for name in PROMOTIONS:
        check_report(shop.do("GET", f"/promotions/{name}/report", at=end), told, expected[name])


def check_wallet(call, told, customer):
    """What the page showed is what follows from all calls before it; the statuses that it showed."""
    codes, offers = told.wallet(customer, call.at)
    assert sorted(map(row_of, call.answer["codes"]), key=str) == codes, (customer, call.at)
    assert sorted(map(row_of, call.answer["offers"]), key=str) == offers, (customer, call.at)
    period = told.memberships.get((customer, "club"))
    begins = period and datetime.fromisoformat(period["starts_at"])
    ends = period and period.get("ends_at") and datetime.fromisoformat(period["ends_at"])
    expected = []
    if begins and (not ends or max(call.at, begins) < ends):
        expected = [("club", "active" if begins <= call.at else "upcoming")]
    shown = [(row["plan_id"], row["status"]) for row in call.answer["memberships"]]
    assert shown == expected
    assert call.answer["cashback"] == []
    return [row["status"] for row in call.answer["codes"]]


def row_of(row):
    until = row["valid_until"] and datetime.fromisoformat(row["valid_until"])
    return row.get("code"), row["promotion_id"], row["status"], until


def check_price(call, told, expected, kind):
    """The answer is that of the policy; counted for the reports as the contract counts."""
    cart = {name: value for name, value in call.body.items() if name != "order_id"}
    wanted = told.price(cart, call.at)
    refused = [row for row in wanted["codes"] if row["status"] == "inapplicable"]
    for row in refused:
        if row["promotion_id"] is not None:
            expected[row["promotion_id"]][f"refused {row['reason']}"] += 1
    for name, why in told.refused_automatic(cart, call.at):
        expected[name][f"refused {why}"] += 1
    if kind == "validate":
        for name in wanted["candidates"]:
            is_applied = name in {row["promotion_id"] for row in wanted["applied"]}
            expected[name]["validated" if is_applied else "left_out"] += 1
    elif refused:
        assert call.status == 422, call
        return
    assert call.status in (200, 201), call
    assert {name: call.answer[name] for name in MONEY} == {name: wanted[name] for name in MONEY}
    assert applied_of(call.answer) == applied_of(wanted)
    assert [(row["status"], row["promotion_id"]) for row in call.answer["codes"]] == [
        (row["status"], row["promotion_id"]) for row in wanted["codes"]
    ]


def applied_of(answer):
    return [(row["promotion_id"], row["code"], row["amount"]) for row in answer["applied"]]


def check_benefits(calls):
    """In plain words: what members had and others had not."""
    priced = [call for call in calls if call.path == ("checkout", "validate")]

    def got(promotion):
        return {
            (call.body["customer_id"], (call.at - MONDAY).days)
            for call in priced
            if promotion in {row["promotion_id"] for row in call.answer["applied"]}
        }

    assert {name for name, _ in got("club-shipping")} == {"ada", "bob"}
    assert {day for name, day in got("club-shipping") if name == "ada"} == {0, 1, 2, 3, 4}
    assert {day for name, day in got("club-shipping") if name == "bob"} <= {3, 4, 5, 6}
    assert got("club-day") == {("ada", 1)}, "Tuesday is the members' day, and Bob joined later"
    assert all(day >= 2 for _, day in got("cups-early"))
    assert {day for _, day in got("cups")} <= {4, 5, 6}
    assert "cleo" in {name for name, _ in got("cups")}


def check_report(report, told, expected):
    """Every figure from the calls alone."""
    name = report["promotion_id"]
    sold = [(call, cancelled) for call, cancelled in told.sold.values() if name in used(call)]
    standing = [call for call, is_cancelled in sold if not is_cancelled]
    figures = {
        "issued": sum(row["promotion_id"] == name for row in told.codes.values()),
        "validated": expected["validated"],
        "left_out": expected["left_out"],
        "redeemed": len(standing),
        "cancelled": len(sold) - len(standing),
        "given_back": len(sold) - len(standing),
        "returned": 0,
        "discount": sum(used(call)[name] for call in standing),
        "revenue": sum(call.answer["total"] for call in standing),
    }
    refused = {why[8:]: n for why, n in expected.items() if why.startswith("refused ")}
    assert report["refused_by_reason"] == refused, name
    assert report["refused"] == sum(refused.values())
    assert {figure: report[figure] for figure in figures} == figures, name


def used(call):
    return {row["promotion_id"]: row["amount"] for row in call.answer["applied"]}
