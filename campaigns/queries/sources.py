"""Which SELECT finds who is due for a campaign."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from campaigns.domain.triggers import (
    Anniversary,
    Birthday,
    CashbackAvailable,
    CashbackExpiring,
    CodeExpiring,
    EventHappened,
    Inactive,
    MembershipEnding,
    OrderReached,
    PerCustomer,
    SegmentEntered,
)
from cashback.queries.due_credit import available_credit, expiring_credit
from customers.queries.due.birthdays import anniversaries, birthdays
from customers.queries.due.events import events
from customers.queries.due.inactive import inactive
from customers.queries.due.memberships import memberships
from customers.queries.due.orders import orders
from customers.queries.due.passages import passages
from customers.queries.due.rows import DueRows
from promotions.queries.due_codes import expiring_codes


class Source(NamedTuple):
    """The SELECT of who is due (its columns: `customers.queries.due.rows`), and its parameters but `since`
    and `until`. Local: it finds a `local_date`, for the campaign's `local_time`; else an instant, `at`.
    """

    sql: str
    binds: Mapping[str, Any]
    is_local: bool


def source_of(trigger: PerCustomer) -> Source:
    """Where those come from whom the trigger sets off, each at another time."""
    at_instants = OrderReached | EventHappened | SegmentEntered | CashbackAvailable
    return Source(*_rows_of(trigger), is_local=not isinstance(trigger, at_instants))


def _rows_of(trigger: PerCustomer) -> DueRows:  # noqa: C901  # a table of kinds
    match trigger:
        case Birthday(days_before=days):
            return birthdays(days_before=days)
        case Anniversary(days_before=days):
            return anniversaries(days_before=days)
        case Inactive(days=days):
            return inactive(days=days)
        case OrderReached(status=status, delay_minutes=delay):
            return orders(status=status, delay_minutes=delay)
        case EventHappened(name=name, delay_minutes=delay):
            return events(name=name, delay_minutes=delay)
        case SegmentEntered(segment_id=segment):
            return passages(segment_id=segment)
        case CodeExpiring(days_before=days):
            return expiring_codes(days_before=days)
        case CashbackAvailable():
            return available_credit()
        case CashbackExpiring(days_before=days):
            return expiring_credit(days_before=days)
        case MembershipEnding(days_before=days):
            return memberships(days_before=days)
