"""A large shop's past in plain SQL: products, customers, three years of orders, what came back.

Every figure is drawn by a hash of the row's number: the same shop each time, whatever plan PostgreSQL
takes. A few products sell most and a few customers buy most, as everywhere. Rows are as the service
writes them, running figures of customers included: `verify_metrics` finds nothing.
"""

from bench import sql
from bench.seed import FIRST_CUSTOMER, FIRST_ORDER

PRODUCTS = 20_000
CATEGORIES = 200
BRANDS = 400
#: The past that orders lie in, up to the moment of the seeding.
DAYS = 1_095
#: One product in so many has a companion, which two in five of those who buy it take along.
_PAIRED_EVERY = 10
_COMPANION_SHARE = 0.4
#: Of a day.
_HOUR = 1 / 24

#: What the past is written to.
_TABLES = (
    "customers_customer",
    "customers_order",
    "customers_orderline",
    "customers_orderreturn",
    "customers_orderreturnline",
    "customers_customermetrics",
)
_CHANCE = """
    CREATE OR REPLACE FUNCTION bench_chance(number bigint, salt int) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT (hashint8extended(number, salt) >> 12 & 4503599627370495) / 4503599627370496.0
    $$
"""
_LINE = """
    SELECT id AS order_id, n, placed_at, status, nth,
        -- The second line of an order that has a paired product may be its companion.
        CASE WHEN nth = 2 AND first % {paired} = 0 AND bench_chance(n, 31) < {share}
            THEN (first + 7) % {products} ELSE drawn END AS product
    FROM past, LATERAL (
        SELECT nth, floor({products} * power(bench_chance(n * 8 + nth, 32), 3))::int AS drawn,
            floor({products} * power(bench_chance(n * 8 + 1, 32), 3))::int AS first
        FROM generate_series(1, 1 + floor(5 * power(bench_chance(n, 33), 1.5))::int) AS nth) AS line
"""


def seed_products(database_url: str, *, products: int = PRODUCTS) -> None:
    """Products `p0` and up in `CATEGORIES` categories of `BRANDS` brands; one in twenty is not available."""
    sql.run(
        database_url,
        _CHANCE,
        f"""
        INSERT INTO catalog_product (sku, name_de, name_en, url, image_url, categories, brand, tags,
            price, list_price, currency, available, created_at, revision)
        SELECT 'p' || n, 'Artikel ' || n, 'Product ' || n, 'https://shop.example/p/' || n, '',
            ARRAY['category-' || n % {CATEGORIES}, 'department-' || n % {CATEGORIES} % 12],
            'brand-' || n % {BRANDS}, '{{}}', {_price("n")}, NULL, 'EUR', bench_chance(n, 1) >= 0.05,
            now(), 1
        FROM generate_series(0, {products - 1}) AS n
        """,
    )


def seed_history(
    database_url: str, *, customers: int, orders: int, products: int = PRODUCTS
) -> None:
    """So many customers `c1` and up, and orders `past-1` and up with one to five lines of these products.

    Keys are those of `bench.seed`: customer `c7` is `FIRST_CUSTOMER` + 7, order `past-7` likewise.
    """
    with sql.unindexed(database_url, *_TABLES) as cursor:
        for statement in (
            _CHANCE,
            _customers(customers),
            _orders(customers, orders),
            _lines(orders, products),
            *_returns(),
            _METRICS,
        ):
            cursor.execute(statement)
    sql.run(
        database_url,
        f"SELECT setval('customers_customer_id_seq', {FIRST_CUSTOMER + customers})",
        f"SELECT setval('customers_order_id_seq', {FIRST_ORDER + orders})",
        *(
            f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"
            for table in ("customers_orderline", "customers_orderreturn")
        ),
        "VACUUM ANALYZE",
        "CHECKPOINT",
    )


def _price(product: str) -> str:
    """Minor units of a product, from 1.99 to 80."""
    return f"(199 + 100 * floor(78 * power(bench_chance({product}, 2), 3)))::bigint"


def _customers(customers: int) -> str:
    """Of eight countries, from 18 to 90 years old, some of whom little is known."""
    return f"""
        INSERT INTO customers_customer (id, reference, email, first_name, last_name, birth_date,
            gender, phone, locale, timezone, country, postal_code, city, registered_at, attributes,
            created_at, revision)
        SELECT {FIRST_CUSTOMER} + n, 'c' || n, 'customer-' || n || '@example.org', 'Ada', 'Lovelace',
            CASE WHEN bench_chance(n, 11) < 0.8
                THEN current_date - (6570 + floor(26300 * bench_chance(n, 12)))::int END,
            (ARRAY['female', 'male', '', 'diverse'])[1 + floor(3.1 * bench_chance(n, 13))::int],
            '', CASE WHEN country IN ('DE', 'AT', 'CH') THEN 'de' ELSE 'en' END,
            CASE country WHEN 'GB' THEN 'Europe/London' WHEN 'CH' THEN 'Europe/Zurich'
                ELSE 'Europe/Berlin' END,
            country, lpad(floor(100000 * bench_chance(n, 14))::text, 5, '0'),
            'City ' || floor(500 * power(bench_chance(n, 15), 2)),
            now() - (30 + {DAYS} * bench_chance(n, 16)) * interval '1 day',
            jsonb_build_object('household_size', 1 + floor(5 * bench_chance(n, 17)),
                'interests', ARRAY['category-' || floor({CATEGORIES} * bench_chance(n, 18))]),
            now(), 1
        FROM generate_series(1, {customers}) AS n, LATERAL (SELECT (ARRAY['DE', 'DE', 'DE', 'DE', 'DE',
            'DE', 'AT', 'AT', 'CH', 'CH', 'FR', 'NL', 'GB', 'IT', 'PL', 'DE'])
            [1 + floor(16 * bench_chance(n, 19))::int]) AS home (country)
    """


def _orders(customers: int, orders: int) -> str:
    """More of them lately, one in thirty a guest's, one in 25 cancelled; the Swiss pay in francs.

    None is a whole number of days ago, nor will be for an hour: who has not bought for so many days is
    then the same each time that one asks.
    """
    return f"""
        INSERT INTO customers_order (id, reference, customer_id, currency, status, placed_at, paid_at,
            shipped_at, delivered_at, cancelled_at, channel, partner_reference, shipping_amount,
            shipping_discount, shipping_cashback, shipping_refunded, tracking_url, is_redeemed,
            created_at, revision)
        SELECT {FIRST_ORDER} + n, 'past-' || n, customer.id,
            CASE customer.country WHEN 'CH' THEN 'CHF' ELSE 'EUR' END, status, placed_at,
            CASE WHEN status IN ('paid', 'shipped', 'delivered') THEN placed_at + interval '1 hour' END,
            CASE WHEN status IN ('shipped', 'delivered') THEN placed_at + interval '2 days' END,
            CASE WHEN status = 'delivered' THEN placed_at + interval '4 days' END,
            CASE WHEN status = 'cancelled' THEN placed_at + interval '3 hours' END,
            (ARRAY['web', 'web', 'app', 'store'])[1 + floor(4 * bench_chance(n, 21))::int], '',
            CASE WHEN bench_chance(n, 22) < 0.6 THEN 495 ELSE 0 END, 0, 0, false, '', false, now(), 1
        FROM (
            SELECT n, now() - (floor({DAYS} * power(bench_chance(n, 23), 1.3)) + {_HOUR}
                + (1 - 2 * {_HOUR}) * bench_chance(n, 27)) * interval '1 day' AS placed_at,
                CASE WHEN bench_chance(n, 24) >= 0.03
                    THEN 1 + floor({customers} * power(bench_chance(n, 25), 1.8))::bigint END AS buyer
            FROM generate_series(1, {orders}) AS n) AS drawn
        LEFT JOIN customers_customer AS customer ON customer.id = {FIRST_CUSTOMER} + buyer,
        LATERAL (SELECT CASE WHEN bench_chance(n, 26) < 0.04 THEN 'cancelled'
            WHEN placed_at > now() - interval '1 day' THEN 'placed'
            WHEN placed_at > now() - interval '2 days' THEN 'paid'
            WHEN placed_at > now() - interval '5 days' THEN 'shipped' ELSE 'delivered' END)
            AS state (status)
    """


def _lines(orders: int, products: int) -> str:
    """One to five; one in ten reduced by a tenth, one in 25 of what was delivered came back."""
    drawn = _LINE.format(paired=_PAIRED_EVERY, share=_COMPANION_SHARE, products=products)
    return f"""
        INSERT INTO customers_orderline (id, order_id, position, line_id, sku, name, categories, brand,
            tags, quantity, unit_price, list_price, discountable, discount_amount, cashback_amount,
            returned_quantity, is_redeemed)
        SELECT order_id * 8 + nth, order_id, nth - 1, nth::text, 'p' || product,
            'Product ' || product, ARRAY['category-' || product % {CATEGORIES},
                'department-' || product % {CATEGORIES} % 12],
            'brand-' || product % {BRANDS}, '{{}}', quantity, price, NULL, true,
            CASE WHEN bench_chance(n * 8 + nth, 34) < 0.1 THEN quantity * price / 10 ELSE 0 END, 0,
            CASE WHEN status = 'delivered' AND placed_at < now() - interval '20 days'
                    AND bench_chance(n * 8 + nth, 35) < 0.04
                THEN 1 + floor(quantity * bench_chance(n, 36))::int ELSE 0 END, false
        FROM (
            WITH past AS (
                SELECT id, id - {FIRST_ORDER} AS n, placed_at, status FROM customers_order
                WHERE id BETWEEN {FIRST_ORDER} + 1 AND {FIRST_ORDER + orders})
            {drawn}) AS line,
        LATERAL (SELECT 1 + floor(3 * power(bench_chance(n * 8 + nth, 37), 3))::int, {_price("product")})
            AS told (quantity, price)
    """


def _returns() -> tuple[str, str]:
    """One return for each order of which something came back."""
    back = (
        "returned_quantity * (unit_price - discount_amount / quantity)"
        " - least(returned_quantity, discount_amount % quantity)"
    )
    return (
        f"""
        INSERT INTO customers_orderreturn (order_id, reference, refund_shipping, refund_amount,
            discount_reversed, shipping_refunded, request, answer, returned_at)
        SELECT order_id, 'r1', false, sum({back}),
            sum(returned_quantity * unit_price - ({back})), 0, '{{}}', '{{}}',
            min(placed.placed_at) + interval '14 days'
        FROM customers_orderline JOIN customers_order AS placed ON placed.id = order_id
        WHERE returned_quantity > 0 GROUP BY order_id
        """,
        f"""
        INSERT INTO customers_orderreturnline (order_return_id, line_id, quantity, refund_amount)
        SELECT back.id, line.id, returned_quantity, {back}
        FROM customers_orderline AS line JOIN customers_orderreturn AS back USING (order_id)
        WHERE returned_quantity > 0
        """,
    )


_METRICS = """
    INSERT INTO customers_customermetrics (customer_id, currency, orders_count, items_count,
        total_amount, first_placed_at, last_placed_at)
    SELECT customer_id, currency, count(*), sum(items), sum(amount), min(placed_at), max(placed_at)
    FROM (
        SELECT placed.id, placed.customer_id, placed.currency, placed.placed_at,
            sum(quantity - returned_quantity) AS items,
            sum((quantity - returned_quantity) * (unit_price - discount_amount / quantity)
                - greatest(discount_amount % quantity - returned_quantity, 0)) AS amount
        FROM customers_order AS placed JOIN customers_orderline AS line ON line.order_id = placed.id
        WHERE placed.customer_id IS NOT NULL AND placed.status <> 'cancelled' GROUP BY placed.id
    ) AS counted GROUP BY customer_id, currency
"""
