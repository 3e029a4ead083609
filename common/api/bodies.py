"""Reading a body strictly: what is not in the contract is refused, and the refusal names the field."""

import json
import math
import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from common.api.wording import STEP, in_words
from common.errors import DomainError, FieldError, ValidationFailed


class MalformedRequest(DomainError):
    """The body is not JSON."""

    code = "malformed_request"


class BodyTooLarge(DomainError):
    """The body is above the server's limit."""

    code = "body_too_large"


class UnsupportedMediaType(DomainError):
    """The body is of another media type."""

    code = "unsupported_media_type"


_NO_JSON = "The body is not valid JSON."
_AT_PATH = re.compile(r"^(?P<what>.*) - at `(?P<path>(?:key` in `)?[^`]*)`$", re.DOTALL)
_UNKNOWN = re.compile(r"unknown field `(?P<name>.*)`$", re.DOTALL)
_MISSING = re.compile(r"missing required field `(?P<name>.*)`$", re.DOTALL)
_AT_BYTE = re.compile(r"\(byte (?P<byte>\d+)\)$")
_SURROGATE = re.compile("[\ud800-\udfff]")
#: More would be beyond what a float can hold.
_MOST_DIGITS = 300


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder:
    return msgspec.json.Decoder(kind)


def read_bytes(
    request: HttpRequest, *, media_types: Sequence[str] = ("application/json",)
) -> bytes:
    """The raw body, if it is of one of `media_types`.

    Raises:
        UnsupportedMediaType, BodyTooLarge
    """
    if request.content_type not in media_types:
        raise UnsupportedMediaType(f"Send {media_types[0]}.")
    try:
        return request.body
    except RequestDataTooBig:
        raise BodyTooLarge from None


def has_body(request: HttpRequest) -> bool:
    """Whether the caller sent anything."""
    return request.META.get("CONTENT_LENGTH") not in {None, "", "0"}


def decode(raw: bytes, kind: Any) -> Any:
    """`raw` JSON as `kind`.

    Raises:
        MalformedRequest: it is not JSON.
        ValidationFailed: it is JSON, but not of this shape.
    """
    try:
        return _decoder(kind).decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as why:
        # It stops at the first wrong field: what follows may be no JSON at all.
        loose = _loosely(raw)
        if (unspeakable := unspeakable_error(loose)) is not None:
            raise ValidationFailed(errors=[unspeakable]) from None
        if not isinstance(why, msgspec.ValidationError):
            raise _malformed(why) from None
        raise ValidationFailed(errors=[field_error(str(why), kind, value=loose)]) from None


def decode_rows(raw: bytes) -> Any:
    """`raw` JSON as it is, with halves of surrogate pairs, and with infinity for numbers beyond all
    bounds: these spoil the row that they stand in (`convert_row`), not the others.

    Raises:
        MalformedRequest: it is not JSON.
    """
    try:
        return _decoder(Any).decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _loosely(raw)


def convert(value: object, kind: Any) -> Any:
    """An already parsed JSON value as `kind`, just as strictly.

    Raises:
        ValidationFailed
    """
    try:
        return msgspec.convert(value, kind)
    except UnicodeEncodeError:
        wrong = unspeakable_error(value)
        assert wrong is not None
    except msgspec.ValidationError as why:
        wrong = unspeakable_error(value) or field_error(str(why), kind, value=value)
    raise ValidationFailed(errors=[wrong])


def convert_row(value: object, kind: Any) -> Any:
    """A row of `decode_rows` as `kind`.

    Raises:
        ValidationFailed
    """
    if not _is_speakable(value):
        wrong = unspeakable_error(value)
        assert wrong is not None
        raise ValidationFailed(errors=[wrong])
    return convert(value, kind)


def unspeakable_error(value: object, *, at: str = "") -> FieldError | None:
    """The first thing that JSON may say, but neither msgspec nor PostgreSQL can."""
    if isinstance(value, str):
        if _SURROGATE.search(value):
            return FieldError(at, "invalid", "Half of a surrogate pair is no text.")
    elif isinstance(value, float):
        if not math.isfinite(value):
            return FieldError(at, "invalid", "This number is too large.")
    elif isinstance(value, dict):
        if any(_SURROGATE.search(name) for name in value):
            return FieldError(at, "invalid", "Half of a surrogate pair is no text.")
        parts = ((escape(name), part) for name, part in value.items())
        return _first_unspeakable(parts, at)
    elif isinstance(value, list):
        return _first_unspeakable(enumerate(value), at)
    return None


def field_error(message: str, kind: Any, *, value: object = None, at: str = "") -> FieldError:
    """What msgspec says of a `value` that is no `kind`, with its path as a JSON pointer below `at`.

    >>> wrong = field_error("Expected `int`, got `str` - at `$.lines[0].quantity`", Any)
    >>> wrong.pointer, wrong.detail
    ('/lines/0/quantity', 'This must be a whole number, not a text.')
    """
    located = _AT_PATH.match(message)
    what, path = (located["what"], located["path"]) if located else (message, "$")
    pointer = at + "".join(
        f"/{escape(name)}" if name else f"/{index}"
        for name, index, _ in STEP.findall(path)
        if name or index
    )
    if unknown := _UNKNOWN.search(what):
        return FieldError(
            f"{pointer}/{escape(unknown['name'])}",
            "unknown_field",
            "This field is not known.",
        )
    if missing := _MISSING.search(what):
        return FieldError(
            f"{pointer}/{escape(missing['name'])}",
            "required",
            "This field is required.",
        )
    return FieldError(pointer, "invalid", in_words(what, kind=kind, path=path, value=value))


def escape(name: str) -> str:
    """A member's name as a part of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def _first_unspeakable(parts: Iterable[tuple[object, object]], at: str) -> FieldError | None:
    found = (unspeakable_error(part, at=f"{at}/{name}") for name, part in parts)
    return next((wrong for wrong in found if wrong is not None), None)


def _is_speakable(value: object) -> bool:
    """Whether no half of a surrogate pair stands in it; faster than a look at each text."""
    try:
        msgspec.json.encode(value)
    except UnicodeEncodeError:
        return False
    except RecursionError:
        pass  # how deep it may be is told by those who read it
    return True


def _loosely(raw: bytes) -> Any:
    """The JSON as it is: what msgspec will not read, Python's own parser does."""
    try:
        return json.loads(
            raw.decode("utf-8", "surrogatepass"), parse_int=_whole, parse_constant=_no_number
        )
    except (ValueError, RecursionError):
        pass
    try:
        return _decoder(Any).decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as why:
        raise _malformed(why) from None


def _malformed(why: Exception) -> MalformedRequest:
    if found := _AT_BYTE.search(str(why)):
        return MalformedRequest(f"The body is not valid JSON: see byte {found['byte']}.")
    if isinstance(why, msgspec.DecodeError) and "truncated" in str(why):
        return MalformedRequest("The body is not valid JSON: it breaks off.")
    return MalformedRequest(_NO_JSON)


def _whole(digits: str) -> int | float:
    """A number of more digits than anybody counts is infinite."""
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
