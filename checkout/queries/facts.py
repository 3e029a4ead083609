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
_SCALARS = f"""
    (SELECT id FROM who), (SELECT is_registered FROM who), {customers.EARLIER_ORDERS},
    {customers.SEGMENTS}, {access.guess_count_sql()}, {promotions.SCALARS}"""
_OF_CART = Statement("facts_of_cart", f"{_TABLES} SELECT NULL, NULL, {_SCALARS}")
#: Takes the order's turn as it reads: what was written while it waited is not seen.
_OF_ORDER = Statement(
    "facts_of_order",
    f"""
    {_TABLES} SELECT pg_advisory_xact_lock(%(order_lock)s::bigint), (
        SELECT redemption.id FROM checkout_redemption AS redemption
        JOIN customers_order AS placed ON placed.id = redemption.order_id
        WHERE placed.reference = %(order)s::text), {_SCALARS}
    """,
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


def read_facts(
    *,
    customer_id: str | None,
    codes: Sequence[str],
    counted: Sequence[int],
    segments: Sequence[str],
    subjects: Sequence[bytes],
    now: datetime,
    order_id: str | None = None,
    own_reservation: UUID | None = None,
) -> Facts:
    """Read once. `segments` are those that are asked for. `order_id` is never an earlier order of itself, nor does a hold bar itself.

    With `order_id` the lock on the order's id is taken, too.
    """
    with connection.cursor() as cursor:
        (_OF_CART if order_id is None else _OF_ORDER).run(
            cursor,
            {
                "customer": customer_id,
                "order": order_id,
                "order_lock": None if order_id is None else turn_key(order_turn(order_id)),
                "now": now,
                "codes": list(codes),
                "counted": list(counted),
                "segments": list(segments),
                "own_reservation": own_reservation,
                "subjects": list(subjects),
                "guesses_since": now - access.GUESS_WINDOW,
            },
        )
        _, redemption_id, key, is_registered, earlier_orders, member_of, guesses, *counts = (
            cursor.fetchone()
        )
    customer = GUEST
    if customer_id is not None:
        customer = CustomerFacts(
            signed_in=True,
            registered=bool(is_registered),
            earlier_orders=earlier_orders,
            segments=frozenset(member_of or ()),
        )
    return Facts(key, customer, guesses, redemption_id, promotions.parse(counts))
