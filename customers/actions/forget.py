"""Forgetting a customer: what `customers` itself holds, and what the apps above hold.

Locks come in the order of all other acts: reservations, orders, counts and codes, and those of hot
counters last, in closing statements. So an erasure waits for a checkout or a checkout for it, never
each for the other.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from django.db import connection

from journal.actions.deliveries import forget_answers

Closing = Callable[[], None]


class Forget(Protocol):
    """An app's part: erase what it holds of the customer with this key, in the caller's transaction.

    It may be called again, and then does what is left to do. Gives its closing statement, if any.
    """

    def __call__(self, *, customer_key: int, now: datetime) -> Closing | None: ...


Hold = Callable[[int], None]

_parts: list[Forget] = []
_holds: list[Hold] = []

#: All of it is the customer's alone, but a list that is one shorter then.
_DELETIONS = (
    "DELETE FROM customers_event WHERE customer_id = %(key)s",
    "DELETE FROM customers_membership WHERE customer_id = %(key)s",
    "DELETE FROM customers_contactpreference WHERE customer_id = %(key)s",
    "DELETE FROM customers_consent WHERE customer_id = %(key)s",
    # The history says what was agreed to and when; its evidence leads to the person.
    """
    UPDATE customers_consentrecord SET source = '', text_version = '', ip_address = '', address = ''
    WHERE customer_id = %(key)s AND (source, text_version, ip_address, address) <> ('', '', '', '')
    """,
    # Where a parcel is, is where somebody lives.
    """
    UPDATE customers_order SET tracking_url = '', revision = revision + 1
    WHERE id IN (SELECT id FROM customers_order
        WHERE customer_id = %(key)s AND tracking_url <> '' ORDER BY reference FOR NO KEY UPDATE)
    """,
    # In the order of whoever replaces a list: first the segment, then its members.
    """
    WITH lists AS (
        SELECT id FROM customers_segment
        WHERE kind = 'static' AND id IN (
            SELECT segment_id FROM customers_segmentmember WHERE customer_id = %(key)s)
        ORDER BY id FOR NO KEY UPDATE)
    UPDATE customers_segment AS segment
    SET member_count = greatest(member_count - 1, 0), revision = revision + 1
    FROM lists WHERE segment.id = lists.id
    """,
    "DELETE FROM customers_segmentmember WHERE customer_id = %(key)s",
    "DELETE FROM customers_segmentpassage WHERE customer_id = %(key)s",
)


def register_forget(part: Forget, *, hold: Hold | None = None) -> None:
    """Say what an app above has to forget; called once each, when the service starts, in the order
    of the locks. `hold` locks those of the customer's rows that come before any order.
    """
    if part not in _parts:
        _parts.append(part)
        if hold is not None:
            _holds.append(hold)


def forget(*, customer_key: int, now: datetime) -> Closing:
    """Erase what is held of the customer but for the row itself; the closing statements of all."""
    for hold in _holds:
        hold(customer_key)
    with connection.cursor() as cursor:
        for statement in _DELETIONS:
            cursor.execute(statement, {"key": customer_key})
    closings = [part(customer_key=customer_key, now=now) for part in _parts]
    forget_answers(customer_key=customer_key)

    def close() -> None:
        for closing in closings:
            if closing is not None:
                closing()

    return close
