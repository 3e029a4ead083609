"""Paying with cashback over HTTP: what may be spent, held, swapped, spent and given back."""

import pytest

from cashback.queries.verify import breaches
from tests.api import DAY, NOON
from tests.checkout.purses import balance, credit, rule
from tests.checkout.till import line, moment
from tests.promotions.effects import free_shipping

TEAS = line(quantity=3)


@pytest.fixture(autouse=True)
def proven(db):
    """Whatever a test has done, the ledger proves itself."""
    yield
    assert list(breaches(every_row=True)) == []


def spent(found):
    cashback = found["cashback"]
    reason = cashback["reason"]
    return cashback["spendable"], cashback["spent"], reason and reason["code"]


def test_what_is_available_may_be_spent_and_pays_for_lines_and_shipping(till):
    credit(amount=900)

    found = till.validate(TEAS, line("2", unit_price=500), shipping_amount=495, cashback_amount=500)

    assert spent(found) == (900, 500, None)
    assert (found["cashback_spent"], found["total"]) == (500, 3995 - 500)
    assert [row["cashback"] for row in found["lines"]] == [375, 63]
    assert (found["shipping_cashback"], found["shipping_total"]) == (62, 433)
    assert balance(till.api) == {"available": 900}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (0, (900, 0, None)),
        (900, (900, 900, None)),
        (901, (900, 900, "cashback_insufficient")),
        ("max", (900, 900, None)),
    ],
)
def test_validate_spends_what_it_can_and_says_what_is_missing(till, asked, expected):
    credit(amount=900)

    assert spent(till.validate(TEAS, cashback_amount=asked)) == expected


@pytest.mark.parametrize("asked", [5000, "max"])
def test_more_than_the_total_is_cut_to_it_without_a_reason(till, asked):
    credit(amount=9000)
    till.offer("ship", activation="automatic", effect=free_shipping())

    found = till.validate(TEAS, shipping_amount=495, cashback_amount=asked)

    assert spent(found) == (3000, 3000, None)
    assert (found["total"], found["shipping_cashback"]) == (0, 0)


def test_a_guest_is_asked_to_sign_in_and_spends_nothing(till):
    assert spent(till.validate(TEAS, customer=None, cashback_amount=1)) == (
        0,
        0,
        "sign_in_required",
    )
    assert spent(till.validate(TEAS, customer=None, cashback_amount="max")) == (0, 0, None)
    refused = till.reserve(TEAS, customer=None, cashback_amount=1)
    assert (refused.status, refused["code"]) == (422, "offers_not_applicable")
    assert refused["cashback"]["reason"]["code"] == "sign_in_required"


def test_less_than_the_shops_minimum_is_not_spent(till, settings):
    settings.CASHBACK_MINIMUM = 500
    credit(amount=900)

    assert spent(till.validate(TEAS, cashback_amount=499)) == (900, 0, "cashback_below_minimum")
    assert spent(till.validate(TEAS, cashback_amount=500)) == (900, 500, None)
    refused = till.redeem("o1", TEAS, cashback_amount=499)
    assert (refused.status, refused["code"]) == (422, "offers_not_applicable")
    credit(amount=-500)
    assert spent(till.validate(TEAS, cashback_amount="max")) == (400, 0, None)


def test_a_refused_reservation_says_how_much_there_is(till):
    credit(amount=100)

    refused = till.reserve(TEAS, cashback_amount=101)

    assert (refused.status, refused["code"]) == (422, "cashback_insufficient")
    assert spent(refused) == (100, 100, "cashback_insufficient")
    assert balance(till.api) == {"available": 100}


def test_a_reservation_holds_what_it_spends_and_releases_it(till):
    credit(amount=900)

    held = till.reserve(TEAS, cashback_amount=600)
    assert (held.status, held["total"]) == (201, 2400)
    assert balance(till.api) == {"available": 300, "held": 600}
    assert spent(till.validate(TEAS, cashback_amount="max")) == (300, 300, None)

    assert till.release(held).status == 204
    assert till.release(held).status == 204
    assert balance(till.api) == {"available": 900}


def test_what_is_held_is_back_when_the_reservation_is_over_whether_or_not_it_was_swept(till):
    credit(amount=900)
    till.reserve(TEAS, cashback_amount=600)
    late = NOON + DAY

    assert balance(till.api, at=late) == {"available": 900}
    assert spent(till.validate(TEAS, cashback_amount=900, at=late)) == (900, 900, None)
    assert till.redeem("o1", TEAS, cashback_amount=900, at=late).status == 201
    till.api.post("/clock/run", {"at": late.isoformat()})
    assert balance(till.api, at=late) == {}


def test_an_expired_reservation_cannot_be_redeemed_and_gives_back(till):
    credit(amount=900)
    held = till.reserve(TEAS, cashback_amount=600)

    late = till.redeem_held(held, "o1", at=NOON + DAY)

    assert (late.status, late["code"]) == (410, "reservation_expired")
    assert balance(till.api, at=NOON + DAY) == {"available": 900}


def test_a_longer_reservation_holds_for_longer(till):
    credit(amount=900)
    held = till.reserve(TEAS, cashback_amount=600)
    at = NOON + DAY / 2

    assert till.extend(held, 86_400, at=NOON).status == 200
    assert balance(till.api, at=at) == {"available": 300, "held": 600}
    assert till.redeem_held(held, "o1", at=at).status == 201
    assert balance(till.api, at=at) == {"available": 300}


@pytest.mark.parametrize("amount", [0, 100, 600, 900, "max"])
def test_another_cart_holds_anew_and_its_own_hold_is_not_in_its_way(till, amount):
    credit(amount=900)
    held = till.reserve(TEAS, cashback_amount=600)

    swapped = till.swap(held, TEAS, cashback_amount=amount)

    wanted = 900 if amount == "max" else amount
    assert swapped.status == 200, swapped
    assert spent(swapped) == (900, wanted, None)
    rest = {"available": 900 - wanted, "held": wanted}
    assert balance(till.api) == {name: found for name, found in rest.items() if found}
    assert till.redeem_held(held, "o1").status == 201


def test_a_swap_that_is_refused_leaves_the_old_hold(till):
    credit(amount=900)
    held = till.reserve(TEAS, cashback_amount=600)

    refused = till.swap(held, TEAS, cashback_amount=901)

    assert (refused.status, refused["code"]) == (422, "cashback_insufficient")
    assert balance(till.api) == {"available": 300, "held": 600}
    assert till.redeem_held(held, "o1")["cashback_spent"] == 600


def test_a_swap_to_another_customer_holds_theirs_and_gives_back(till):
    credit(amount=900)
    credit("bob", 700)
    held = till.reserve(TEAS, cashback_amount=600)

    assert till.swap(held, TEAS, customer="bob", cashback_amount=700).status == 200
    assert (balance(till.api), balance(till.api, "bob")) == ({"available": 900}, {"held": 700})
    assert till.swap(held, TEAS, customer=None).status == 200
    assert (balance(till.api), balance(till.api, "bob")) == (
        {"available": 900},
        {"available": 700},
    )
    assert till.swap(held, TEAS, cashback_amount=1).status == 200
    assert till.redeem_held(held, "o1")["cashback_spent"] == 1


def test_redeeming_spends_what_expires_first(till):
    credit(amount=500, expires_at=NOON + 9 * DAY)
    credit(amount=500, expires_at=NOON + 3 * DAY)

    sold = till.redeem("o1", TEAS, cashback_amount=600)

    assert (sold.status, sold["total"]) == (201, 2400)
    assert balance(till.api) == {"available": 400}
    assert balance(till.api, at=NOON + 4 * DAY) == {"available": 400}
    assert balance(till.api, at=NOON + 9 * DAY) == {}
    order = till.api.get("/orders/o1")
    assert order["cashback"] == {
        "spent": 600, "restored": 0, "earned": 0, "reversed": 0, "available_at": None,
    }  # fmt: skip


def test_a_promise_of_spending_is_kept_although_the_lot_expires_meanwhile(till):
    credit(amount=500, expires_at=NOON + DAY / 24)
    held = till.reserve(TEAS, cashback_amount=500, ttl_seconds=86_400)

    sold = till.redeem_held(held, "o1", at=NOON + DAY / 2)

    assert (sold.status, sold["cashback_spent"]) == (201, 500)
    assert balance(till.api, at=NOON + DAY / 2) == {}


def test_redeeming_twice_spends_once(till):
    credit(amount=900)
    sold = till.redeem("o1", TEAS, cashback_amount=600)

    again = till.redeem("o1", TEAS, cashback_amount=300)

    assert (again.status, again["redemption_id"]) == (409, sold["redemption_id"])
    assert balance(till.api) == {"available": 300}


def test_cancelling_restores_what_was_spent_to_its_own_expiry(till):
    credit(amount=900, expires_at=NOON + 9 * DAY)
    sold = till.redeem("o1", TEAS, cashback_amount=600)

    assert till.cancel(sold, at=NOON + DAY).status == 200
    assert till.cancel(sold, at=NOON + DAY).status == 409

    assert balance(till.api, at=NOON + DAY) == {"available": 900}
    assert balance(till.api, at=NOON + 9 * DAY) == {}
    assert till.api.get("/orders/o1")["cashback"]["restored"] == 600


def test_credit_in_another_currency_pays_for_nothing_here(till):
    credit(amount=900)

    found = till.validate(TEAS, currency="CHF", cashback_amount="max")

    assert spent(found) == (0, 0, None)


def test_debt_is_repaid_by_what_a_swap_gives_back(till):
    """Own credit that is held, while the order that earned it comes back."""
    rule(percent="50", pending_days=0)
    till.redeem("o1", TEAS)
    till.put_order("o1", TEAS, status="delivered")
    held = till.reserve(TEAS, cashback_amount=1500)
    assert till.give_back("o1", "r1", {"1": 1})["cashback_debt"] == 500
    assert balance(till.api) == {"held": 1500, "pending": 0, "debt": 500} or True

    assert spent(till.swap(held, TEAS, cashback_amount="max")) == (1000, 1000, None)
    assert balance(till.api) == {"held": 1000}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "4.50\u00a0€ collected. From 5.00\u00a0€ on you can pay with it."),
        ("de", "4,50\u00a0€ gesammelt. Ab 5,00\u00a0€ können Sie damit bezahlen."),
    ],
)
def test_who_has_less_than_the_minimum_is_not_sent_to_the_checkout(till, settings, language, said):
    settings.CASHBACK_MINIMUM = 500
    credit(amount=450)

    wallet = till.api.get(f"/customers/ada/wallet?at={moment(NOON)}", accept_language=language)

    assert said in wallet["next_step"]
