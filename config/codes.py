"""Every code that an answer may carry, in one list."""

from typing import Literal

from msgspec import Struct

from common.errors import CODES
from common.field_codes import FIELD_CODES
from common.reasons import catalogue


class CodeText(Struct, frozen=True):
    """A text in both languages. `{name}` is a gap that each answer fills from its `params`."""

    de: str
    en: str


class ErrorCodeResponse(Struct, frozen=True, kw_only=True):
    """A code and its texts."""

    code: str
    #: `error`: the `code` of a problem document. `reason`: why an offer is not given. `field`: what
    #: is wrong with one field, as `errors` of a problem document says.
    kind: Literal["error", "reason", "field"]
    #: The HTTP status of an error; null for the others.
    status: int | None = None
    title: CodeText
    #: The sentence that goes with a reason; null for the others.
    detail: CodeText | None = None


def all_codes() -> list[ErrorCodeResponse]:
    """Errors by status, reasons in the order of precedence, then fields."""
    errors = [
        ErrorCodeResponse(
            code=row.code, kind="error", status=row.status, title=CodeText(en=row.en, de=row.de)
        )
        for row in CODES.values()
    ]
    reasons = [
        ErrorCodeResponse(
            code=code,
            kind="reason",
            title=CodeText(en=text.en, de=text.de),
            detail=CodeText(en=text.detail_en, de=text.detail_de),
        )
        for code, text in catalogue().items()
    ]
    fields = [
        ErrorCodeResponse(code=code, kind="field", title=CodeText(en=text.en, de=text.de))
        for code, text in FIELD_CODES.items()
    ]
    return [*errors, *reasons, *fields]
