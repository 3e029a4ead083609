"""A line of a customer's statement."""

from datetime import datetime

from msgspec import Struct


class Entry(Struct, frozen=True):
    """What one posting did to one of the customer's accounts; minor units."""

    #: Its place in the statement: the newest has the highest.
    posting_key: int
    place: int
    at: datetime
    kind: str
    account: str
    #: How the account's balance changed; debt grows by what is owed.
    amount: int
    #: Of that account.
    balance_after: int
    #: The shop's ids.
    order_id: str | None
    rule_id: str | None
    promotion_id: str | None
    #: Why a person gave or took it.
    reason: str | None
    #: When the lot that it is about expires.
    expires_at: datetime | None
