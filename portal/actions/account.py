"""Acts: open a customer's account, a page of their statement or purchases, or the statement of a month.

Each first books what is due, so that what is listed and what is summed up is the same.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from msgspec import Struct

from cashback.actions.due import touch
from cashback.domain.entries import Entry
from cashback.queries.earned import Coming, EarnedByOrder, coming, earned_by
from cashback.queries.payouts import latest_payouts
from cashback.queries.periods import months_of, period_of
from cashback.queries.shop import shop_zone
from cashback.queries.statement import currencies_of, entries, has_due
from checkout.actions.wallet import open_wallet
from checkout.domain.wallet import Wallet
from common.errors import NotFound
from common.reasons import Language
from customers.domain.orders import KnownOrder
from customers.queries.orders import orders_of_customer
from portal.domain.places import Place
from portal.domain.statement import Month, MonthStatement, account_statements, month_of

#: Rows of a page, and of the overview.
PAGE = 25
FEW = 5


class Purchase(Struct, frozen=True):
    """An order of the customer's, and what it has earned, if anything."""

    order: KnownOrder
    earned: EarnedByOrder | None


class OwnPayout(Struct, frozen=True, kw_only=True):
    """Money that was asked for, and how far that is."""

    amount: int
    currency: str
    #: Where to; empty once that was erased.
    masked: str
    status: str
    requested_at: datetime
    ended_at: datetime | None


class Account(Struct, frozen=True, kw_only=True):
    """All that the first page shows, as it is `at` an instant."""

    at: datetime
    wallet: Wallet
    coming: Sequence[Coming]
    purchases: Sequence[Purchase]
    has_more_purchases: bool
    #: The latest first.
    payouts: Sequence[OwnPayout]
    #: By currency, the latest first.
    entries: dict[str, list[Entry]]


class StatementPage(Struct, frozen=True):
    """Entries of one currency, newest first, and whether older ones follow."""

    entries: Sequence[Entry]
    has_more: bool
    months: Sequence[Month]


def open_account(
    *, customer_key: int, customer_id: str, language: Language, now: datetime
) -> Account:
    """
    Raises:
        NotFound
    """
    _book_due(customer_key, now=now)
    wallet = open_wallet(customer_id=customer_id, language=language, now=now)
    bought = orders_of_customer(customer_key, limit=FEW + 1)
    return Account(
        at=now,
        wallet=wallet,
        coming=coming(customer_key=customer_key),
        purchases=_purchases(bought[:FEW]),
        has_more_purchases=len(bought) > FEW,
        payouts=[
            OwnPayout(
                amount=payout.amount,
                currency=payout.wallet.currency,
                masked=payout.masked,
                status=payout.status,
                requested_at=payout.requested_at,
                ended_at=payout.ended_at,
            )
            for payout in latest_payouts(customer_key=customer_key, limit=FEW)
        ],
        entries={
            balance.currency: entries(
                customer_key=customer_key, currency=balance.currency, limit=FEW
            )
            for balance in wallet.cashback
        },
    )


def open_purchases(
    *, customer_key: int, before: tuple[datetime, int] | None
) -> tuple[list[Purchase], bool]:
    """A page of purchases, newest first, and whether older ones follow."""
    bought = orders_of_customer(customer_key, before=before, limit=PAGE + 1)
    return _purchases(bought[:PAGE]), len(bought) > PAGE


def open_statement(
    *, customer_key: int, currency: str, after: Place | None, now: datetime
) -> StatementPage:
    """A page of the statement.

    Raises:
        NotFound: the customer never had cashback in this currency.
    """
    if currency not in currencies_of(customer_key):
        raise NotFound
    _book_due(customer_key, now=now)
    found = entries(customer_key=customer_key, currency=currency, after=after, limit=PAGE + 1)
    months = months_of(customer_key=customer_key, currency=currency, zone=shop_zone())
    return StatementPage(
        found[:PAGE], len(found) > PAGE, [Month(month.year, month.month) for month in months]
    )


def open_month(*, customer_key: int, currency: str, month: Month, now: datetime) -> MonthStatement:
    """The statement of a month, the one under way included.

    Raises:
        NotFound: a month to come, or the customer never had cashback in this currency.
    """
    if currency not in currencies_of(customer_key):
        raise NotFound
    _book_due(customer_key, now=now)
    zone = shop_zone()
    if month > month_of(now.astimezone(zone)):
        raise NotFound
    until = month.next.begins_at(zone)
    period = period_of(
        customer_key=customer_key, currency=currency, since=month.begins_at(zone), until=until
    )
    return MonthStatement(
        month=month,
        currency=currency,
        accounts=account_statements(period.opening, period.entries),
        as_of=min(now, until),
        is_over=now >= until,
    )


def _book_due(customer_key: int, *, now: datetime) -> None:
    """No wallet is locked where nothing is due: who looks stands in nobody's way."""
    if has_due(customer_key, now=now):
        with transaction.atomic():
            touch(customer_key=customer_key, now=now)


def _purchases(orders: Sequence[KnownOrder]) -> list[Purchase]:
    earned = earned_by([order.key for order in orders]) if orders else {}
    return [Purchase(order, earned.get(order.key)) for order in orders]
