"""Acts: make and revoke keys, answer a call once, count wrong guesses."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

import msgspec
from django.conf import settings
from django.db import connection, transaction

from access import queries
from access.domain.keys import keyed_hash, new_key, spell
from access.models import NAME_LENGTH, ApiKey, Scope
from common.answers import Answer
from common.api.call import Call
from common.errors import DomainError, FieldError, ValidationFailed
from common.seals import seal
from common.statements import Statement

#: Refusals that are results: the same key never gets another answer.
BINDING = frozenset({"offers_not_applicable", "return_exceeds_order", "cashback_insufficient"})
KEPT_FOR = timedelta(days=30)

_KEEP = Statement(
    "keep_answer",
    """
    INSERT INTO access_keptanswer (scope_hash, body_hash, status, content_type, headers, body,
        customer_key, is_sealed, created_at)
    VALUES (%(scope_hash)s::bytea, %(body_hash)s::bytea, %(status)s::smallint,
        %(content_type)s::text, %(headers)s::jsonb, %(body)s::bytea, %(about)s::bigint,
        %(is_sealed)s::boolean, %(now)s::timestamptz)
    """,
)

_KEY_FORM = re.compile(r"[\x20-\x7e]{16,255}")


class IdempotencyKeyRequired(DomainError):
    """The call changes money or limits and came without a (well-formed) key."""

    code = "idempotency_key_required"


class IdempotencyKeyReused(DomainError):
    """The key was used for another body."""

    code = "idempotency_key_reused"


class RequestInProgress(DomainError):
    """A twin of this call is running; it will answer."""

    code = "request_in_progress"


class TooManyFailedCodes(DomainError):
    """This customer or address has guessed too often."""

    code = "too_many_failed_codes"


class ClaimFailed(DomainError):
    """The key was live a moment ago and is not any more."""

    code = "authentication_required"


@dataclass(frozen=True, slots=True)
class Once:
    """Which call this is: the scope and the fingerprint of an idempotent answer."""

    scope_hash: bytes
    body_hash: bytes


def create_api_key(*, name: str, scopes: Sequence[str] | None, now: datetime) -> str:
    """Make a key and return it, the only time it can be seen.

    Without `scopes` it has all but `payouts`, which moves money out of the shop.

    Raises:
        ValidationFailed: nobody could tell it from others by this name.
    """
    if not name.strip() or len(name) > NAME_LENGTH or "\x00" in name:
        detail = f"A name has 1 to {NAME_LENGTH} characters, none of them NUL."
        raise ValidationFailed(errors=[FieldError("/name", "invalid", detail)])
    parts = new_key()
    granted = sorted(scopes) if scopes else [s.value for s in Scope if s is not Scope.PAYOUTS]
    ApiKey.objects.create(
        name=name,
        prefix=parts.prefix,
        digest=key_digest(parts.secret),
        scopes=granted,
        created_at=now,
    )
    return spell(parts)


def revoke_api_key(*, key_id: int, now: datetime) -> bool:
    """From the next call on the key opens nothing; False if it was revoked before."""
    return ApiKey.objects.filter(pk=key_id, revoked_at=None).update(revoked_at=now) == 1


def touch_api_key(*, key: queries.KnownKey, now: datetime) -> queries.KnownKey:
    """Remember the last use, once a minute, outside any transaction of the call; the key as it is
    then.
    """
    if key.last_used_at is not None and now - key.last_used_at <= timedelta(minutes=1):
        return key
    ApiKey.objects.filter(pk=key.key_id, revoked_at=None).update(last_used_at=now)
    return replace(key, last_used_at=now)


def key_digest(secret: str) -> bytes:
    """How a key's secret is stored."""
    return keyed_hash(secret, secret=settings.SECRET_KEY, purpose="api-key")


def answer_once(
    call: Call, act: Callable[[], Answer], *, refuse: Callable[[DomainError], Answer]
) -> Answer:
    """Run `act` in the call's one durable transaction and keep its answer under its idempotency key.

    `refuse` renders a refusal. A refusal in BINDING rolls
    the act back and is kept; every other error rolls everything back and leaves the key free.

    Raises:
        IdempotencyKeyRequired, IdempotencyKeyReused, RequestInProgress
    """
    once = identify(call)
    with transaction.atomic(durable=True):
        if once is not None and (earlier := _replay(once)) is not None:
            return earlier
        savepoint = transaction.savepoint()
        try:
            made = act()
            if once is not None:
                _keep(once, made, now=call.now)
            # The hottest rows last: they are locked for as long as the commit takes, no longer.
            if made.closing is not None:
                made.closing()
        except DomainError as refusal:
            if once is None or refusal.code not in BINDING:
                raise
            transaction.savepoint_rollback(savepoint)
            made = refuse(refusal)
            _keep(once, made, now=call.now)
    return made


def identify(call: Call) -> Once | None:
    """The call's idempotency scope and fingerprint; None where it has no key and needs none.

    Raises:
        IdempotencyKeyRequired: it needs one, or the one given is malformed.
    """
    if call.key_rule is None:
        return None
    text = call.idempotency_key
    if text is None:
        if call.key_rule == "optional":
            return None
        raise IdempotencyKeyRequired
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    if not _KEY_FORM.fullmatch(text):
        raise IdempotencyKeyRequired("An Idempotency-Key has 16 to 255 printable ASCII characters.")
    scope = f"{call.caller.key_id}\n{call.method}\n{call.path}\n{text}"
    return Once(
        hashlib.sha256(scope.encode()).digest(),
        hashlib.sha256(_canonical(call)).digest(),
    )


def _canonical(call: Call) -> bytes:
    try:
        return msgspec.json.encode(msgspec.json.decode(call.raw or b"null"), order="deterministic")
    except (ValueError, RecursionError):
        return call.raw  # a CSV, or JSON that only a batch of rows takes, is its own fingerprint


def _replay(once: Once) -> Answer | None:
    lock = int.from_bytes(once.scope_hash[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock])
        if not cursor.fetchone()[0]:
            raise RequestInProgress(retry_after=1)
    # In a statement of its own: the lock's statement may have begun before the twin committed.
    kept = queries.kept_answer(once.scope_hash)
    if kept is None:
        return None
    if kept.body_hash != once.body_hash:
        raise IdempotencyKeyReused
    first = kept.answer
    return replace(first, headers={**first.headers, "Idempotency-Replayed": "true"})


def _keep(once: Once, made: Answer, *, now: datetime) -> None:
    is_sealed = made.holds_secret
    body = seal(made.body, purpose=queries.SEALED_FOR) if is_sealed else made.body
    with connection.cursor() as cursor:
        _KEEP.run(
            cursor,
            {
                "scope_hash": once.scope_hash,
                "body_hash": once.body_hash,
                "status": made.status,
                "content_type": made.content_type,
                "headers": msgspec.json.encode(made.headers).decode(),
                "body": body,
                "about": made.about,
                "is_sealed": is_sealed,
                "now": now,
            },
        )


def count_failed_codes(codes: Sequence[str], *, subjects: Sequence[bytes], now: datetime) -> None:
    """Remember wrong guesses against `subjects`, or refuse: the tenth is the last that is answered.

    Guesses of one subject queue on an advisory lock until their transaction ends, so that no
    number of parallel calls learns more than ten answers.

    Raises:
        TooManyFailedCodes
    """
    if not codes or not subjects:
        return
    with connection.cursor() as cursor:
        for subject in sorted(subjects):
            lock = int.from_bytes(subject[:8], "big", signed=True)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
        cursor.execute(
            f"SELECT {queries.guess_count_sql()}",
            {"subjects": list(subjects), "guesses_since": now - queries.GUESS_WINDOW},
        )
        if cursor.fetchone()[0] >= queries.GUESSES_ALLOWED:
            raise too_many_failed_codes(subjects, now=now)
        cursor.execute(
            """
            INSERT INTO access_failedguess (subject_hash, code_hash, guessed_at)
            SELECT subject, code, %(now)s
            FROM unnest(%(subjects)s::bytea[]) AS subject, unnest(%(codes)s::bytea[]) AS code
            ORDER BY subject, code
            ON CONFLICT (subject_hash, code_hash) DO UPDATE SET guessed_at = excluded.guessed_at
            """,
            {
                "subjects": list(subjects),
                "codes": [queries.code_hash(code) for code in set(codes)],
                "now": now,
            },
        )


def too_many_failed_codes(subjects: Sequence[bytes], *, now: datetime) -> TooManyFailedCodes:
    """The refusal, with the seconds until the next guess is allowed."""
    blocking = queries.oldest_guess_at(subjects, now=now)
    wait = (blocking + queries.GUESS_WINDOW - now) if blocking else timedelta(seconds=1)
    return TooManyFailedCodes(retry_after=max(1, ceil(wait.total_seconds())))


def purge(*, now: datetime) -> int:
    """Forget kept answers after 30 days and guesses after their window; how many rows."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_keptanswer WHERE created_at < %s", [now - KEPT_FOR])
        forgotten = cursor.rowcount
        cursor.execute(
            "DELETE FROM access_failedguess WHERE guessed_at < %s", [now - 2 * queries.GUESS_WINDOW]
        )
        return forgotten + cursor.rowcount


def forget(*, customer_key: int, customer_id: str | None) -> int:
    """Forget what callers were answered about a customer, and that links were ended; how many answers.

    Those that may name many customers go where they name this one by the shop's id, if that is
    still known. A call that comes again with their key is then a new one.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_endedlinks WHERE customer_key = %s", [customer_key])
        cursor.execute("DELETE FROM access_keptanswer WHERE customer_key = %s", [customer_key])
        forgotten = cursor.rowcount
        if customer_id is not None:
            cursor.execute(
                """
                DELETE FROM access_keptanswer
                WHERE customer_key IS NULL AND status = 200 AND position(%s IN body) > 0
                """,
                [f'"{customer_id}"'.encode()],
            )
            forgotten += cursor.rowcount
        return forgotten
