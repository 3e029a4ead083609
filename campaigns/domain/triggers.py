"""What sets a campaign off, in the contract's own words."""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Struct

from campaigns.domain.recurrence_text import MAX_TEXT, BadRule, parse_rule
from common.errors import FieldError
from common.fields import Instant, ShopId, Word, spelled
from common.instants import instant_errors
from customers.domain.orders import Status

LocalTime = Annotated[
    str,
    spelled(
        r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)",
        "A time of day from 00:00 to 23:59.",
        description="By the clocks of the campaign's `timezone`.",
        examples=["09:00"],
    ),
]
#: When a customer gets what is due on a day, unless the campaign says otherwise.
MORNING = "09:00"
DaysBefore = Annotated[int, Meta(ge=0, le=365)]
DelayMinutes = Annotated[
    int, Meta(ge=0, le=366 * 24 * 60, description="How long after it happened.")
]
RuleText = Annotated[
    str,
    Meta(
        max_length=MAX_TEXT,
        description="RFC 5545, by days and longer; its first day is that of scheduling.",
        examples=["FREQ=WEEKLY;BYDAY=MO"],
    ),
]


class _Trigger(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """The kind and what it needs, nothing else."""


class Once(_Trigger, frozen=True, kw_only=True, tag="once"):
    """At an instant, the same for everybody."""

    at: Instant


class Recurring(_Trigger, frozen=True, kw_only=True, tag="recurring"):
    """On the days that a rule names."""

    rrule: RuleText
    local_time: LocalTime = MORNING


class Birthday(_Trigger, frozen=True, kw_only=True, tag="birthday"):
    """Each year, so many days before the customer's birthday."""

    days_before: DaysBefore = 0
    local_time: LocalTime = MORNING


class Anniversary(_Trigger, frozen=True, kw_only=True, tag="anniversary"):
    """Each year, so many days before the day on which the customer registered, from the first year on."""

    days_before: DaysBefore = 0
    local_time: LocalTime = MORNING


class Inactive(_Trigger, frozen=True, kw_only=True, tag="inactive"):
    """So many days after the customer's last order, once for each pause."""

    days: Annotated[int, Meta(ge=1, le=3_650)]
    local_time: LocalTime = MORNING


class OrderReached(_Trigger, frozen=True, kw_only=True, tag="order"):
    """When an order has come to a status."""

    status: Status
    delay_minutes: DelayMinutes = 0


class EventHappened(_Trigger, frozen=True, kw_only=True, tag="event"):
    """When the shop tells of an event with this name."""

    name: Word
    delay_minutes: DelayMinutes = 0


class SegmentEntered(_Trigger, frozen=True, kw_only=True, tag="segment_entered"):
    """When a customer comes into a dynamic segment."""

    segment_id: ShopId


class CodeExpiring(_Trigger, frozen=True, kw_only=True, tag="code_expiring"):
    """So many days before the last day of a personal code that can still be used."""

    days_before: DaysBefore = 7
    local_time: LocalTime = MORNING


class CashbackAvailable(_Trigger, frozen=True, kw_only=True, tag="cashback_available"):
    """When cashback that an order earned can be spent; once a day at most."""


class CashbackExpiring(_Trigger, frozen=True, kw_only=True, tag="cashback_expiring"):
    """So many days before the last day of cashback that can be spent."""

    days_before: DaysBefore = 7
    local_time: LocalTime = MORNING


class MembershipEnding(_Trigger, frozen=True, kw_only=True, tag="membership_ending"):
    """So many days before the last day of a membership."""

    days_before: DaysBefore = 7
    local_time: LocalTime = MORNING


#: Those that set off each customer at another time, by what happens to the customer.
PerCustomer = (
    Birthday
    | Anniversary
    | Inactive
    | OrderReached
    | EventHappened
    | SegmentEntered
    | CodeExpiring
    | CashbackAvailable
    | CashbackExpiring
    | MembershipEnding
)
Trigger = Once | Recurring | PerCustomer


def trigger_errors(trigger: Trigger) -> list[FieldError]:
    """Everything that is wrong with a trigger beyond the form of its fields; bounded work.

    >>> [(wrong.pointer, wrong.detail) for wrong in trigger_errors(Recurring(rrule="FREQ=HOURLY"))]
    [('/trigger/rrule', 'FREQ is DAILY, WEEKLY, MONTHLY or YEARLY.')]
    """
    return list(_errors(trigger))


def _errors(trigger: Trigger) -> Iterator[FieldError]:
    match trigger:
        case Once(at=at):
            yield from instant_errors({"/trigger/at": at})
        case Recurring(rrule=rrule):
            try:
                parse_rule(rrule)
            except BadRule as wrong:
                yield FieldError("/trigger/rrule", "invalid", str(wrong))
