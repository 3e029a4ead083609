"""After every test of cashback the ledger is proven."""

from collections.abc import Iterator

import pytest

from cashback.queries.verify import breaches
from tests.api import DAY, NOON
from tests.cashback.money import (
    buy,
    cancel,
    customer,
    give,
    hold,
    kept_partner,
    kept_rule,
    pay_with,
)


@pytest.fixture(autouse=True)
def proven(request: pytest.FixtureRequest) -> Iterator[None]:
    """Everything that is always true still is, in tests that have a database and do not tamper."""
    has_database = request.node.get_closest_marker("django_db") is not None
    if has_database:
        request.getfixturevalue("db")
    yield
    if has_database and request.node.get_closest_marker("tampers") is None:
        assert list(breaches(every_row=True)) == []


@pytest.fixture
def lived(db: None) -> int:
    """Customers to whom everything has happened once; Ada's key."""
    ada, bob = customer(), customer("bob")
    rule = kept_rule("half", percent="50", pending_days=0, partner=kept_partner())
    for key in (ada, bob):
        spent = buy(key, rule, delivered_at=NOON)
        buy(key, kept_rule(f"later-{key}", percent="10"), delivered_at=NOON)
        give(key, 70, now=NOON, expires_at=NOON + DAY)
        paid = pay_with(key, 300, now=NOON)
        hold(key, 50, now=NOON)
        cancel(paid.pk, key, now=NOON + 2 * DAY)
        pay_with(key, 400, now=NOON + 2 * DAY)
        cancel(spent.order_key, key, now=NOON + 2 * DAY)
    return ada
