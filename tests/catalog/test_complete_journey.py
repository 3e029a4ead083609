"""A real grocer's year: learned from all but the last eight weeks, tried on those."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from catalog.actions.refresh import refresh
from catalog.models import Bestseller, Product
from catalog.queries.recommendations import recommendations
from customers.models import Customer, Order, OrderLine
from replay.history import UNKNOWN, PastOrder, past_orders
from replay.reading import Journey, read_journey
from tests.replay.real import needs_real_files, real_files

EIGHT_WEEKS = timedelta(weeks=8)
SHOWN = 10
#: As the setting has it, and less.
JUST_BOUGHT_DAYS = (30, 7, 0)

pytestmark = [pytest.mark.slow, needs_real_files]


@pytest.fixture(scope="module")
def journey() -> Journey:
    return read_journey(real_files())


@pytest.mark.parametrize("weeks_later", [8, 0], ids=["the eight weeks before", "the last eight"])
def test_for_you_is_at_least_as_good_as_bestsellers(
    db: None, settings: Any, journey: Journey, weeks_later: int
) -> None:
    """By the weeks before the last eight a ranking is chosen, by the last it is judged."""
    orders = past_orders(journey.purchases, products=journey.products).orders
    until = max(order.placed_at for order in orders) - timedelta(weeks=weeks_later)
    tried_from = until - EIGHT_WEEKS
    learned = [order for order in orders if order.placed_at < tried_from]
    load(learned, journey)
    bought = bought_by_household(orders, since=tried_from, until=until)
    known = {order.household_id for order in learned}
    tried = {household: skus for household, skus in bought.items() if household in known}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    refresh(now=tried_from)
    top = list(
        Bestseller.objects.filter(category="").order_by("-orders", "product__sku")
        .values_list("product__sku", flat=True)
    )  # fmt: skip
    rates = {}
    for days in JUST_BOUGHT_DAYS:
        settings.RECOMMENDATIONS_JUST_BOUGHT_DAYS = days
        since = tried_from - timedelta(days=days)
        recent = bought_by_household(learned, since=since, until=tried_from)

        def bestsellers(household: str, recent: Mapping[str, set[str]] = recent) -> list[str]:
            return [sku for sku in top if sku not in recent.get(household, ())][:SHOWN]

        rates[days] = (
            hit_rate(tried, lambda household: for_you(household, now=tried_from)),
            hit_rate(tried, bestsellers),
        )
        print(
            f"\nhit rate at {SHOWN} of {len(tried)} households, nothing of the last {days} days:"
            f" for you {rates[days][0]:.4f}, bestsellers {rates[days][1]:.4f}"
        )
    for ours, bestsellers_rate in rates.values():
        assert ours >= bestsellers_rate


def for_you(household: str, *, now: datetime) -> list[str]:
    """What a household is shown."""
    found = recommendations(customer_id=household, limit=SHOWN, now=now).found
    return [one.sku for one in found[:SHOWN]]


def hit_rate(tried: Mapping[str, Collection[str]], shown: Callable[[str], Iterable[str]]) -> float:
    """The share of households who bought something of what they were shown."""
    hits = sum(not skus.isdisjoint(shown(household)) for household, skus in tried.items())
    return hits / len(tried)


def bought_by_household(
    orders: Iterable[PastOrder], *, since: datetime, until: datetime
) -> dict[str, set[str]]:
    """What each household bought from then on, and before the end."""
    found: dict[str, set[str]] = defaultdict(set)
    for order in orders:
        if since <= order.placed_at <= until:
            found[order.household_id] |= {line.product_id for line in order.lines}
    return found


def load(orders: list[PastOrder], journey: Journey) -> None:
    """The orders, their households, and every product that was sold by then, in bulk."""
    first = orders[0].placed_at
    sold = sorted({line.product_id for order in orders for line in order.lines})
    Product.objects.bulk_create(
        (
            Product(
                sku=sku, name_en=journey.products.get(sku, UNKNOWN).category or sku,
                categories=[journey.products[sku].category]
                if journey.products.get(sku, UNKNOWN).category else [],
                created_at=first,
            )
            for sku in sold
        ),
        batch_size=5_000,
    )  # fmt: skip
    households = sorted({order.household_id for order in orders})
    Customer.objects.bulk_create(
        (Customer(reference=name, created_at=first) for name in households), batch_size=5_000
    )
    keys = dict(Customer.objects.values_list("reference", "pk"))
    made = Order.objects.bulk_create(
        (
            Order(
                reference=order.basket_id, customer_id=keys[order.household_id], currency="USD",
                status="delivered", placed_at=order.placed_at, created_at=order.placed_at,
            )
            for order in orders
        ),
        batch_size=5_000,
    )  # fmt: skip
    OrderLine.objects.bulk_create(
        (
            OrderLine(
                order_id=row.pk, position=at, line_id=str(at), sku=line.product_id,
                categories=[line.product.category] if line.product.category else [],
                quantity=line.quantity, unit_price=line.unit_price, discount_amount=line.discount,
            )
            for row, order in zip(made, orders, strict=True)
            for at, line in enumerate(order.lines)
        ),
        batch_size=5_000,
    )  # fmt: skip
