"""Who calls: bearer keys, their scopes, and how many calls a minute each may make."""

import hmac
from collections.abc import Callable
from threading import Lock
from typing import Any

from django.conf import settings
from django.utils import timezone
from msgspec import Struct
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
#: A process asks Redis for so many of a minute's calls at once: one in a thousand, at least one.
_SHARES = 1_000
#: What this process has taken of a minute's calls and not used yet: the minute and how many, by key.
_left: dict[int, tuple[int, int]] = {}
_counting = Lock()


class RateLimited(DomainError):
    """The key has used up its calls of this minute."""

    code = "rate_limited"


class ScopeMissing(DomainError):
    """The key may not do this; it was made for something else."""

    code = "scope_missing"


class Caller(Struct, frozen=True):
    """The key that calls."""

    key_id: int
    name: str
    scopes: frozenset[str]
    #: What is still to be confirmed: the key was not read again for this call.
    claim: queries.KeyClaim | None = None
    #: Calls of this minute, on their way; None where this call is one of those taken before.
    share: "Share | None" = None

    def check_rate(self) -> None:
        """Before the call does anything, but after it was read: until then the count is here.

        Raises:
            RateLimited
        """
        if self.share is not None and not self.share.holds_this_call():
            raise RateLimited(retry_after=60 - int(timezone.now().timestamp()) % 60)

    @property
    def actor(self) -> str:
        """How the audit trail names this caller."""
        return f"key:{self.key_id}"

    def answer_once(self, call: Call, act: Callable[[], Answer]) -> Answer:
        """`once`, for the app beside this one, which does not know it."""
        return once(call, act)


class Share(Struct, frozen=True):
    """Some of the calls that a key may make in a minute, asked for in Redis."""

    key_id: int
    minute: int
    size: int
    told: Told | None

    def holds_this_call(self) -> bool:
        """Whether there was a call left; what more there was is kept for the next ones.

        Without Redis the limit pauses: it guards load, not money.
        """
        counted = self.told.answer() if self.told is not None else None
        if counted is None:
            return True
        granted = min(self.size, settings.RATE_LIMIT_PER_MINUTE - (counted - self.size))
        if granted > 1:
            with _counting:
                minute, left = _left.get(self.key_id, (self.minute, 0))
                left = left if minute == self.minute else 0
                _left[self.key_id] = (self.minute, left + granted - 1)
        return granted > 0


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
        share = _take_one_call(key.key_id, minute=int(now.timestamp()) // 60)
        claim = queries.KeyClaim(parts.prefix, key.key_id, key.digest) if seen else None
        return None, Caller(key.key_id, key.name, key.scopes, claim, share)

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


def _take_one_call(key_id: int, *, minute: int) -> Share | None:
    """One of the calls that this process has left, else another share, which may be used up.

    A share ends with its minute, so a key may be refused a little early, never late.
    """
    if not settings.RATE_LIMIT_PER_MINUTE:
        return None
    with _counting:
        counted_in, left = _left.get(key_id, (minute, 0))
        if counted_in == minute and left:
            _left[key_id] = (minute, left - 1)
            return None
    bucket = f"promotions:calls:{key_id}:{minute}"
    size = max(1, settings.RATE_LIMIT_PER_MINUTE // _SHARES)
    told = tell("INCRBY", bucket, size)
    tell("EXPIRE", bucket, 120)
    return Share(key_id, minute, size, told)


def once(call: Call, act: Callable[[], Answer]) -> Answer:
    """`answer_once` with refusals rendered as problem documents."""
    return actions.answer_once(
        call, act, refuse=lambda error: problem_of(error, request_id=call.request_id)
    )
