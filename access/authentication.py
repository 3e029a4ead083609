"""Who calls: bearer keys, their scopes, and how many calls a minute each may make."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from access import actions, queries
from access.domain.keys import parse_key
from common.answers import Answer
from common.api.call import Call
from common.api.problems import problem_of
from common.errors import DomainError
from common.redis import ask


class RateLimited(DomainError):
    """The key has used up its calls of this minute."""

    code = "rate_limited"


@dataclass(frozen=True, slots=True)
class Caller:
    """The key that calls."""

    key_id: int
    name: str
    scopes: frozenset[str]

    @property
    def actor(self) -> str:
        """How the audit trail names this caller."""
        return f"key:{self.key_id}"


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`."""

    def authenticate(self, request: Request) -> tuple[None, Caller] | None:
        scheme, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        parts = parse_key(text.strip())
        key = queries.key_by_prefix(parts.prefix) if parts else None
        if parts is None or key is None:
            raise exceptions.AuthenticationFailed
        if not hmac.compare_digest(key.digest, actions.key_digest(parts.secret)):
            raise exceptions.AuthenticationFailed
        now = timezone.now()
        actions.touch_api_key(key=key, now=now)
        _spend_one_call(key.key_id, minute=int(now.timestamp()) // 60)
        return None, Caller(key.key_id, key.name, key.scopes)

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasScope(BasePermission):
    """The key has the scope that the endpoint names."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.auth is None:
            raise exceptions.NotAuthenticated
        scope = getattr(view, "scope", None)
        caller: Any = request.auth
        return scope is None or scope in caller.scopes


def _spend_one_call(key_id: int, *, minute: int) -> None:
    """Count the call in Redis. Without Redis the limit pauses: it guards load, not money."""
    limit = settings.RATE_LIMIT_PER_MINUTE
    if not limit:
        return
    bucket = f"promotions:calls:{key_id}:{minute}"
    count = ask("INCR", bucket) or 0
    if count == 1:
        ask("EXPIRE", bucket, 120)
    if count > limit:
        raise RateLimited(retry_after=60 - int(timezone.now().timestamp()) % 60)


def once(call: Call, act: Callable[[], Answer]) -> Answer:
    """`answer_once` with refusals rendered as problem documents."""
    return actions.answer_once(
        call, act, refuse=lambda error: problem_of(error, request_id=call.request_id)
    )
