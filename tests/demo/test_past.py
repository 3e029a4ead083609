"""What the tea shop sells, to whom, and when: true on whatever day it is loaded."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from config.demo import past
from config.demo.assortment import PRODUCTS
from config.demo.booklet import booklet
from config.demo.people import BERLIN, COUNT, day_of_loading, people
from config.demo.seasons import demand
from promotions.domain.imports import ImportedCode, read_line

DAYS = ["2026-03-29", "2026-07-15", "2027-01-01"]


def midnight(day):
    return datetime.fromisoformat(day).replace(tzinfo=BERLIN)


def test_the_assortment_names_each_article_once():
    assert len(PRODUCTS) == len({product.sku for product in PRODUCTS}) > 40


@pytest.mark.parametrize("day", DAYS)
def test_the_past_is_past_whatever_the_day(day):
    today = midnight(day)
    everybody = people(today=today)
    registered = {person.customer_id: person.registered_at for person in everybody}
    bought = past.purchases(everybody, today=today)

    assert (everybody, bought) == (people(today=today), past.purchases(everybody, today=today))
    assert day_of_loading(everybody[0].registered_at) == today
    assert len({person.profile.email for person in everybody}) == len(everybody) == COUNT
    assert all(person.profile.email.endswith("@example.org") for person in everybody)
    assert [person.registered_at for person in everybody] == sorted(registered.values())
    assert [purchase.at for purchase in bought] == sorted(purchase.at for purchase in bought)
    assert len({purchase.order_id for purchase in bought}) == len(bought) == past.COUNT
    assert bought[-1].at < today
    assert all(
        registered[purchase.cart.customer_id] < purchase.at
        for purchase in bought
        if purchase.cart.customer_id is not None
    )


@pytest.mark.parametrize("day", DAYS[1:])
def test_some_buy_often_some_once_and_some_no_more(day):
    today = midnight(day)
    bought = past.purchases(people(today=today), today=today)
    orders = Counter(purchase.cart.customer_id for purchase in bought if purchase.cart.customer_id)

    assert 1_500 < len(orders) < COUNT
    assert sum(count == 1 for count in orders.values()) > 500
    assert len(past.regulars(bought, by=today)) > 100
    assert len(past.silent(bought, by=today)) > 400
    redeemed = [purchase for purchase in bought if purchase.is_redeemed(today=today)]
    assert 400 < len(redeemed) < 600, "as much to see in summer as in Advent"


def test_most_is_bought_before_christmas():
    today = midnight("2026-03-01")
    bought = past.purchases(people(today=today), today=today)
    months = Counter((purchase.at.year, purchase.at.month) for purchase in bought)
    assert months[2025, 12] == max(months.values()) > 2 * months[2025, 7]
    assert demand(midnight("2025-12-07").date()) > demand(midnight("2025-12-08").date())


def test_the_file_of_the_former_till_has_five_slips():
    today = midnight("2026-03-10")
    lines = booklet(people(today=today), today=today).read().decode().split("\r\n")[1:]
    read = [read_line(line, delimiter=";") for line in lines]
    # The fifth is right by itself, but its code exists.
    assert sum(not isinstance(row, ImportedCode) for row in read) == 4
    good = [row for row in read if isinstance(row, ImportedCode)]
    assert len({row.code for row in good}) == len(good) > 300
    assert {row.used for row in good} == {0, 1}
    assert any(row.valid_until is not None and row.valid_until < today for row in good)
    assert today - timedelta(days=60) < min(row.valid_until for row in good if row.valid_until)
