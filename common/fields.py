"""The field types of the contract, with their bounds: one declaration for decoding and schema."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from common.money import MAX_AMOUNT

# `$` alone would let a final line break pass.
_END = r"$(?!\n)"

#: What a text must look like, in words, by its pattern.
_WORDS: dict[str, str] = {}


def spelled(pattern: str, words: str, **meta: Any) -> Meta:
    """Bounds of a text with a pattern; whoever misses it is told `words`, never the pattern."""
    _WORDS[pattern] = words
    return Meta(pattern=pattern, **meta)


def words_of(pattern: str) -> str | None:
    """The sentence of a pattern; None where it is none of ours."""
    return _WORDS.get(pattern)


#: PostgreSQL cannot hold NUL.
NO_NUL = spelled(r"^[^\x00]*$", "A text without the control character NUL.")
ShopId = Annotated[
    str,
    spelled(
        r"^[A-Za-z0-9._:-]{1,128}" + _END,
        "1-128 of letters, digits and ._:- are an id.",
        description="An id of the shop's own: 1-128 of letters, digits and `._:-`.",
        examples=["c1"],
    ),
]
Currency = Annotated[
    str,
    spelled(
        r"^[A-Z]{3}" + _END,
        "A currency of three capital letters, ISO 4217: EUR.",
        description="ISO 4217.",
        examples=["EUR"],
    ),
]
Country = Annotated[
    str,
    spelled(
        r"^[A-Z]{2}" + _END,
        "A country of two capital letters, ISO 3166-1: DE.",
        description="ISO 3166-1 alpha-2.",
        examples=["DE"],
    ),
]
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
IpAddress = Annotated[
    str,
    spelled(
        rf"^(?:{_BYTE}(?:\.{_BYTE}){{3}}|[0-9A-Fa-f]{{0,4}}(?::[0-9A-Fa-f]{{0,4}}){{2,7}}(?:\.[0-9]{{1,3}}){{0,3}})"
        + _END,
        "An IP address: 203.0.113.7 or 2001:db8::7.",
        max_length=45,
    ),
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
    spelled(
        r"^(?=.*[1-9])(100(\.0{1,4})?|[1-9]?[0-9](\.[0-9]{1,4})?)" + _END,
        'A percentage above 0 up to 100 with at most four decimals, as text: "12.5".',
        description="A percentage above 0 up to 100, at most 4 decimals.",
        examples=["12.5"],
    ),
]
Multiplier = Annotated[
    str,
    spelled(
        r"^(?!1(\.0{1,4})?$)(100(\.0{1,4})?|[1-9][0-9]?(\.[0-9]{1,4})?)" + _END,
        'A number above 1 up to 100 with at most four decimals, as text: "2.5".',
        description="How many times, above 1 up to 100, at most 4 decimals.",
        examples=["2"],
    ),
]
#: Text without NUL, which PostgreSQL cannot hold.
Word = Annotated[
    str,
    spelled(
        r"^[^\x00]+$",
        "A text without the control character NUL, and not an empty one.",
        min_length=1,
        max_length=128,
    ),
]
WebAddress = Annotated[
    str,
    spelled(
        r"^https?://[^\s\x00-\x20<>\"]+" + _END,
        "A web address: https://example.org/parcel/1.",
        max_length=2000,
    ),
]
ShortText = Annotated[str, NO_NUL, Meta(max_length=255)]
LongText = Annotated[str, NO_NUL, Meta(max_length=10_000)]
Instant = Annotated[
    datetime,
    Meta(
        tz=True,
        description="RFC 3339 with an offset.",
        examples=["2026-01-05T09:00:00+01:00"],
    ),
]


class Title(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line that shoppers read, in each language; a missing one is left out."""

    de: ShortText | None = None
    en: ShortText | None = None


class Terms(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The small print, in each language; a missing one is left out."""

    de: LongText | None = None
    en: LongText | None = None
