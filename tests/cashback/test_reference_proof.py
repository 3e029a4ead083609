"""The reference finds what is wrong in its own books."""

import pytest

from tests.cashback.tea_shop import NOON, TEN, balances, credit, line, matured, new_shop, redeem
from tests.reference.cashback.ledger import Account

ADA = {name: Account("ada", name) for name in ("pending", "available", "held", "debt")}
EXPENSE = Account(None, "expense")


def more_than_the_lots(ledger):
    ledger.post("x", EXPENSE, ADA["available"], 1, currency="EUR", at=NOON)


def below_zero(ledger):
    ledger.post("x", ADA["held"], EXPENSE, 1, currency="EUR", at=NOON)


def debt_beside_available(ledger):
    ledger.post("x", ADA["debt"], EXPENSE, 1, currency="EUR", at=NOON)


def a_transfer_less(ledger):
    ledger.transfers.pop()


def an_amount_changed(ledger):
    ledger.transfers[0] = ledger.transfers[0]._replace(amount=1)


def a_part_lost(ledger):
    ledger.lots[0].parts["settled"] -= 1


def a_lot_overdrawn(ledger):
    ledger.lots[0].shift(ledger.lots[0].parts["available"], source="available", target="held")
    ledger.lots[1].parts["held"] -= 1
    ledger.lots[1].parts["available"] += 1


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (more_than_the_lots, "the lots do not sum"),
        (below_zero, "below zero"),
        (debt_beside_available, "debt beside available"),
        (a_transfer_less, "balances are not the sums"),
        (an_amount_changed, "balances are not the sums"),
        (a_part_lost, "a lot has lost a part"),
        (a_lot_overdrawn, "out of bounds"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_books_that_were_tampered_with_are_not_in_order(tamper, found):
    shop = new_shop(a=TEN)
    credit(shop, 300)
    matured(shop, "o1", line("1", 1000))
    redeem(shop, "o2", line("1", 150), cashback_amount="max")
    assert balances(shop, NOON) == (0, 250, 0, 0)

    tamper(shop.ledger)

    assert any(found in breach for breach in shop.breaches())
