"""Everything that is wrong with a value, where msgspec stops at the first."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from common.api.bodies import escape, field_error
from common.errors import FieldError

#: Of one value so many errors are told.
MOST = 100


def every_error(value: object, kind: Any) -> list[FieldError]:
    """What is wrong with a `value` that is no `kind`: of an object each field, of a list each entry.

    Only the form is looked at; empty where it is right.
    """
    return list(islice(_errors(value, kind, at=""), MOST))


def _errors(value: object, kind: Any, *, at: str) -> Iterator[FieldError]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as wrong:
        inner = list(islice(_inner(value, _bare(kind), at=at), MOST))
        yield from inner or [field_error(str(wrong), kind, value=value, at=at)]


def _inner(value: object, kind: Any, *, at: str) -> Iterator[FieldError]:
    if isinstance(value, dict) and _is_struct(kind):
        known = {field.encode_name: field for field in fields(kind)}
        for name, field in known.items():
            if name in value:
                yield from _errors(value[name], field.type, at=f"{at}/{escape(name)}")
            elif field.required:
                yield FieldError(f"{at}/{escape(name)}", "required", "This field is required.")
        for name in value:
            if name not in known:
                detail = "This field is not known."
                yield FieldError(f"{at}/{escape(name)}", "unknown_field", detail)
    elif get_origin(kind) is list and isinstance(value, list):
        (entry,) = get_args(kind)
        for index, part in enumerate(value):
            yield from _errors(part, entry, at=f"{at}/{index}")


def _is_struct(kind: Any) -> bool:
    """Tagged ones are left to msgspec: which of them is meant is told by a member that is no field."""
    is_one = isinstance(kind, type) and issubclass(kind, Struct)
    return is_one and kind.__struct_config__.tag is None


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind
