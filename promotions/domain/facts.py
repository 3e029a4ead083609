"""What the world outside tells the domain: people, codes and counters, read by the caller.

All are values of one instant. Absent counters mean "never used". A checkout that already holds
something takes its own hold off these numbers before it asks, so that it never stands in its own
way.
"""

from datetime import datetime

from msgspec import Struct


class CustomerFacts(Struct, frozen=True):
    """The shopper. `signed_in` is false for a guest; then nothing else is true of them."""

    signed_in: bool = False
    #: Whether the customer has `registered_at`.
    registered: bool = False
    #: Recorded or redeemed here, not cancelled, placed before the instant of the call.
    earlier_orders: int = 0
    #: Ids of the segments that the customer is in, of those that the offers ask about.
    segments: frozenset[str] = frozenset()


GUEST = CustomerFacts()


class CodeFacts(Struct, frozen=True):
    """One code that was looked up. An unknown one has `found` false and nothing else."""

    #: Normalised; the cart holds the shopper's own spelling.
    code: str
    found: bool = True
    #: Held by another customer, or personal and the caller is a guest.
    foreign: bool = False
    id: int | None = None
    #: Database key of its promotion.
    promotion_key: int | None = None
    personal: bool = False
    enabled: bool = True
    #: The code's own window, start inclusive, end exclusive.
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    #: The limit in force (`codes.limit_in_force`); `None`: none.
    limit: int | None = None
    used: int = 0
    held: int = 0


class PromotionUsage(Struct, frozen=True):
    """Counters of a promotion: uses, and discount given in minor units; held ones apart."""

    used: int = 0
    held: int = 0
    spent: int = 0
    held_amount: int = 0


class CustomerUsage(Struct, frozen=True):
    """How often one customer has used one promotion; held uses apart."""

    used: int = 0
    held: int = 0


NEVER_USED = PromotionUsage()
NEVER_USED_BY_CUSTOMER = CustomerUsage()
