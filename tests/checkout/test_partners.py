"""Orders of partners over HTTP: by whose rules they earn, and how the checkout says whose they are."""

import pytest

from cashback.queries.verify import breaches
from customers.models import Order
from tests.checkout.purses import balance, partner, rule
from tests.checkout.till import line

TEN = line(quantity=1)


@pytest.fixture(autouse=True)
def proven(db):
    """Whatever a test has done, the ledger proves itself."""
    yield
    assert list(breaches(every_row=True)) == []


@pytest.fixture(autouse=True)
def rules(db):
    """10 % for everybody, and 50 % that beta pays its share of."""
    rule("everybody", percent="10")
    rule("of-beta", percent="50", partner=partner("beta"))


def earned(found):
    return found["cashback"]["earned"]


def test_a_partners_rule_gives_nothing_on_an_order_of_a_partner_who_is_not_registered(till):
    assert earned(till.put_order("o1", TEN, partner_id="unreg")) == 100
    assert earned(till.put_order("o2", TEN, partner_id="beta")) == 500


def test_also_once_that_order_is_redeemed_or_its_reservation_is(till):
    for name in ("o1", "o2"):
        till.put_order(name, TEN, partner_id="unreg", status="placed")

    assert earned(till.redeem("o1", TEN)) == 100
    assert earned(till.redeem_held(till.reserve(TEN), "o2")) == 100


@pytest.mark.parametrize(("partner_id", "earns"), [("unreg", 100), ("beta", 500), (None, 500)])
def test_a_cart_says_whose_order_it_becomes(till, partner_id, earns):
    assert earned(till.validate(TEN, partner_id=partner_id)) == earns
    held = till.reserve(TEN, partner_id=partner_id)

    assert earned(till.redeem("o1", TEN, partner_id=partner_id)) == earns
    assert earned(till.redeem_held(held, "o2")) == earns

    shown = [till.api.get(f"/orders/{name}")["partner_id"] for name in ("o1", "o2")]
    assert shown == [partner_id, partner_id]
    assert balance(till.api) == {"pending": 2 * earns}


def test_a_later_order_without_a_partner_keeps_that_of_the_redemption(till):
    till.redeem("o1", TEN, partner_id="beta")

    assert till.put_order("o1", TEN, partner_id=None, status="paid")["partner_id"] == "beta"
    assert till.put_order("o1", TEN, status="shipped")["partner_id"] == "beta"
    assert Order.objects.get().partner_reference == "beta"


def test_an_order_that_was_told_as_a_partners_stays_theirs_whatever_the_cart_says(till):
    till.put_order("o1", TEN, partner_id="unreg", status="placed")

    assert earned(till.redeem("o1", TEN, partner_id="beta")) == 100
    assert till.api.get("/orders/o1")["partner_id"] == "unreg"


def test_an_order_that_has_earned_keeps_what_it_earned_whatever_is_told_of_it_later(till):
    till.put_order("o1", line(quantity=2), partner_id="beta")

    changed = till.put_order("o1", TEN, partner_id="unreg")

    assert (changed["partner_id"], earned(changed)) == ("unreg", 1000)
    assert balance(till.api) == {"pending": 1000}


@pytest.mark.parametrize("told", ["", "a/b", 7])
def test_a_partner_in_a_cart_has_an_id_of_the_shop(till, told):
    body = {"currency": "EUR", "lines": [TEN], "partner_id": told}
    refused = till.api.post("/checkout/validate", body)

    assert refused.status == 422
    assert [error["pointer"] for error in refused["errors"]] == ["/partner_id"]
