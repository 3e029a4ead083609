"""Fields of segment rules about cashback. Nobody has earned any yet, so every amount is 0."""

from typing import Annotated

from msgspec import Meta, Struct

from common.fields import Currency
from customers.domain.rules import Leaf, Words
from customers.queries.fields.field import Field, Found


class BalanceOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """Amounts are of one currency."""

    currency: Currency


class ExpiringOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """What expires within so many times 24 hours."""

    currency: Currency
    within_days: Annotated[int, Meta(ge=1, le=36_500)]


def fields() -> list[Field]:
    """What the customer can spend, will be able to, and may lose."""
    return [
        Field(
            f"cashback.{name}", "number", Words(english, german), _nothing, options, is_money=True
        )
        for name, english, german, options in (
            ("available", "Cashback available", "Verfügbares Cashback", BalanceOptions),
            ("pending", "Cashback pending", "Vorgemerktes Cashback", BalanceOptions),
            ("expiring", "Cashback about to expire", "Bald verfallendes Cashback", ExpiringOptions),
        )
    ]


def _nothing(leaf: Leaf) -> Found:
    return Found("0")
