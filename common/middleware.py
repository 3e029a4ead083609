"""What happens around every request."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import resolve

from common.ids import new_id

API_PATH = "/api/v1/"
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


class ApiMiddleware:
    """Answers the API's calls without what only pages need: files, sessions, forms, messages.

    What both need stands above it, what only pages need below.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API_PATH):
            return self.get_response(request)
        # Nothing found is answered as everywhere, by the handler of Http404.
        found = request.resolver_match = resolve(request.path_info)
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return response
