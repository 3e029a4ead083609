"""A file of orders, taken in by the command, against COPY and one INSERT of the same rows."""

import re
import tempfile
import time
from pathlib import Path
from statistics import median

from bench import sql
from bench.figures import Figure, Report
from bench.seed import customer_of
from bench.service import Service, new_service
from bench.sizes import Sizes
from stack.testing import Stack

_SAID = re.compile(r"(\d+) rows: (\d+) imported, 0 left out, ([\d.]+) s")
COLUMNS = (
    "order_id", "customer_id", "currency", "status", "placed_at", "paid_at", "shipped_at",
    "delivered_at", "channel", "partner_id", "shipping_amount", "tracking_url", "line_id", "sku",
    "name", "categories", "brand", "tags", "quantity", "unit_price", "list_price", "discountable",
    "discount_amount",
)  # fmt: skip
_TYPES = {
    **dict.fromkeys(("placed_at", "paid_at", "shipped_at", "delivered_at"), "timestamptz"),
    **dict.fromkeys(("shipping_amount", "unit_price", "list_price", "discount_amount"), "bigint"),
    "quantity": "int",
    "discountable": "boolean",
}
_STAGING = f"""
    CREATE UNLOGGED TABLE bench_told ({", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in COLUMNS)})
"""
#: What somebody would write who trusts the file: every row at once, lines with their orders.
_BY_HAND = """
    WITH written AS (
        INSERT INTO customers_order (reference, customer_id, currency, status, placed_at, paid_at,
            shipped_at, delivered_at, channel, partner_reference, shipping_amount,
            shipping_discount, shipping_cashback, shipping_refunded, tracking_url, is_redeemed,
            created_at, revision)
        SELECT DISTINCT ON (order_id) order_id, customer.id, told.currency, told.status,
            told.placed_at, told.paid_at, told.shipped_at, told.delivered_at,
            coalesce(told.channel, ''), coalesce(told.partner_id, ''), told.shipping_amount, 0, 0,
            false, coalesce(told.tracking_url, ''), false, now(), 1
        FROM bench_told AS told
        LEFT JOIN customers_customer AS customer ON customer.reference = told.customer_id
        ORDER BY order_id
        ON CONFLICT (reference) DO UPDATE SET status = excluded.status,
            placed_at = excluded.placed_at, paid_at = excluded.paid_at,
            shipped_at = excluded.shipped_at, delivered_at = excluded.delivered_at
        RETURNING id, reference
    )
    INSERT INTO customers_orderline (order_id, position, line_id, sku, name, categories, brand, tags,
        quantity, unit_price, list_price, discountable, discount_amount, cashback_amount,
        returned_quantity, is_redeemed)
    SELECT written.id, row_number() OVER (PARTITION BY written.id ORDER BY line_id) - 1, line_id, sku,
        coalesce(name, ''), coalesce(string_to_array(categories, '|'), '{}'), coalesce(brand, ''),
        coalesce(string_to_array(tags, '|'), '{}'), quantity, unit_price, list_price, discountable,
        discount_amount, 0, 0, false
    FROM bench_told AS told JOIN written ON written.reference = told.order_id
    ON CONFLICT (order_id, line_id) DO UPDATE SET quantity = excluded.quantity,
        unit_price = excluded.unit_price, discount_amount = excluded.discount_amount
"""


def benchmark(servers: Stack, sizes: Sizes) -> Report:
    """Both write the same file into the same tables, emptied before each, and take turns."""
    with new_service(servers, "bench_imports") as service, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "orders.csv"
        rows = _write_file(file, orders=sizes.import_orders, customers=sizes.import_customers)
        _seed(service, customers=sizes.import_customers)
        seconds: dict[str, list[float]] = {"imported": [], "by hand": []}
        for number in range(sizes.rounds):
            # Who begins changes, so that neither always meets the other's checkpoint.
            for way in sorted(seconds, reverse=number % 2 == 0):
                _empty(service)
                run = _import if way == "imported" else _by_hand
                seconds[way].append(run(service, file, rows))
    rates = {way: [rows / each for each in taken] for way, taken in seconds.items()}
    return Report(
        name="imports",
        figures=_figures(rates, rows=rows, orders=sizes.import_orders),
        detail={"rows": rows, "seconds": seconds},
    )


def _figures(rates: dict[str, list[float]], *, rows: int, orders: int) -> list[Figure]:
    shares = [
        ours / theirs for ours, theirs in zip(rates["imported"], rates["by hand"], strict=True)
    ]
    return [
        Figure(name="orders in the file", value=orders),
        Figure(name="rows in the file", value=rows),
        Figure(
            name="import of orders: share of COPY and one INSERT",
            value=median(shares),
            target=0.5,
            at_least=True,
        ),
        Figure(name="import of orders: rows", value=median(rates["imported"]), unit="/s"),
        Figure(name="COPY and one INSERT: rows", value=median(rates["by hand"]), unit="/s"),
    ]


def _write_file(file: Path, *, orders: int, customers: int) -> int:
    """One to five lines an order, of products with names and two categories; how many rows."""
    rows = 0
    with file.open("w", encoding="utf-8") as out:
        out.write(",".join(COLUMNS) + "\n")
        for n in range(orders):
            placed = f"202{n % 5}-{n % 12 + 1:02}-{n % 28 + 1:02}T{n % 24:02}:{n % 60:02}:00+01:00"
            customer = customer_of(n * 7919 % customers + 1) if n % 30 else ""
            head = f"h{n},{customer},EUR,delivered,{placed},{placed},,{placed},web,,495,"
            for line in range(1, n * 31 % 5 + 2):
                product = n * line * 104_729 % 20_000
                discount = 20 if (n + line) % 10 == 0 else 0
                out.write(
                    f"{head},{line},p{product},Product {product},"
                    f"category-{product % 200}|department-{product % 12},brand-{product % 400},,"
                    f"{product % 3 + 1},{199 + product % 80 * 100},,true,{discount}\n"
                )
                rows += 1
    return rows


def _seed(service: Service, *, customers: int) -> None:
    sql.run(
        service.database_url,
        f"""
        INSERT INTO customers_customer (reference, email, first_name, last_name, gender, phone,
            locale, timezone, country, postal_code, city, attributes, created_at, revision)
        SELECT 'c' || n, '', '', '', '', '', '', '', '', '', '', '{{}}', now(), 1
        FROM generate_series(1, {customers}) AS n
        """,
        _STAGING,
        "VACUUM ANALYZE",
    )


def _empty(service: Service) -> None:
    sql.run(
        service.database_url,
        "TRUNCATE customers_order, customers_customermetrics, journal_job, bench_told CASCADE",
        "CHECKPOINT",
    )


def _import(service: Service, file: Path, rows: int) -> float:
    """By the command, without the start of its process."""
    said = service.servers.manage("import_orders", str(file))
    found = _SAID.search(said)
    assert found is not None, said
    assert int(found[2]) == rows, said
    return float(found[3])


def _by_hand(service: Service, file: Path, rows: int) -> float:
    began = time.perf_counter()
    with sql.session(service.database_url) as cursor, file.open("rb") as read:
        cursor.copy_expert("COPY bench_told FROM STDIN (FORMAT csv, HEADER)", read)
        cursor.execute(_BY_HAND)
        assert cursor.rowcount == rows
    return time.perf_counter() - began
