"""Customers, orders and codes by the million, written in SQL: rows as the service writes them.

Ids are chosen so that no two kinds of number look alike in a captured statement: customers from
five million on, orders from seven, codes from a thousand million.
"""

import hashlib

from bench import sql
from bench.offers import CODE_PROMOTIONS, SEGMENTS
from bench.service import Service

FIRST_CUSTOMER = 5_000_000
FIRST_ORDER = 7_000_000
FIRST_CODE = 1_000_000_000
#: The code of a number, as SQL and as `code_of` have it.
CODE_SQL = "upper(substr(md5('bench' || {number}), 1, 16))"

#: More codes than these are cheaper to write without their indexes, which are built anew.
_MANY = 500_000


def code_of(number: int) -> str:
    """The code with this number: 16 letters and digits without any order."""
    return hashlib.md5(f"bench{number}".encode()).hexdigest()[:16].upper()


def customer_of(number: int) -> str:
    """The shop's id of the customer with this number, from 1 on."""
    return f"c{number}"


def customers_sql(customers: int) -> str:
    """An INSERT of customers with these numbers, from 1 on."""
    return f"""
    INSERT INTO customers_customer (id, reference, email, first_name, last_name, birth_date,
        gender, phone, locale, timezone, country, postal_code, city, registered_at, attributes,
        created_at, revision)
    SELECT {FIRST_CUSTOMER} + n, 'c' || n, 'customer-' || n || '@example.org', 'Ada', 'Lovelace',
        '1990-12-10', '', '', 'de', 'Europe/Berlin', 'DE', '10115', 'Berlin',
        now() - interval '400 days', '{{}}', now(), 1
    FROM generate_series(1, {customers}) AS n
    """


def seed_customers(service: Service, customers: int) -> None:
    """Customers, each in one of the three segments, every other one with an order of last year."""
    for segment in SEGMENTS:
        service.call("PUT", f"/segments/{segment}", {"name": segment, "kind": "static"})
    sql.run(
        service.database_url,
        customers_sql(customers),
        f"""
        INSERT INTO customers_segmentmember (segment_id, customer_id, since)
        SELECT segment.id, {FIRST_CUSTOMER} + n, now()
        FROM generate_series(1, {customers}) AS n
        JOIN unnest(ARRAY{list(SEGMENTS)}) WITH ORDINALITY AS named (reference, nth)
            ON named.nth = 1 + n % {len(SEGMENTS)}
        JOIN customers_segment AS segment USING (reference)
        """,
        f"""
        INSERT INTO customers_order (id, reference, customer_id, currency, status, placed_at,
            channel, partner_reference, shipping_amount, shipping_discount, shipping_cashback,
            shipping_refunded, tracking_url, is_redeemed, created_at, revision)
        SELECT {FIRST_ORDER} + n, 'past-' || n, {FIRST_CUSTOMER} + n, 'EUR', 'paid',
            now() - interval '300 days', 'web', '', 495, 0, 0, false, '', false, now(), 1
        FROM generate_series(1, {customers}, 2) AS n
        """,
        """
        INSERT INTO customers_orderline (order_id, position, line_id, sku, name, categories, brand,
            tags, quantity, unit_price, discountable, discount_amount, cashback_amount,
            returned_quantity, is_redeemed)
        SELECT id, 0, '1', 'TEA', '', '{tea}', '', '{}', 2, 1299, true, 0, 0, 0, false
        FROM customers_order
        """,
        """
        INSERT INTO customers_customermetrics (customer_id, currency, orders_count, items_count,
            total_amount, first_placed_at, last_placed_at)
        SELECT customer_id, currency, 1, 2, 2598, placed_at, placed_at FROM customers_order
        """,
        f"SELECT setval('customers_customer_id_seq', {FIRST_CUSTOMER + customers})",
        f"SELECT setval('customers_order_id_seq', {FIRST_ORDER + customers})",
    )


def seed_code_pairs(service: Service, codes: int) -> None:
    """Codes 0 to `codes`: five in ten are personal, five for a single use, each of its promotion."""
    series = 2 * CODE_PROMOTIONS
    with sql.unindexed(service.database_url, "promotions_code") as cursor:
        for digit in range(series):
            is_personal = digit < CODE_PROMOTIONS
            kind = "personal" if is_personal else "single"
            holder = f"{FIRST_CUSTOMER} + 1 + n / {series}" if is_personal else "NULL::bigint"
            numbers = (
                f"SELECT n, {holder} FROM generate_series({digit}, {codes - 1}, {series}) AS n"
            )
            cursor.execute(_codes(f"{kind}-{digit % CODE_PROMOTIONS}", numbers))


def seed_codes(service: Service, promotion_id: str, numbers: range, *, uses: int = 1) -> None:
    """A promotion's codes with these numbers, each good for so many uses."""
    series = f"generate_series({numbers.start}, {numbers.stop - 1}, {numbers.step})"
    url = service.database_url
    writing = sql.unindexed(url, "promotions_code") if len(numbers) > _MANY else sql.unguarded(url)
    with writing as cursor:
        cursor.execute(
            _codes(promotion_id, f"SELECT n, NULL::bigint FROM {series} AS n", uses=uses)
        )


def settle(service: Service) -> None:
    """Sequences behind what was written, statistics, and nothing left to write in the background."""
    sql.run(
        service.database_url,
        "SELECT setval('promotions_code_id_seq', (SELECT coalesce(max(id), 1) FROM promotions_code))",
        "VACUUM ANALYZE",
        "CHECKPOINT",
    )


def _codes(promotion_id: str, numbers: str, *, uses: int = 1) -> str:
    """An INSERT of one batch; `numbers` selects the codes' numbers and holders."""
    return f"""
        WITH offer AS (SELECT id FROM promotions_promotion WHERE reference = '{promotion_id}'),
        batch AS (
            INSERT INTO promotions_codebatch (batch_id, promotion_id, pattern, count, job_id,
                created_at, created_by)
            SELECT gen_random_uuid(), id, '################', 1, gen_random_uuid(), now(), 'bench'
            FROM offer RETURNING id)
        INSERT INTO promotions_code (id, promotion_id, batch_id, code, spelling, status, customer_id,
            max_redemptions, used, held, created_at, revision)
        SELECT {FIRST_CODE} + n, offer.id, batch.id, {CODE_SQL.format(number="n")},
            {CODE_SQL.format(number="n")}, 'active', holder, nullif({uses}, 1),
            0, 0, now(), 1
        FROM ({numbers}) AS numbered (n, holder), offer, batch
    """
