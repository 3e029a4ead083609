"""Books of cashback in plain SQL: wallets, a rule, and lots that wait to mature, as the service writes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from bench import sql
from bench.seed import FIRST_CUSTOMER, FIRST_ORDER, customers_sql
from bench.service import Service
from stack.testing import Stack, with_database

FIRST_WALLET = 9_000_000
#: What every lot is worth.
AMOUNT = 100
LOTS_EACH = 5
_NOW = datetime.now(UTC)
#: Lots of a customer have matured an hour after each other, from here on; all are good for a year.
MATURING_FROM = (_NOW - timedelta(days=20)).isoformat()
ALL_MATURE = _NOW.isoformat()
ALL_EXPIRED = (_NOW + timedelta(days=400)).isoformat()


@contextmanager
def new_books(servers: Stack, name: str) -> Iterator[Service]:
    """An empty database `name` without any web process; dropped afterwards."""
    sql.run(servers.database_url, f'CREATE DATABASE "{name}"')
    try:
        books = _at(servers, name)
        books.servers.manage("migrate", "--verbosity", "0")
        yield books
    finally:
        sql.run(servers.database_url, f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def copy_of(books: Service, servers: Stack, name: str) -> Iterator[Service]:
    """The same books once more; nobody may be connected to them."""
    original = urlsplit(books.database_url).path.lstrip("/")
    sql.run(servers.database_url, f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
    try:
        yield _at(servers, name)
    finally:
        sql.run(servers.database_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def seed_wallets(database_url: str, customers: int) -> None:
    """An empty wallet in EUR for each of the customers, who are there, and a rule of 2 % on tea."""
    sql.run(
        database_url,
        """
        INSERT INTO cashback_account (kind, currency)
        SELECT kind, 'EUR' FROM unnest('{breakage,expense,payout_clearing,settled}'::text[]) AS kind
        """,
        f"""
        INSERT INTO cashback_wallet (id, customer_id, currency, pending, available, held, debt,
            created_at)
        SELECT {FIRST_WALLET} + n, {FIRST_CUSTOMER} + n, 'EUR', 0, 0, 0, 0, now()
        FROM generate_series(1, {customers}) AS n
        """,
        f"""
        INSERT INTO cashback_account (kind, currency, wallet_id)
        SELECT kind, 'EUR', {FIRST_WALLET} + n FROM generate_series(1, {customers}) AS n,
            unnest('{{available,debt,held,pending}}'::text[]) AS kind
        """,
        f"SELECT setval('cashback_wallet_id_seq', {FIRST_WALLET + customers})",
        """
        INSERT INTO cashback_rule (reference, name, status, percent, items, conditions, audience, tiers,
            schedule, pending_days, expires_after_days, clawback, terms, stamp, created_at, revision)
        VALUES ('tea', 'Tea', 'active', 20000, '{"include": {"categories": ["tea"]}}', '{}', '{}', '[]',
            '{}', 14, 365, 'debt', '{}', 1, now(), 1)
        """,
        """
        INSERT INTO cashback_rulestamp (id, version) VALUES (1, 1)
        ON CONFLICT (id) DO UPDATE SET version = cashback_rulestamp.version + 1
        """,
    )


def seed_people(database_url: str, customers: int) -> None:
    """Customers without a past."""
    sql.run(
        database_url,
        customers_sql(customers),
        f"SELECT setval('customers_customer_id_seq', {FIRST_CUSTOMER + customers})",
    )


def seed_pending_lots(database_url: str, customers: int) -> None:
    """Five orders of each customer that have earned, delivered so that lots mature from MATURING_FROM on."""
    lots = f"""
        SELECT {FIRST_ORDER} * 10 + n * {LOTS_EACH} + k AS key, {FIRST_CUSTOMER} + n AS customer,
            {FIRST_WALLET} + n AS wallet, k, timestamptz '{MATURING_FROM}' + k * interval '1 hour' AS due
        FROM generate_series(1, {customers}) AS n, generate_series(1, {LOTS_EACH}) AS k
    """
    accounts = """
        JOIN cashback_account AS pending ON pending.wallet_id = wallet AND pending.kind = 'pending'
        CROSS JOIN (SELECT id FROM cashback_account WHERE kind = 'expense') AS expense
        CROSS JOIN (SELECT id FROM cashback_rule LIMIT 1) AS rule
    """
    # Several statements in one string are one transaction: transfers come with their postings.
    sql.run(
        database_url,
        f"""
        INSERT INTO customers_order (id, reference, customer_id, currency, status, placed_at,
            channel, partner_reference, shipping_amount, shipping_discount, shipping_cashback,
            shipping_refunded, tracking_url, is_redeemed, created_at, revision)
        SELECT key, 'earned-' || key, customer, 'EUR', 'paid', due - interval '14 days', 'web', '',
            0, 0, 0, false, '', false, now(), 1
        FROM ({lots}) AS lot
        """,
        f"""
        INSERT INTO cashback_posting (id, wallet_id, kind, source_kind, source_ref, sequence,
            order_id, at, posted_at, actor)
        SELECT key, wallet, 'earn', 'order', key::text, 0, key, due - interval '14 days', now(), 'system'
        FROM ({lots}) AS lot ORDER BY 1;
        INSERT INTO cashback_lot (id, wallet_id, account_id, posting_id, amount, remaining, order_id,
            rule_id, promotion_reference, partner_amount, partner_percent, clawback, pending_days,
            expires_after_days, terms, available_at, expires_at, expiries, absorbed, created_at)
        SELECT key, wallet, pending.id, key, {AMOUNT}, {AMOUNT}, key, rule.id, '', 0, 0, 'debt', 14, 365,
            '{{}}', due, date_trunc('day', due) + interval '366 days 23 hours', 0, 0, now()
        FROM ({lots}) AS lot {accounts} ORDER BY 1;
        INSERT INTO cashback_lotshare (lot_id, line_id, position, amount, taken_back)
        SELECT key, '1', 0, {AMOUNT}, 0 FROM ({lots}) AS lot;
        INSERT INTO cashback_transfer (posting_id, debit_account_id, credit_account_id, currency, amount,
            lot_id, credit_after)
        SELECT key, expense.id, pending.id, 'EUR', {AMOUNT}, key, k * {AMOUNT}
        FROM ({lots}) AS lot {accounts} ORDER BY 1;
        """,
        f"""
        UPDATE cashback_wallet SET pending = {AMOUNT * LOTS_EACH},
            due_at = timestamptz '{MATURING_FROM}' + interval '1 hour'
        """,
        "SELECT setval('cashback_posting_id_seq', (SELECT max(id) FROM cashback_posting))",
        "SELECT setval('cashback_lot_id_seq', (SELECT max(id) FROM cashback_lot))",
        "SELECT setval('customers_order_id_seq', (SELECT max(id) FROM customers_order))",
    )


def settle(database_url: str) -> None:
    """Statistics, and nothing left to write in the background."""
    sql.run(database_url, "VACUUM ANALYZE", "CHECKPOINT")


def _at(servers: Stack, name: str) -> Service:
    url = with_database(servers.database_url, name)
    own = replace(servers, variables={**servers.variables, "DATABASE_URL": url})
    return Service(servers=own, port=0, api_key="")
