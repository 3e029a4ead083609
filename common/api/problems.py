"""Errors as RFC 9457 problem documents, whatever raised them."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    StreamingHttpResponse,
    UnreadablePostError,
)
from django.http.response import HttpResponseBase
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language
from rest_framework import exceptions

from common.answers import Answer, answer
from common.api.german import in_german
from common.errors import CODES, DomainError, FieldError

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

_FRAMEWORK: list[tuple[type[Exception], str]] = [
    (exceptions.NotAuthenticated, "authentication_required"),
    (exceptions.AuthenticationFailed, "authentication_required"),
    (exceptions.PermissionDenied, "scope_missing"),
    (PermissionDenied, "scope_missing"),
    (exceptions.MethodNotAllowed, "method_not_allowed"),
    (exceptions.NotFound, "not_found"),
    (Http404, "not_found"),
    (exceptions.UnsupportedMediaType, "unsupported_media_type"),
    (exceptions.ParseError, "malformed_request"),
    # What Django refuses before it is read, such as thousands of query parameters.
    (BadRequest, "malformed_request"),
    (SuspiciousOperation, "malformed_request"),
    (UnreadablePostError, "malformed_request"),
    # JSON that is nested deeper than it can be worked through.
    (RecursionError, "malformed_request"),
    (exceptions.Throttled, "rate_limited"),
    (OperationalError, "temporarily_unavailable"),
    (InterfaceError, "temporarily_unavailable"),
]


def language() -> Literal["de", "en"]:
    """`de` or `en`: the language of every text in the answer."""
    return "de" if (get_language() or "").startswith("de") else "en"


def problem(
    code: str,
    *,
    request_id: str,
    detail: str = "",
    errors: Sequence[FieldError] = (),
    extension: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """A problem document as an answer. `extension` may not replace the standard members."""
    row = CODES[code]
    is_german = language() == "de"
    title = row.de if is_german else row.en
    if is_german:
        detail = in_german(detail)
    document: dict[str, Any] = {
        **(extension or {}),
        "type": f"{settings.PUBLIC_URL}/api/docs/errors#{code}",
        "title": title,
        "status": row.status,
        "detail": detail or title,
        "code": code,
        "request_id": request_id,
        "errors": told(errors),
    }
    made = answer(row.status, document)
    return Answer(made.status, made.body, headers or {}, MEDIA_TYPE)


def told(errors: Iterable[FieldError]) -> list[FieldError]:
    """The errors in the caller's language."""
    if language() == "en":
        return list(errors)
    return [replace(error, detail=in_german(error.detail)) for error in errors]


def problem_of(error: DomainError, *, request_id: str) -> Answer:
    """The problem document of a foreseen error."""
    return problem(
        error.code,
        request_id=request_id,
        detail=error.detail,
        errors=error.errors,
        extension=error.extension,
        headers={"Retry-After": str(error.retry_after)} if error.retry_after is not None else {},
    )


def to_response(made: Answer) -> HttpResponseBase:
    """The answer as Django sends it."""
    sent = {"status": made.status, "content_type": made.content_type}
    response: HttpResponseBase
    if made.chunks is not None:
        response = StreamingHttpResponse(made.chunks, **sent)
    else:
        response = HttpResponse(made.body, **sent)
    if made.status == 204:
        del response["Content-Type"]
    for name, value in made.headers.items():
        response[name] = value
    return response


def exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponseBase:
    """REST framework's hook: every exception of a view ends here, foreseen or not."""
    request = context["request"]
    request_id = request_id_of(request)
    if isinstance(error, DomainError):
        logger.info("%s %s refused: %s", request.method, shown_path(request), error.code)
        return to_response(problem_of(error, request_id=request_id))
    code = next((code for kind, code in _FRAMEWORK if isinstance(error, kind)), "internal_error")
    headers: dict[str, str] = {}
    if code == "authentication_required":
        headers["WWW-Authenticate"] = "Bearer"
    if code == "temporarily_unavailable":
        logger.error("%s %s: %s", request.method, shown_path(request), error)
        headers["Retry-After"] = "1"
    if code == "method_not_allowed":
        headers["Allow"] = ", ".join(context["view"].allowed_methods)
    if code == "internal_error":
        logger.exception(
            "%s %s failed (request %s)", request.method, shown_path(request), request_id
        )
    return to_response(problem(code, request_id=request_id, headers=headers))


def shown_path(request: HttpRequest) -> str:
    """The path as a log may hold it: a line break in an address must not begin a line of its own."""
    return escape_uri_path(request.path)


def request_id_of(request: HttpRequest) -> str:
    """The id that the middleware gave to this request."""
    return getattr(request, "request_id", "")
