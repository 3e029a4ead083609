"""Fields of segment rules about cashback: what a customer has in a currency at an instant."""

from collections.abc import Callable
from typing import Annotated, Any

from msgspec import Meta, Struct

from cashback.queries.standing import lots_sql, wallets_sql
from common.fields import Currency
from customers.domain.rules import Leaf, Words
from customers.queries.fields.field import NOW, Field, Found, Source, literal


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
        Field(f"cashback.{name}", "number", Words(english, german), find, options, is_money=True)
        for name, english, german, find, options in _FIELDS
    ]


def _available(leaf: Leaf) -> Found:
    return _standing("available", leaf)


def _pending(leaf: Leaf) -> Found:
    return _standing("pending", leaf)


def _standing(balance: str, leaf: Leaf) -> Found:
    """Both balances of a currency are one source."""
    wallets = wallets_sql(wallets=_wallets(leaf.options.currency), at=NOW)
    text = f"SELECT customer_id, available, pending FROM ({wallets}) AS standing"
    return Found(f"coalesce({{s}}.{balance}, 0)", Source(text, key="wallet.customer_id"))


def _expiring(leaf: Leaf) -> Found:
    """What is available now and ends by then."""
    within = f"{NOW} + {leaf.options.within_days} * interval '24 hours'"
    text = f"""
        SELECT wallet.customer_id, sum(lot.available)::bigint AS amount
        FROM ({lots_sql(wallets=_wallets(leaf.options.currency), at=NOW)}) AS lot
        JOIN cashback_wallet AS wallet ON wallet.id = lot.wallet_id
        WHERE lot.expires_at <= {within} {{one}}
        GROUP BY wallet.customer_id"""
    return Found("coalesce({s}.amount, 0)", Source(text, key="wallet.customer_id"))


def _wallets(currency: str) -> str:
    """The rows of wallets; of one customer where the source is narrowed."""
    return (
        "SELECT wallet.* FROM cashback_wallet AS wallet"
        f" WHERE wallet.currency = {literal(currency)} {{one}}"
    )


_FIELDS: tuple[tuple[str, str, str, Callable[[Leaf], Found], type[Any]], ...] = (
    ("available", "Cashback available", "Verfügbares Cashback", _available, BalanceOptions),
    ("pending", "Cashback pending", "Vorgemerktes Cashback", _pending, BalanceOptions),
    ("expiring", "Cashback about to expire", "Bald verfallendes Cashback", _expiring,
     ExpiringOptions),
)  # fmt: skip
