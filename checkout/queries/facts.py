"""The one statement of a checkout call: everything that pricing must know, of one instant."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from msgspec import Struct

from access import queries as access
from common.statements import Statement
from customers.domain.turns import order_turn, turn_key
from customers.queries import facts as customers
from promotions.domain.facts import GUEST, CustomerFacts
from promotions.queries import facts as promotions

_TABLES = f"WITH {customers.WHO}, {promotions.COMMON_TABLES}"


def _scalars(earlier_orders: str) -> str:
    return f"""
        (SELECT id FROM who), (SELECT is_registered FROM who), {earlier_orders},
        {customers.SEGMENTS}, {access.guess_count_sql()}, {promotions.SCALARS}"""


def _statements(suffix: str, scalars: str) -> tuple[Statement, Statement, Statement]:
    of_price = Statement(
        f"facts_of_price{suffix}",
        f"{_TABLES} SELECT {access.live_key_sql('checkout')}, NULL, NULL, {scalars}",
    )
    of_cart = Statement(
        f"facts_of_cart{suffix}",
        f"""
        {_TABLES}, {promotions.OWN_TABLE}
        SELECT NULL, NULL, {promotions.OWN_SCALAR}, {scalars}
        """,
    )
    of_order = Statement(
        f"facts_of_order{suffix}",
        f"""
        {_TABLES} SELECT pg_advisory_xact_lock(%(order_lock)s::bigint), (
            SELECT redemption.id FROM checkout_redemption AS redemption
            JOIN customers_order AS placed ON placed.id = redemption.order_id
            WHERE placed.reference = %(order)s::text), NULL, {scalars}
        """,
    )
    return of_price, of_cart, of_order


#: By whether earlier orders are counted, which few promotions ask for: for whoever only asks, where
#: the caller's key may be confirmed by the way; for a cart that may hold something already; for an
#: order, whose turn is taken as it reads: what was written while it waited is not seen.
_STATEMENTS = {
    True: _statements("_orders", _scalars(customers.EARLIER_ORDERS)),
    False: _statements("", _scalars("0")),
}


class Facts(Struct, frozen=True):
    """What the database says about one checkout call."""

    #: None: a guest, or a customer that the service has not seen yet.
    customer_key: int | None
    customer: CustomerFacts
    failed_guesses: int
    #: The redemption that the order has already.
    redemption_id: UUID | None
    counts: promotions.Counts
    #: The key that was claimed is live; true where none was.
    claim_holds: bool


def read_facts(
    *,
    customer_id: str | None,
    codes: Sequence[str],
    counted: Sequence[int],
    segments: Sequence[str],
    counts_orders: bool,
    subjects: Sequence[bytes],
    now: datetime,
    order_id: str | None = None,
    own_reservation: UUID | None = None,
    claim: access.KeyClaim | None = None,
) -> Facts:
    """Read once. `segments` are those that are asked for; a hold does not bar itself. The customer's
    earlier orders are 0 unless `counts_orders`.

    With `order_id` the lock on the order's id is taken, too. `claim` is heeded where neither an
    order nor a reservation is given.
    """
    parameters = {
        "customer": customer_id,
        "order": order_id,
        "now": now,
        "codes": list(codes),
        "counted": list(counted),
        "segments": list(segments),
        "subjects": list(subjects),
        "guesses_since": now - access.GUESS_WINDOW,
    }
    of_price, of_cart, of_order = _STATEMENTS[counts_orders]
    with connection.cursor() as cursor:
        if order_id is not None:
            lock = turn_key(order_turn(order_id))
            of_order.run(cursor, {**parameters, "order_lock": lock})
        elif own_reservation is not None:
            of_cart.run(cursor, {**parameters, "own_reservation": own_reservation})
        else:
            _, key_id, digest = claim or (None, None, None)
            of_price.run(cursor, {**parameters, "key_id": key_id, "key_digest": digest})
        first, redemption_id, own, key, is_registered, earlier, member_of, guesses, *counts = (
            cursor.fetchone()
        )
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
        claim_holds=first is not False,
    )
