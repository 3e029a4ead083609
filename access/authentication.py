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
from common.redis import Told, tell

#: Keys that were live when this process read them last, by prefix. As many as the shop has.
_seen: dict[str, queries.KnownKey] = {}
#: In which minute this process counted a key's calls last: so its counter ends with it.
_last_minute: dict[int, int] = {}


class RateLimited(DomainError):
    """The key has used up its calls of this minute."""

    code = "rate_limited"


class ScopeMissing(DomainError):
    """The key may not do this; it was made for something else."""

    code = "scope_missing"


@dataclass(frozen=True, slots=True)
class Caller:
    """The key that calls."""

    key_id: int
    name: str
    scopes: frozenset[str]
    #: What is still to be confirmed: the key was not read again for this call.
    claim: queries.KeyClaim | None = None
    #: How many calls this minute has seen, on its way.
    spent: Told | None = None

    def check_rate(self) -> None:
        """Before the call does anything, but after it was read: until then the count is here.

        Raises:
            RateLimited
        """
        calls = self.spent.answer() if self.spent is not None else None
        if calls is not None and calls > settings.RATE_LIMIT_PER_MINUTE:
            raise RateLimited(retry_after=60 - int(timezone.now().timestamp()) % 60)

    @property
    def actor(self) -> str:
        """How the audit trail names this caller."""
        return f"key:{self.key_id}"

    def answer_once(self, call: Call, act: Callable[[], Answer]) -> Answer:
        """`once`, for the app beside this one, which does not know it."""
        return once(call, act)


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`."""

    def authenticate(self, request: Request) -> tuple[None, Caller] | None:
        scheme, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        parts = parse_key(text.strip())
        if parts is None:
            raise exceptions.AuthenticationFailed
        seen = _seen.get(parts.prefix) if _is_confirmed_later(request) else None
        key = seen or queries.key_by_prefix(parts.prefix)
        if key is None or not hmac.compare_digest(key.digest, actions.key_digest(parts.secret)):
            raise exceptions.AuthenticationFailed
        now = timezone.now()
        _seen[parts.prefix] = actions.touch_api_key(key=key, now=now)
        spent = _spend_one_call(key.key_id, minute=int(now.timestamp()) // 60)
        claim = queries.KeyClaim(parts.prefix, key.key_id, key.digest) if seen else None
        return None, Caller(key.key_id, key.name, key.scopes, claim, spent)

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class ConfirmsKey:
    """For a view whose one statement tells whether the key is live (`queries.live_key_sql`).

    A key that this process has seen before is not read again for it. The view must answer nothing
    before that statement has run; where it fails before, the key is read after all.
    """

    confirms_key = True

    def handle_exception(self, error: Exception) -> Any:
        """A revoked key gets no other answer than that."""
        caller: Caller | None = self.request.auth  # type: ignore[attr-defined]  # of the view
        if caller is not None and caller.claim and not _is_live(caller.claim):
            error = exceptions.AuthenticationFailed()
        return super().handle_exception(error)  # type: ignore[misc]  # of the view


def _is_confirmed_later(request: Request) -> bool:
    """An answer that was kept is given again without a look at anything."""
    view = request.parser_context["view"]
    is_replay = "HTTP_IDEMPOTENCY_KEY" in request.META
    return getattr(view, "confirms_key", False) and not is_replay


def _is_live(claim: queries.KeyClaim) -> bool:
    _seen.pop(claim.prefix, None)
    key = queries.key_by_prefix(claim.prefix)
    return key is not None and hmac.compare_digest(key.digest, claim.digest)


class HasScope(BasePermission):
    """The key has the scope that the endpoint names."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.auth is None:
            raise exceptions.NotAuthenticated
        scope = getattr(view, "scope", None)
        caller: Any = request.auth
        if scope is not None and scope not in caller.scopes:
            raise ScopeMissing(f"The key needs the scope {scope} for this.")
        return True


def _spend_one_call(key_id: int, *, minute: int) -> Told | None:
    """Count the call in Redis. Without Redis the limit pauses: it guards load, not money."""
    if not settings.RATE_LIMIT_PER_MINUTE:
        return None
    bucket = f"promotions:calls:{key_id}:{minute}"
    spent = tell("INCR", bucket)
    if minute != _last_minute.get(key_id):
        _last_minute[key_id] = minute
        tell("EXPIRE", bucket, 120)
    return spent


def once(call: Call, act: Callable[[], Answer]) -> Answer:
    """`answer_once` with refusals rendered as problem documents."""
    return actions.answer_once(
        call, act, refuse=lambda error: problem_of(error, request_id=call.request_id)
    )
