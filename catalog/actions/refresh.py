"""Acts: learn from the orders what is bought together and most, and keep that up to date.

All of it is SQL over whole sets. Orders and products are only read, never locked; of the figures
those rows are written that differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from catalog.domain.recommending import MILLION, Thresholds
from catalog.models import Refresh
from catalog.queries.recommendations import FEW_ORDERS, STAMP
from customers.domain.turns import turn_key
from customers.queries.purchases import kept_lines
from journal.actions import queue_job

JOB_KIND = "recommendations_refresh"
#: An order of more products than that says little of any two of them, and would make a million pairs.
MOST_PRODUCTS = 50
#: So many are kept for each product, and of each category.
_KEPT = 100

_BASKETS = f"""
    CREATE TEMPORARY TABLE catalog_basket ON COMMIT DROP AS
    SELECT DISTINCT kept.order_id, product.id AS product_id,
        (extract(year FROM kept.placed_at) * 12 + extract(month FROM kept.placed_at))::int AS month
    FROM ({kept_lines()}) AS kept JOIN catalog_product AS product ON product.sku = kept.sku
    WHERE kept.placed_at > %(since)s AND kept.placed_at <= %(now)s
"""
_COUNTS = """
    CREATE TEMPORARY TABLE catalog_count ON COMMIT DROP AS
    SELECT product_id, month, count(*) AS orders FROM catalog_basket GROUP BY product_id, month
"""
_TOTALS = """
    CREATE TEMPORARY TABLE catalog_total ON COMMIT DROP AS
    SELECT product_id, sum(orders)::bigint AS orders FROM catalog_count GROUP BY product_id
"""
_MONTHS = """
    CREATE TEMPORARY TABLE catalog_month ON COMMIT DROP AS
    SELECT month, count(DISTINCT order_id) AS orders FROM catalog_basket GROUP BY month
"""
#: What chance would bring is summed up by month: two Christmas teas are bought together because it
#: is December, not because one goes with the other.
_PAIRS = """
    CREATE TEMPORARY TABLE catalog_wanted_pair ON COMMIT DROP AS
    WITH basket AS (
        SELECT basket.order_id, basket.product_id FROM catalog_basket AS basket
        JOIN catalog_total AS total USING (product_id)
        WHERE total.orders >= %(pair_orders)s AND order_id NOT IN (
            SELECT order_id FROM catalog_basket GROUP BY order_id HAVING count(*) > %(most_products)s)
    ), together AS (
        SELECT one.product_id, other.product_id AS other_id, count(*) AS together
        FROM basket AS one JOIN basket AS other
            ON other.order_id = one.order_id AND other.product_id > one.product_id
        GROUP BY 1, 2 HAVING count(*) >= %(pair_orders)s
    ), judged AS (
        SELECT together.product_id, other_id, together,
            sum(one.orders::float8 * other.orders / month.orders) AS expected
        FROM together JOIN catalog_count AS one ON one.product_id = together.product_id
        JOIN catalog_count AS other ON other.product_id = together.other_id AND other.month = one.month
        JOIN catalog_month AS month ON month.month = one.month
        GROUP BY 1, 2, 3
    ), told AS (
        SELECT judged.*, one.orders AS one_orders, other.orders AS other_orders
        FROM judged JOIN catalog_total AS one ON one.product_id = judged.product_id
        JOIN catalog_total AS other ON other.product_id = judged.other_id
    ), sound AS (
        -- Dunning's log-likelihood over orders with both, with either one, and with none of them.
        SELECT told.* FROM told, LATERAL (
            SELECT 2 * sum(seen * ln(seen / foreseen)) AS likelihood FROM (VALUES
                (together, expected),
                (one_orders - together, one_orders - expected),
                (other_orders - together, other_orders - expected),
                (%(orders)s - one_orders - other_orders + together,
                    %(orders)s - one_orders - other_orders + expected)
            ) AS cell (seen, foreseen) WHERE seen > 0) AS evidence
        WHERE together >= %(lift)s * expected
            AND likelihood >= %(deviations)s ^ 2
    ), both_ways AS (
        SELECT product_id, other_id, together, one_orders AS orders, expected FROM sound
        UNION ALL SELECT other_id, product_id, together, other_orders, expected FROM sound
    ), ranked AS (
        SELECT *, row_number() OVER (
            PARTITION BY product_id ORDER BY together DESC, expected, other_id) AS nth
        FROM both_ways
    )
    SELECT product_id, other_id, together, together * %(million)s / orders AS chance,
        round(together / expected * 1000)::bigint AS lift
    FROM ranked WHERE nth <= %(kept)s
"""
_BESTSELLERS = """
    CREATE TEMPORARY TABLE catalog_wanted_bestseller ON COMMIT DROP AS
    WITH in_category AS (
        SELECT category, product.id AS product_id, counted.orders
        FROM catalog_total AS counted JOIN catalog_product AS product ON product.id = counted.product_id,
        LATERAL (SELECT DISTINCT unnest(product.categories) UNION ALL SELECT '') AS filed (category)
    ), ranked AS (
        SELECT *, row_number() OVER (
                PARTITION BY category ORDER BY orders DESC, product_id) AS nth,
            CASE category WHEN '' THEN %(orders)s ELSE sum(orders) OVER (PARTITION BY category) END
                AS purchases
        FROM in_category
    )
    SELECT category, product_id, orders, (orders * %(million)s / purchases)::bigint AS chance
    FROM ranked WHERE nth <= %(kept)s
"""
_TEMPORARY = (
    "catalog_basket", "catalog_count", "catalog_total", "catalog_month", "catalog_wanted_pair",
    "catalog_wanted_bestseller",
)  # fmt: skip
#: Table, what it should be, its key, and what a refresh says of each row.
_TABLES = (
    ("catalog_pair", "catalog_wanted_pair", ("product_id", "other_id"), ("together", "chance", "lift")),
    (
        "catalog_bestseller", "catalog_wanted_bestseller", ("category", "product_id"),
        ("orders", "chance"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refreshed:
    """From how many orders, and how many rows differed; `orders` is None when somebody else is at it."""

    orders: int | None
    written: int = 0


def refresh_due(*, now: datetime) -> int:
    """Refresh a small shop's figures if anything has changed, else ask for a job when they are old.

    How often that is so: once in `RECOMMENDATIONS_EVERY_MINUTES`. Opens its own transaction.
    """
    stamp = _stamp(now)
    kept = Refresh.objects.filter(pk=1).first()
    if stamp is not None:
        if kept is not None and kept.stamp == stamp:
            return 0
        return refresh(now=now).written
    every = timedelta(minutes=settings.RECOMMENDATIONS_EVERY_MINUTES)
    with transaction.atomic(), connection.cursor() as cursor:
        # Of several that tick at once one asks.
        cursor.execute(
            """
            INSERT INTO catalog_refresh AS kept (id, asked_at, orders, is_small, stamp)
            VALUES (1, %(now)s, 0, false, '')
            ON CONFLICT (id) DO UPDATE SET asked_at = excluded.asked_at
            WHERE kept.asked_at IS NULL OR kept.asked_at <= %(before)s
            """,
            {"now": now, "before": now - every},
        )
        if not cursor.rowcount:
            return 0
        queue_job(kind=JOB_KIND, order={}, total=None, now=now)
    return 1


def refresh(*, now: datetime) -> Refreshed:
    """Bring the figures up to date with the orders placed by `now`, in a transaction of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [turn_key(JOB_KIND)])
        if not cursor.fetchone()[0]:
            return Refreshed(None)
        # Before the orders are read: what comes meanwhile makes the figures old, not wrong.
        stamp = _stamp(now)
        orders = _count(cursor, now=now)
        written = sum(_write(cursor, *table) for table in _TABLES)
        cursor.execute(
            """
            INSERT INTO catalog_refresh (id, refreshed_at, orders, is_small, stamp)
            VALUES (1, %(now)s, %(orders)s, %(is_small)s, %(stamp)s)
            ON CONFLICT (id) DO UPDATE SET refreshed_at = excluded.refreshed_at,
                orders = excluded.orders, is_small = excluded.is_small, stamp = excluded.stamp
            """,
            {"now": now, "orders": orders, "is_small": stamp is not None, "stamp": stamp or ""},
        )
        cursor.execute(f"DROP TABLE {', '.join(_TEMPORARY)}")
        if written:
            # Of tables that were empty a moment ago the planner would think too little.
            cursor.execute("ANALYZE catalog_pair, catalog_bestseller")
    return Refreshed(orders, written)


def _count(cursor: CursorWrapper, *, now: datetime) -> int:
    """Fill the temporary tables; how many orders that took."""
    thresholds = Thresholds()
    # Sorting and hashing millions of small rows in memory; for this transaction only.
    cursor.execute("SET LOCAL work_mem = '128MB'")
    since = now - timedelta(days=settings.RECOMMENDATIONS_DAYS)
    cursor.execute(_BASKETS, {"since": since, "now": now})
    cursor.execute("ANALYZE catalog_basket")
    for statement in (_COUNTS, _TOTALS, _MONTHS):
        cursor.execute(statement)
    cursor.execute("ANALYZE catalog_count, catalog_total, catalog_month")
    # Each order is of one month.
    cursor.execute("SELECT coalesce(sum(orders), 0)::bigint FROM catalog_month")
    orders: int = cursor.fetchone()[0]
    figures = {
        "orders": orders,
        "pair_orders": thresholds.orders,
        "lift": thresholds.lift,
        "deviations": thresholds.deviations,
        "most_products": MOST_PRODUCTS,
        "million": MILLION,
        "kept": _KEPT,
    }
    cursor.execute(_PAIRS, figures)
    cursor.execute(_BESTSELLERS, figures)
    return orders


def _write(
    cursor: CursorWrapper, table: str, wanted: str, key: Sequence[str], told: Sequence[str]
) -> int:
    """Make the table what is wanted; how many rows differed."""
    same = " AND ".join(f"wanted.{name} = kept.{name}" for name in key)
    cursor.execute(
        f"DELETE FROM {table} AS kept WHERE NOT EXISTS (SELECT FROM {wanted} AS wanted WHERE {same})"
    )
    gone: int = cursor.rowcount
    columns, names = ", ".join((*key, *told)), ", ".join(key)
    changes = ", ".join(f"{name} = excluded.{name}" for name in told)
    kept = ", ".join(f"kept.{name}" for name in told)
    new = ", ".join(f"excluded.{name}" for name in told)
    cursor.execute(
        f"""
        INSERT INTO {table} AS kept ({columns}) SELECT {columns} FROM {wanted} ORDER BY {names}
        ON CONFLICT ({names}) DO UPDATE SET {changes} WHERE ({kept}) IS DISTINCT FROM ({new})
        """
    )
    return gone + int(cursor.rowcount)


def _stamp(now: datetime) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {STAMP}", {"few": FEW_ORDERS, "now": now})
        stamp: str | None = cursor.fetchone()[0]
    return stamp
