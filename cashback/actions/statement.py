"""A customer's statement: what is due is booked, and then told."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from cashback.actions.due import touch
from cashback.domain.entries import Entry
from cashback.queries.statement import currencies_of, entries, has_due


class StatementEntry(NamedTuple):
    """An entry and the currency of its wallet."""

    currency: str
    entry: Entry


def statement(
    *,
    customer_key: int,
    currency: str | None,
    after: tuple[int, int] | None,
    limit: int,
    now: datetime,
) -> list[StatementEntry]:
    """Up to `limit` entries, newest first, from the one after the place `after`; of one currency, or all.

    What is due by `now` is booked before, in a transaction of its own: nothing is told that is not in the
    books, and nothing is missing because no job has run. 2 statements and 1 for each currency; where
    something is due, those of `touch` as well.
    """
    if has_due(customer_key, now=now):
        with transaction.atomic():
            touch(customer_key=customer_key, now=now)
    asked = currencies_of(customer_key) if currency is None else [currency]
    found = [
        StatementEntry(each, entry)
        for each in asked
        for entry in entries(customer_key=customer_key, currency=each, after=after, limit=limit)
    ]
    found.sort(key=lambda row: (row.entry.posting_key, row.entry.place), reverse=True)
    return found[:limit]
