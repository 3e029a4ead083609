"""The field types of the contract, with their bounds: one declaration for decoding and schema."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from common.money import MAX_AMOUNT

# `$` alone would let a final line break pass.
_END = r"$(?!\n)"

ShopId = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9._:-]{1,128}" + _END,
        description="An id of the shop's own: 1-128 of letters, digits and `._:-`.",
        examples=["c1"],
    ),
]
Currency = Annotated[
    str, Meta(pattern=r"^[A-Z]{3}" + _END, description="ISO 4217.", examples=["EUR"])
]
Country = Annotated[
    str,
    Meta(pattern=r"^[A-Z]{2}" + _END, description="ISO 3166-1 alpha-2.", examples=["DE"]),
]
Amount = Annotated[
    int,
    Meta(ge=0, le=MAX_AMOUNT, description="Minor units of the currency.", examples=[1999]),
]
PositiveAmount = Annotated[
    int,
    Meta(ge=1, le=MAX_AMOUNT, description="Minor units of the currency, above zero."),
]
Percent = Annotated[
    str,
    Meta(
        pattern=r"^(?=.*[1-9])(100(\.0{1,4})?|[1-9]?[0-9](\.[0-9]{1,4})?)" + _END,
        description="A percentage above 0 up to 100, at most 4 decimals.",
        examples=["12.5"],
    ),
]
Multiplier = Annotated[
    str,
    Meta(
        pattern=r"^(?!1(\.0{1,4})?$)(100(\.0{1,4})?|[1-9][0-9]?(\.[0-9]{1,4})?)" + _END,
        description="How many times, above 1 up to 100, at most 4 decimals.",
        examples=["2"],
    ),
]
#: Text without NUL, which PostgreSQL cannot hold.
Word = Annotated[str, Meta(min_length=1, max_length=128, pattern="^[^\\x00]+$")]
ShortText = Annotated[str, Meta(max_length=255, pattern="^[^\\x00]*$")]
LongText = Annotated[str, Meta(max_length=10_000, pattern="^[^\\x00]*$")]
Instant = Annotated[
    datetime,
    Meta(
        tz=True,
        description="RFC 3339 with an offset.",
        examples=["2026-01-05T09:00:00+01:00"],
    ),
]
