"""The one statement of a checkout call: everything that pricing must know, of one instant."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from msgspec import Struct

from access import queries as access
from cashback.domain.earning import month_of
from cashback.queries import facts as cashback
from cashback.queries import rule_book
from cashback.queries.rule_book import RuleBook
from cashback.queries.shop import shop_zone
from common.statements import Statement, text_array, value_array
from customers.domain.turns import order_turn, turn_key
from customers.queries import facts as customers
from customers.queries.segment_book import STAMP, SegmentBook, audience_sql
from promotions.domain.facts import GUEST, CustomerFacts
from promotions.queries import facts as promotions

_TABLES = f"WITH {customers.WHO}, {promotions.COMMON_TABLES}"


class Statements(NamedTuple):
    """The statement in its three forms."""

    #: For whoever only asks: the caller's key may be confirmed by the way.
    of_price: Statement
    #: For a cart that may hold something already.
    of_cart: Statement
    #: Takes the order's turn as it reads: what was written while it waited is not seen.
    of_order: Statement


@lru_cache(maxsize=100)
def _statements(
    segments: SegmentBook,
    asked: tuple[str, ...],
    *,
    counts_orders: bool,
    is_capped: bool,
    reads_lots: bool,
) -> Statements:
    """With the rules of the segments asked for in them, the customer's earlier orders only where a
    promotion asks for these, the month's cashback only where a rule is capped by it, and its lots
    only where something of them is due.
    """
    orders = customers.EARLIER_ORDERS if counts_orders else "0"
    scalars = f"""
        (SELECT id FROM who), (SELECT is_registered FROM who), {orders},
        {STAMP}, {audience_sql(segments, asked)}, {access.guess_count_sql()},
        {rule_book.STAMP}, {cashback.STANDING if reads_lots else cashback.BOOKED},
        {cashback.GIVEN if is_capped else "NULL"},
        {promotions.SCALARS}"""
    version = blake2b(scalars.encode(), digest_size=8).hexdigest()

    def statement(name: str, values: str, tables: str = "") -> Statement:
        # EXECUTE copies the outermost list of columns at each call, all that is below it included.
        text = f"{_TABLES}{tables} SELECT * FROM (SELECT {values}, {scalars}) AS facts"
        return Statement(f"{name}_{version}", text, family=name)

    return Statements(
        of_price=statement(
            "facts_of_price", f"{access.live_key_sql('checkout')}, NULL, NULL, NULL"
        ),
        of_cart=statement(
            "facts_of_cart",
            f"NULL, NULL, {promotions.OWN_SCALAR}, {cashback.OWN}",
            f", {promotions.OWN_TABLE}",
        ),
        of_order=statement(
            "facts_of_order",
            """pg_advisory_xact_lock(%(order_lock)s::bigint), (
                SELECT redemption.id FROM checkout_redemption AS redemption
                JOIN customers_order AS placed ON placed.id = redemption.order_id
                WHERE placed.reference = %(order)s::text), NULL, NULL""",
        ),
    )


class Facts(Struct, frozen=True):
    """What the database says about one checkout call."""

    #: None: a guest, or a customer that the service has not seen yet.
    customer_key: int | None
    customer: CustomerFacts
    failed_guesses: int
    #: The redemption that the order has already.
    redemption_id: UUID | None
    counts: promotions.Counts
    cashback: cashback.CashbackFacts
    #: The version of all segments.
    segment_stamp: int
    #: The key that was claimed is live; true where none was.
    claim_holds: bool


def read_facts(
    *,
    customer_id: str | None,
    currency: str | None,
    codes: Sequence[str],
    counted: Sequence[int],
    segments: SegmentBook,
    asked_segments: tuple[str, ...],
    rules: RuleBook,
    counts_orders: bool,
    subjects: Sequence[bytes],
    now: datetime,
    order_id: str | None = None,
    own_reservation: UUID | None = None,
    claim: access.KeyClaim | None = None,
    reads_lots: bool = False,
) -> Facts:
    """Read once. `asked_segments` are those of `segments` that matter; a hold does not bar itself. The
    customer's earlier orders are 0 unless `counts_orders`; cashback is that in `currency`, as it is booked
    unless `reads_lots`.

    With `order_id` the lock on the order's id is taken, too. `claim` is heeded where neither an
    order nor a reservation is given.
    """
    # As texts: expressions would each be parsed and evaluated at both ends.
    parameters: dict[str, Any] = {
        "customer": customer_id,
        "currency": currency,
        "order": order_id,
        "now": now.isoformat(),
        "codes": text_array(codes),
        "counted": value_array(counted),
        "subjects": text_array([_hex(subject) for subject in subjects]),
        "guesses_since": (now - access.GUESS_WINDOW).isoformat(),
    }
    if rules.capped:
        begins, ends = month_of(now, zone=shop_zone())
        parameters |= {
            "capped": value_array(rules.capped),
            "month_begins": begins,
            "month_ends": ends,
        }
    statements = _statements(
        segments,
        asked_segments,
        counts_orders=counts_orders,
        is_capped=bool(rules.capped),
        reads_lots=reads_lots,
    )
    with connection.cursor() as cursor:
        if order_id is not None:
            lock = turn_key(order_turn(order_id))
            statements.of_order.run(cursor, {**parameters, "order_lock": lock})
        elif own_reservation is not None:
            statements.of_cart.run(cursor, {**parameters, "own_reservation": own_reservation})
        else:
            _, key_id, digest = claim or (None, None, None)
            told = {"key_id": key_id, "key_digest": _hex(digest) if digest is not None else None}
            statements.of_price.run(cursor, {**parameters, **told})
        row = cursor.fetchone()
    first, redemption_id, own, own_cashback, key, is_registered, earlier, *more = row
    stamp, member_of, guesses, rule_stamp, standing, given, *counts = more
    customer = GUEST
    if customer_id is not None:
        customer = CustomerFacts(
            signed_in=True,
            registered=bool(is_registered),
            earlier_orders=earlier,
            segments=frozenset(member_of or ()),
        )
    return Facts(
        customer_key=key,
        customer=customer,
        failed_guesses=guesses,
        redemption_id=redemption_id,
        counts=promotions.parse(counts, own),
        cashback=cashback.parse(rule_stamp, standing, given, own_cashback),
        segment_stamp=stamp or 0,
        claim_holds=first is not False,
    )


def _hex(raw: bytes) -> str:
    """As PostgreSQL writes bytes.

    >>> _hex(b"ab")
    '\\\\x6162'
    """
    return f"\\x{raw.hex()}"
