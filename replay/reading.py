"""The files of the Complete Journey as they are: one CSV per table, gzipped or not."""

import csv
import gzip
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple, TypeVar

Read = TypeVar("Read")


class UnreadableFile(Exception):
    """A file is missing, or a line of it is not what its heading promises."""


class Coupon(NamedTuple):
    """What identifies a coupon: the same `upc` returns in other campaigns with other products."""

    campaign_id: str
    upc: str


class Product(NamedTuple):
    """Empty where the grocer does not say."""

    category: str
    brand: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Both days are part of it."""

    campaign_id: str
    kind: str
    first_day: date
    last_day: date


class Redemption(NamedTuple):
    """Somebody handed in a coupon."""

    household_id: str
    coupon: Coupon
    day: date


class Purchase(NamedTuple):
    """A line of a receipt. `value` is what the shop received for it, in cents."""

    household_id: str
    basket_id: str
    product_id: str
    quantity: int
    value: int
    bought_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """All files together, in their own order; lists of products are sorted by number."""

    campaigns: Mapping[str, Campaign]
    members: Mapping[str, list[str]]
    scopes: Mapping[Coupon, list[str]]
    redemptions: list[Redemption]
    products: Mapping[str, Product]
    attributes: Mapping[str, dict[str, str]]
    purchases: list[Purchase]


def read_journey(folder: Path) -> Journey:
    """Read `folder`.

    Raises:
        UnreadableFile
    """
    return Journey(
        campaigns={campaign.campaign_id: campaign for campaign in _rows(folder, _campaign)},
        members=_grouped(_rows(folder, _member)),
        scopes=_grouped(_rows(folder, _covered)),
        redemptions=list(_rows(folder, _redemption)),
        products=dict(_rows(folder, _product)),
        attributes=dict(_rows(folder, _attributes)),
        purchases=list(_rows(folder, _purchase)),
    )


def by_number(identifier: str) -> int:
    """The grocer's ids are numbers: `9` stands before `10`."""
    return int(identifier)


def plain_id(text: str) -> str:
    """An id without the notation of large round numbers that some of them were written in.

    >>> plain_id("1029"), plain_id("9e+05"), plain_id("4.0128e+10")
    ('1029', '900000', '40128000000')

    Raises:
        ValueError: no whole number.
    """
    return text if text.isdecimal() else str(_whole(_decimal(text)))


def _campaign(row: dict[str, str]) -> Campaign:
    return Campaign(
        campaign_id=plain_id(row["campaign_id"]),
        kind=row["campaign_type"],
        first_day=date.fromisoformat(row["start_date"]),
        last_day=date.fromisoformat(row["end_date"]),
    )


def _member(row: dict[str, str]) -> tuple[str, str]:
    return plain_id(row["campaign_id"]), plain_id(row["household_id"])


def _covered(row: dict[str, str]) -> tuple[Coupon, str]:
    return Coupon(plain_id(row["campaign_id"]), plain_id(row["coupon_upc"])), plain_id(
        row["product_id"]
    )


def _redemption(row: dict[str, str]) -> Redemption:
    coupon = Coupon(plain_id(row["campaign_id"]), plain_id(row["coupon_upc"]))
    return Redemption(
        plain_id(row["household_id"]), coupon, date.fromisoformat(row["redemption_date"])
    )


def _product(row: dict[str, str]) -> tuple[str, Product]:
    return plain_id(row["product_id"]), Product(row["product_category"], row["brand"])


def _attributes(row: dict[str, str]) -> tuple[str, dict[str, str]]:
    told = {name: text for name, text in row.items() if text and name != "household_id"}
    return plain_id(row["household_id"]), told


def _purchase(row: dict[str, str]) -> Purchase:
    return Purchase(
        household_id=plain_id(row["household_id"]),
        basket_id=plain_id(row["basket_id"]),
        product_id=plain_id(row["product_id"]),
        quantity=int(row["quantity"]),
        value=cents(row["sales_value"]),
        # The till's own clock; no zone is told, so it is read as UTC.
        bought_at=datetime.fromisoformat(row["transaction_timestamp"]).replace(tzinfo=UTC),
    )


def cents(dollars: str) -> int:
    """Dollars as written, in cents.

    >>> cents("1.5"), cents("0.07"), cents("100.0")
    (150, 7, 10000)

    Raises:
        ValueError: no number, or a part of a cent.
    """
    return _whole(_decimal(dollars) * 100)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is no number") from None


def _whole(number: Decimal) -> int:
    if not number.is_finite() or number != int(number):
        raise ValueError(f"{number} is not whole")
    return int(number)


_FILES: dict[Callable[..., object], str] = {
    _campaign: "campaigns",
    _member: "campaign_households",
    _covered: "coupon_products",
    _redemption: "coupon_redemptions",
    _product: "products",
    _attributes: "demographics",
    _purchase: "transactions",
}


def _rows(folder: Path, read: Callable[[dict[str, str]], Read]) -> Iterator[Read]:
    """Each line of the file that `read` is made for, read."""
    path, stream = _open(folder, _FILES[read])
    with stream:
        lines = csv.DictReader(stream)
        for row in lines:
            try:
                yield read(row)
            except (KeyError, TypeError, ValueError) as wrong:
                raise UnreadableFile(f"{path}, line {lines.line_num}: {wrong}") from wrong


def _open(folder: Path, name: str) -> tuple[Path, io.TextIOBase]:
    packed, plain = folder / f"{name}.csv.gz", folder / f"{name}.csv"
    if packed.exists():
        return packed, gzip.open(packed, "rt", encoding="utf-8", newline="")
    if plain.exists():
        return plain, plain.open(encoding="utf-8", newline="")
    raise UnreadableFile(f"neither {packed} nor {plain} is there")


def _grouped(pairs: Iterator[tuple[Read, str]]) -> dict[Read, list[str]]:
    """Each key with its ids, every id once, sorted by number."""
    groups: dict[Read, set[str]] = {}
    for key, identifier in pairs:
        groups.setdefault(key, set()).add(identifier)
    return {key: sorted(found, key=by_number) for key, found in groups.items()}
