"""What happens around every request."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from common.ids import new_id

_GIVEN = re.compile(r"[\x21-\x7e]{1,128}")


class RequestIdMiddleware:
    """Echoes `X-Request-Id`, or makes one, so that an answer leads back to its log lines."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if _GIVEN.fullmatch(given) else new_id().hex
        request.request_id = request_id  # type: ignore[attr-defined]  # our own attribute
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response
