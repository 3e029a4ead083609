"""What stands in a customer's wallet."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from cashback.domain.balances import Balance
from checkout.domain.next_step import Entry


class OwnMembership(Struct, frozen=True, kw_only=True):
    """A membership that the customer has at the instant of the call, or will have."""

    plan_id: str
    #: In the caller's language, as the benefits.
    name: str
    benefits: Sequence[str]
    status: Literal["active", "upcoming"]
    starts_at: datetime
    ends_at: datetime | None


class Wallet(Struct, frozen=True, kw_only=True):
    """The customer's account page, in the caller's language."""

    codes: Sequence[Entry]
    #: Of promotions that need no code and are for few, those that this customer has or may get.
    offers: Sequence[Entry]
    cashback: Sequence[Balance]
    memberships: Sequence[OwnMembership]
    next_step: str
