"""What happens around every request."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import cast

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, resolve
from django.utils.translation import activate, get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from common.ids import new_id

API_PATH = "/api/v1/"
#: Hosts that callers named and that are ours. A wildcard would allow any number of them.
_allowed_hosts: set[str] = set()
_MOST_HOSTS = 100
_GIVEN = re.compile(r"[\x21-\x7e]{1,128}")


class RequestIdMiddleware:
    """Echoes `X-Request-Id`, or makes one, so that an answer leads back to its log lines."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # META, here and below: `headers` is made of all of them at its first use.
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _GIVEN.fullmatch(given) else new_id().hex
        request.request_id = request_id  # type: ignore[attr-defined]  # our own attribute
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class ApiMiddleware:
    """Answers the API's calls without what only pages need: files, sessions, forms, messages.

    What both need stands above it, what only pages need below. The language is the caller's alone:
    no cookie has a say in it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._answer = convert_exception_to_response(_viewed)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API_PATH):
            return self.get_response(request)
        language = language_of(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
        activate(language)
        response = cast(HttpResponse, self._answer(request))
        response.headers["Content-Language"] = language
        response.headers["Vary"] = "Accept-Language"
        if not response.streaming:
            response.headers["Content-Length"] = str(len(response.content))
        return response


def _viewed(request: HttpRequest) -> HttpResponse:
    """
    Raises:
        DisallowedHost, Http404
    """
    _check_host(request)
    found = request.resolver_match = _resolved(request.path_info)
    response: HttpResponse = found.func(request, *found.args, **found.kwargs)
    return response


def _check_host(request: HttpRequest) -> None:
    """
    Raises:
        DisallowedHost
    """
    host = request.META.get("HTTP_HOST")
    if host not in _allowed_hosts:
        request.get_host()
        if host is not None and len(_allowed_hosts) < _MOST_HOSTS:
            _allowed_hosts.add(host)


@lru_cache(maxsize=1_000)
def _resolved(path: str) -> ResolverMatch:
    return resolve(path)


@lru_cache(maxsize=1_000)
def language_of(accepted: str) -> str:
    """The best of our languages by an `Accept-Language` header."""
    for name, _ in parse_accept_lang_header(accepted):
        try:
            return get_supported_language_variant(name)
        except LookupError:
            continue
    return get_supported_language_variant(settings.LANGUAGE_CODE)
