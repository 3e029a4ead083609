"""Customers' running figures: kept with every order, equal to a recount, whatever comes at once."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from common.cart import CartLine
from common.statements import run_together
from customers.actions import orders
from customers.actions.people import ensure_customer
from customers.actions.recorded_orders import import_orders, put_order
from customers.domain.orders import OrderLineState, OrderState, RedeemedLine, ReturnedUnits
from customers.models import CustomerMetrics, Order
from customers.queries.metrics import metrics_breaches
from customers.queries.orders import order_by_reference
from tests.api import DAY, NOON


def state(status="placed", customer="c1", currency="EUR", lines=((2, 500, 101),), **more):
    return OrderState(
        currency=currency,
        customer_id=customer,
        status=status,
        lines=[
            OrderLineState(
                line_id=str(nth), sku=f"S{nth}", quantity=quantity, unit_price=price,
                discount_amount=discount,
            )
            for nth, (quantity, price, discount) in enumerate(lines)
        ],
        **more,
    )  # fmt: skip


def put(name, *, now=NOON, **fields):
    return put_order(reference=name, state=state(**fields), if_match=None, actor="test", now=now)


def give_back(name, *quantities):
    order = order_by_reference(name, lock=True)
    orders.record_return(
        order=order,
        reference=f"r{random.random()}",
        request={},
        refund_shipping=False,
        refund_amount=0,
        discount_reversed=0,
        shipping_refunded=0,
        answer={},
        lines=[
            ReturnedUnits(line.key, quantity, 0)
            for line, quantity in zip(order.lines, quantities, strict=True)
            if quantity
        ],
        now=NOON,
    )


def kept():
    rows = CustomerMetrics.objects.order_by("customer__reference", "currency")
    return list(
        rows.values_list(
            "customer__reference", "currency", "orders_count", "items_count", "total_amount"
        )
    )


@pytest.mark.django_db
class TestFigures:
    """One after the other."""

    def test_an_order_counts_its_lines_after_discount_without_shipping(self):
        put("o1", shipping_amount=495)
        put("o2", currency="USD", lines=[(1, 300, 0), (3, 100, 50)])
        assert kept() == [("c1", "EUR", 1, 2, 899), ("c1", "USD", 1, 4, 550)]
        assert metrics_breaches() == []

    def test_a_guest_has_no_figures(self):
        put("o1", customer=None)
        assert kept() == []
        assert metrics_breaches() == []

    def test_a_changed_order_is_counted_anew_and_a_cancelled_one_not_at_all(self):
        put("o1")
        put("o1", lines=[(5, 100, 0)], status="paid")
        assert kept() == [("c1", "EUR", 1, 5, 500)]
        put("o1", lines=[(5, 100, 0)], status="cancelled")
        assert kept() == [("c1", "EUR", 0, 0, 0)]
        assert CustomerMetrics.objects.get().first_placed_at is None
        assert metrics_breaches() == []

    def test_an_order_that_came_cancelled_never_counted(self):
        put("o1", status="cancelled")
        assert kept() == []
        assert metrics_breaches() == []

    def test_returned_units_count_no_more_but_their_order_does(self):
        put("o1", lines=[(3, 500, 101)])
        # Of 101 the units carry 34, 34 and 33; the first one goes back first.
        give_back("o1", 1)
        assert kept() == [("c1", "EUR", 1, 2, 1399 - 466)]
        give_back("o1", 2)
        assert kept() == [("c1", "EUR", 1, 0, 0)]
        assert metrics_breaches() == []

    def test_the_first_and_the_last_order_follow_every_change(self):
        def ends():
            row = CustomerMetrics.objects.get()
            assert metrics_breaches() == []
            return row.first_placed_at, row.last_placed_at

        put("o1", placed_at=NOON)
        put("o2", placed_at=NOON + 2 * DAY)
        put("o3", placed_at=NOON + DAY)
        assert ends() == (NOON, NOON + 2 * DAY)
        put("o2", placed_at=NOON + 2 * DAY, status="cancelled")
        assert ends() == (NOON, NOON + DAY)
        put("o1", placed_at=NOON + 3 * DAY)
        assert ends() == (NOON + DAY, NOON + 3 * DAY)

    def test_a_batch_counts_as_single_calls_do(self):
        put("o1")
        put("o2", customer="c2")
        states = {
            "o1": state(status="cancelled"),
            "o2": state(customer="c2", lines=[(1, 100, 0)]),
            "o3": state(customer="c2"),
            "o4": state(customer="c2", placed_at=NOON - DAY),
            "o5": state(customer=None),
        }
        import_orders(states=states, actor="test", now=NOON)
        assert kept() == [("c1", "EUR", 0, 0, 0), ("c2", "EUR", 3, 5, 100 + 2 * 899)]
        assert metrics_breaches() == []

    def test_a_redemption_takes_its_discount_off(self):
        put("o1", lines=[(2, 500, 0)])
        line = CartLine(line_id="0", sku="S0", quantity=2, unit_price=500)
        orders.write_redeemed_order(
            reference="o1",
            customer_key=ensure_customer(reference="c1", now=NOON),
            currency="EUR",
            channel=None,
            shipping_amount=0,
            shipping_discount=0,
            lines=[RedeemedLine(line, 300)],
            now=NOON,
        )
        assert kept() == [("c1", "EUR", 1, 2, 700)]
        assert metrics_breaches() == []
        orders.cancel_order(order_key=Order.objects.get().pk, now=NOON)
        assert kept() == [("c1", "EUR", 0, 0, 0)]

    @pytest.mark.parametrize(
        "change",
        ["orders_count = orders_count + 1", "items_count = items_count + 1",
         "total_amount = total_amount + 1", "first_placed_at = first_placed_at - interval '1 s'",
         "last_placed_at = NULL", "currency = 'USD'"],
    )  # fmt: skip
    def test_every_figure_that_is_wrong_is_found(self, change, capsys):
        put("o1")
        put("o2", customer="c2")
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE customers_customermetrics SET {change} WHERE customer_id ="
                " (SELECT id FROM customers_customer WHERE reference = 'c1')"
            )
        key = ensure_customer(reference="c1", now=NOON)
        assert {breach.customer_key for breach in metrics_breaches()} == {key}
        with pytest.raises(CommandError):
            call_command("verify_metrics")
        assert f"customer {key} " in capsys.readouterr().err


@pytest.mark.postgres15
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Threads against a real PostgreSQL."""

    def test_orders_of_one_customer_at_once_are_all_counted(self):
        run_at_once([lambda n=n: put(f"o{n}", now=NOON + timedelta(hours=n)) for n in range(24)])
        assert kept() == [("c1", "EUR", 24, 48, 24 * 899)]
        assert metrics_breaches() == []

    def test_one_order_told_many_times_at_once_is_one_order(self):
        made = run_at_once([lambda: put("o1") for _ in range(16)])
        assert sum(order.created for order in made) == 1
        assert kept() == [("c1", "EUR", 1, 2, 899)]

    def test_cancels_moves_and_new_orders_at_once_keep_the_ends(self):
        with transaction.atomic():
            for n in range(16):
                put(f"o{n}", placed_at=NOON + n * DAY)
        acts = [
            lambda n=n: put(f"o{n}", placed_at=NOON + n * DAY, status="cancelled")
            for n in (0, 1, 2, 15)
        ]
        acts += [lambda n=n: put(f"o{n}", placed_at=NOON + (n - 40) * DAY) for n in (5, 6)]
        acts += [lambda n=n: put(f"n{n}", placed_at=NOON + (n * 9 - 60) * DAY) for n in range(10)]
        run_at_once(acts)
        assert metrics_breaches() == []
        assert CustomerMetrics.objects.get().orders_count == 22

    def test_batches_redemptions_and_puts_over_the_same_orders_agree(self):
        names = [f"o{n}" for n in range(12)]

        def batch(seed):
            mixed = random.Random(seed).sample(names, k=8)
            states = {n: state(customer=f"c{int(n[1:]) % 3}") for n in mixed}
            return lambda: import_orders(states=states, actor="test", now=NOON)

        def one(name):
            return lambda: put(name, customer=f"c{int(name[1:]) % 3}", status="paid")

        def redeem(name):
            def act():
                line = CartLine(line_id="0", sku="S0", quantity=2, unit_price=500)
                orders.lock_order_id(name)
                key = ensure_customer(reference=f"c{int(name[1:]) % 3}", now=NOON)
                written = orders.write_redeemed_order(
                    reference=name, customer_key=key, currency="EUR", channel=None,
                    shipping_amount=0, shipping_discount=0,
                    lines=[RedeemedLine(line, 101)], now=NOON,
                )  # fmt: skip
                run_together(written.uncounted)

            return act

        acts = [batch(seed) for seed in range(6)]
        acts += [one(name) for name in names[:6]] + [redeem(name) for name in names[6:]]
        run_at_once(acts, tolerate=(orders.StateTransitionNotAllowed,))
        assert metrics_breaches() == []
        assert Order.objects.count() == 12
        assert Order.objects.filter(is_redeemed=True).count() == 6


def run_at_once(acts: list[Callable], *, tolerate=()):
    """Run each act in a thread and a transaction of its own, all starting together."""
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            with transaction.atomic():
                return act()
        except tolerate:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
