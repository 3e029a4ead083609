"""Whose code or cashback is worth a mail: it can be spent, soon it ends, and each is told once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from customers.models import Customer
from promotions.models import Code
from tests.api import DAY, HOUR, NOON
from tests.campaigns.due import day_by_day, due, on_day, tell
from tests.cashback.money import buy, cancel, customer, give, hold, kept_rule, pay_with
from tests.checkout.till import Till, line

TICK = timedelta(seconds=10)
CODE = {"kind": "code_expiring", "days_before": 3}
AVAILABLE = {"kind": "cashback_available"}
EXPIRING = {"kind": "cashback_expiring", "days_before": 7}
#: The end of 31 March in Berlin.
END_OF_MARCH = "2026-04-01T00:00:00+02:00"
THREE_BEFORE = date(2026, 3, 28)


@pytest.fixture
def till(api):
    return Till(api)


def names(found):
    return [row.customer for row in found]


# Codes


def offer(till, code="TEA-1", promotion_id="tea", *, holder="ada", until=END_OF_MARCH, **fields):
    till.offer(promotion_id, **fields)
    more = {"customer_id": holder} if holder else {}
    till.issue(code, promotion_id, valid_until=until, **more)


def test_a_code_is_due_so_many_days_before_its_last_day(api, till):
    tell(api)
    offer(till)
    key = Code.objects.get().pk
    (found,) = on_day(CODE, THREE_BEFORE)
    assert found == ("ada", f"code:{key}", THREE_BEFORE, None, key)
    assert len(day_by_day(CODE, NOON, 40)) == 1


def test_its_last_day_is_that_where_the_customer_is(api, till):
    """What ends at 22:00 in London ends at 11:00 of the next day in New Zealand."""
    for name, zone in {"ada": "Europe/London", "bob": "Pacific/Auckland"}.items():
        tell(api, name, timezone=zone)
        offer(till, f"CODE-{name}", holder=name, until="2026-03-31T22:00:00Z")
    assert names(on_day(CODE, THREE_BEFORE)) == ["ada"]
    assert names(on_day(CODE, THREE_BEFORE + DAY)) == ["bob"]


@pytest.mark.parametrize("until", [None, "2026-05-01T00:00:00+02:00"])
def test_a_code_ends_with_its_promotion(api, till, until):
    tell(api)
    offer(till, until=until, schedule={"ends_at": END_OF_MARCH})
    assert names(on_day(CODE, THREE_BEFORE)) == ["ada"]
    assert len(day_by_day(CODE, NOON, 60)) == 1


def test_a_code_that_ends_before_its_promotion_is_due_by_its_own_end(api, till):
    tell(api)
    offer(till, until="2026-03-25T00:00:00+01:00", schedule={"ends_at": END_OF_MARCH})
    assert [row.local_date for row in day_by_day(CODE, NOON, 60)] == [date(2026, 3, 21)]


def test_only_what_can_still_be_used_is_worth_a_mail(api, till):
    tell(api)
    offer(till, "OPEN")
    offer(till, "USED")
    offer(till, "DISABLED")
    till.change_code("DISABLED", status="disabled")
    offer(till, "PAUSED", "paused")
    till.offer("paused", status="paused")
    offer(till, "EVERYBODY", holder=None)
    offer(till, "ENDLESS", until=None)
    assert till.redeem("o1", line(), codes=["USED"]).status == 201
    (found,) = on_day(CODE, THREE_BEFORE)
    assert found.subject == Code.objects.get(code="OPEN").pk


def test_of_a_code_for_two_uses_the_second_is_left(api, till):
    tell(api)
    till.offer()
    till.issue("TWICE", customer_id="ada", valid_until=END_OF_MARCH, max_redemptions=2)
    for order in ("o1", "o2"):
        assert len(on_day(CODE, THREE_BEFORE)) == 1
        assert till.redeem(order, line(), codes=["TWICE"]).status == 201
    assert on_day(CODE, THREE_BEFORE) == []


def test_codes_and_cashback_of_the_erased_are_of_nobody(api, till):
    tell(api)
    offer(till)
    ada = Customer.objects.get().pk
    buy(ada, half(), delivered_at=NOON)
    triggers = [(CODE, NOON + 18 * DAY), (AVAILABLE, NOON), (EXPIRING, NOON + 23 * DAY)]
    assert [len(due(trigger, at - DAY, at)) for trigger, at in triggers] == [1, 1, 1]
    # What an erasure leaves, before or after it has taken codes and money away.
    Customer.objects.update(reference="erased", erased_at=NOON, timezone="", registered_at=None)
    assert [len(due(trigger, at - DAY, at)) for trigger, at in triggers] == [0, 0, 0]


# Cashback


@pytest.fixture
def ada(db):
    return customer()


def half(rule_id="half", **fields):
    """Half of what is paid, at once, for 30 days: on 10 March up to 9 April."""
    terms = {"percent": "50", "pending_days": 0, "expires_after_days": 30}
    return kept_rule(rule_id, **{**terms, **fields})


@pytest.mark.parametrize("at", [NOON - TICK, NOON, NOON + TICK, NOON + timedelta(microseconds=1)])
def test_what_has_matured_is_due_at_that_instant_once(ada, at):
    """Whether or not it has been booked."""
    buy(ada, half(pending_days=14), delivered_at=at)
    middle = NOON + 14 * DAY
    first, second = due(AVAILABLE, middle - HOUR, middle), due(AVAILABLE, middle, middle + HOUR)
    assert (len(first), len(second)) == ((1, 0) if at <= NOON else (0, 1))
    (found,) = first + second
    assert found == ("ada", "cashback:2026-03-24", None, at + 14 * DAY, None)


def test_what_matures_on_one_day_is_told_once_a_day(ada):
    one, other = half(), half("other")
    buy(ada, one, other, delivered_at=NOON)
    buy(ada, one, delivered_at=NOON + HOUR, now=NOON + HOUR)
    (found,) = due(AVAILABLE, NOON - DAY, NOON + DAY)
    assert found.at == NOON
    keys = {row.occurrence for hour in range(3)
            for row in due(AVAILABLE, NOON + (hour - 1) * HOUR, NOON + hour * HOUR)}  # fmt: skip
    assert keys == {found.occurrence}


def test_what_repays_debt_or_was_given_by_hand_or_taken_back_has_not_matured(ada):
    give(ada, 500, now=NOON)
    assert due(AVAILABLE, NOON - DAY, NOON + DAY) == []
    bought = buy(ada, half(pending_days=1), delivered_at=NOON)
    cancel(bought.order_key, ada, now=NOON)
    assert due(AVAILABLE, NOON, NOON + DAY) == []


def test_cashback_is_due_so_many_days_before_its_last_day_by_the_shops_clocks(ada):
    buy(ada, half(), delivered_at=NOON)
    (found,) = on_day(EXPIRING, date(2026, 4, 2))
    assert found == ("ada", "cashback:2026-04-09", date(2026, 4, 2), None, None)
    assert len(day_by_day(EXPIRING, NOON - DAY, 40)) == 1


def test_all_that_expires_on_one_day_is_told_once(ada):
    buy(ada, half(), half("other"), delivered_at=NOON)
    give(ada, 300, now=NOON, expires_at=datetime(2026, 4, 9, 12, tzinfo=UTC))
    buy(ada, half("francs"), delivered_at=NOON, currency="CHF")
    give(ada, 300, now=NOON, expires_at=datetime(2026, 4, 11, 12, tzinfo=UTC))
    found = day_by_day(EXPIRING, NOON - DAY, 40)
    assert [row.occurrence for row in found] == ["cashback:2026-04-09", "cashback:2026-04-11"]


def test_only_what_can_be_spent_is_told_to_expire(ada):
    bob = customer("bob")
    buy(bob, half("later", pending_days=29, expires_after_days=1), delivered_at=NOON)
    buy(ada, half(), delivered_at=NOON)
    assert names(on_day(EXPIRING, date(2026, 4, 2))) == ["ada"]
    pay_with(ada, 400, now=NOON)
    hold(ada, 100, now=NOON, expires_at=NOON + 20 * DAY)
    assert due(EXPIRING, NOON + DAY, NOON + 19 * DAY) == []
    # Unspent, what a reservation held is there again, booked or not.
    assert names(on_day(EXPIRING, date(2026, 4, 2))) == ["ada"]


def test_what_expires_today_has_not_expired_before_the_evening(ada):
    buy(ada, half(), delivered_at=NOON)
    today = EXPIRING | {"days_before": 0}
    assert names(on_day(today, date(2026, 4, 9))) == ["ada"]
    assert due(today, NOON + 31 * DAY, NOON + 31 * DAY + HOUR) == []
