"""What stands in a customer's wallet."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from cashback.domain.balances import Balance
from checkout.domain.next_step import Entry
from customers.domain.memberships import PlanName


class CurrentMembership(Struct, frozen=True, kw_only=True):
    """A membership that the customer has at the instant of the call."""

    plan_id: str
    name: PlanName
    #: As the plan tells them.
    benefits: dict[str, Any]
    starts_at: datetime
    ends_at: datetime | None


class Wallet(Struct, frozen=True, kw_only=True):
    """The customer's account page, in the caller's language."""

    codes: Sequence[Entry]
    #: Of promotions that need no code and are for few, those that this customer has or may get.
    offers: Sequence[Entry]
    cashback: Sequence[Balance]
    memberships: Sequence[CurrentMembership]
    next_step: str
