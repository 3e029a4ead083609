"""Reading a body strictly: what is not in the contract is refused, and the refusal names the field."""

import json
import re
from collections.abc import Mapping, Sequence
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
_SURROGATE = re.compile("[\ud800-\udfff]")


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
    except msgspec.ValidationError as wrong:
        # It stops at the first wrong field: what follows may be no JSON at all.
        loose = _loosely(raw)
        raise ValidationFailed(errors=[field_error(str(wrong), kind, value=loose)]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
        raise _broken(raw, broken) from None


def convert(value: object, kind: Any) -> Any:
    """An already parsed JSON value as `kind`, just as strictly.

    Raises:
        ValidationFailed
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as wrong:
        raise ValidationFailed(errors=[field_error(str(wrong), kind, value=value)]) from None


def field_error(message: str, kind: Any, *, value: object = None, at: str = "") -> FieldError:
    """What msgspec says of a `value` that is no `kind`, with its path as a JSON pointer below `at`.

    >>> field_error("Expected `int`, got `str` - at `$.lines[0].quantity`", Any)
    FieldError(pointer='/lines/0/quantity', code='invalid', detail='Expected `int`, got `str`')
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


def _loosely(raw: bytes) -> object:
    """The JSON as it is, if it is any."""
    try:
        return _decoder(Any).decode(raw)
    except msgspec.ValidationError:
        return None  # a number that is out of all bounds
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
        raise _broken(raw, broken) from None


def _broken(raw: bytes, why: Exception) -> DomainError:
    """Python's own parser accepts lone surrogates: with it the field can be named."""
    try:
        loose = json.loads(raw.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return MalformedRequest(str(why) if isinstance(why, msgspec.DecodeError) else _NO_JSON)
    pointer = _find_surrogate(loose, "")
    if pointer is None:
        return MalformedRequest(_NO_JSON)
    return ValidationFailed(
        errors=[FieldError(pointer, "invalid", "Half of a surrogate pair is no text.")]
    )


def _find_surrogate(value: object, pointer: str) -> str | None:
    if isinstance(value, str):
        return pointer if _SURROGATE.search(value) else None
    inner: Mapping[object, object] | dict[int, object] = {}
    if isinstance(value, dict):
        if any(_SURROGATE.search(name) for name in value):
            return pointer
        inner = value
    elif isinstance(value, list):
        inner = dict(enumerate(value))
    for name, part in inner.items():
        found = _find_surrogate(part, f"{pointer}/{escape(str(name))}")
        if found is not None:
            return found
    return None
