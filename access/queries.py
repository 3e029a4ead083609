"""Reads: the key of a caller, a kept answer, a signed link or mark, how often somebody guessed wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import msgspec
from django.conf import settings
from django.db import connection

from access.domain.keys import keyed_hash, parse_key
from access.domain.links import Link, Purpose, parse_link
from access.domain.marks import Mark, MarkPurpose, parse_mark
from access.models import ApiKey, EndedLinks
from access.models import KeptAnswer as KeptAnswerRow
from common.answers import Answer
from common.rows import in_pieces
from common.seals import unseal
from common.statements import Statement

GUESS_WINDOW = timedelta(minutes=10)
GUESSES_ALLOWED = 10
#: What kept answers that hold a secret are sealed for.
SEALED_FOR = "kept-answer"

_KEY = Statement(
    "access_key",
    """
    SELECT id, name, digest, scopes, last_used_at FROM access_apikey
    WHERE prefix = %(prefix)s::text AND revoked_at IS NULL
    """,
)
_KEPT = Statement(
    "access_kept_answer",
    """
    SELECT body_hash, status, body, is_sealed, headers, content_type FROM access_keptanswer
    WHERE scope_hash = %(scope_hash)s::bytea
    """,
)


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A live key as every call needs it."""

    key_id: int
    name: str
    digest: bytes
    scopes: frozenset[str]
    last_used_at: datetime | None


def key_by_prefix(prefix: str) -> KnownKey | None:
    """The live key with this prefix."""
    with connection.cursor() as cursor:
        _KEY.run(cursor, {"prefix": prefix})
        row = cursor.fetchone()
    if row is None:
        return None
    key_id, name, digest, scopes, last_used_at = row
    return KnownKey(key_id, name, bytes(digest), frozenset(scopes), last_used_at)


class KeyClaim(NamedTuple):
    """A key that was live when it was read last; whether it still is has to be asked."""

    prefix: str
    key_id: int
    digest: bytes


class NamedKey(NamedTuple):
    """A key as the people who look after it tell it from others."""

    key_id: int
    name: str
    prefix: str
    revoked_at: datetime | None


def keys_meant(text: str) -> list[NamedKey]:
    """The keys that `text` may stand for: the one with this prefix, else all of this name.

    A whole key is taken as well: whoever finds a leaked one has just that.
    """
    parts = parse_key(text)
    rows = ApiKey.objects.values_list("pk", "name", "prefix", "revoked_at").order_by("pk")
    by_prefix = rows.filter(prefix=parts.prefix if parts else text.removeprefix("pk_"))
    return [NamedKey(*row) for row in by_prefix or rows.filter(name=text)]


class KeptAnswer(NamedTuple):
    """The first answer to an idempotency key, and the hash of the body that it answers."""

    body_hash: bytes
    answer: Answer


def kept_answer(scope_hash: bytes) -> KeptAnswer | None:
    """The answer that this idempotency key got first."""
    with connection.cursor() as cursor:
        _KEPT.run(cursor, {"scope_hash": scope_hash})
        row = cursor.fetchone()
    if row is None:
        return None
    body_hash, status, body, is_sealed, headers, content_type = row
    kept = unseal(bytes(body), purpose=SEALED_FOR) if is_sealed else bytes(body)
    answer = Answer(status, kept, msgspec.json.decode(headers), content_type)
    return KeptAnswer(bytes(body_hash), answer)


def personal_data(*, customer_key: int) -> dict[str, Iterator[dict[str, Any]]]:
    """The kept answers that tell of a customer, and until when links were ended, in plain values."""
    return {"kept_answers": _answers(customer_key), "ended_links": _ended_links(customer_key)}


def _answers(customer_key: int) -> Iterator[dict[str, Any]]:
    for row in in_pieces(KeptAnswerRow.objects.filter(customer_key=customer_key)):
        # A secret is no word about anybody, and whoever may export need not learn it.
        body = b"" if row.is_sealed else bytes(row.body)
        yield {
            "status": row.status, "body": msgspec.Raw(body or b"null"),
            "created_at": row.created_at,
        }  # fmt: skip


def _ended_links(customer_key: int) -> Iterator[dict[str, Any]]:
    for row in in_pieces(EndedLinks.objects.filter(customer_key=customer_key)):
        yield {"purpose": row.purpose, "ended_at": row.ended_at}


def opened_link(token: str, *, purpose: Purpose, now: datetime) -> Link | None:
    """What the link opens at `now`; None where it was changed, has expired or was ended. 1 statement."""
    link = parse_link(token, purpose=purpose, secret=settings.SECRET_KEY)
    if link is None or now >= link.expires_at:
        return None
    ended = EndedLinks.objects.filter(
        customer_key=link.subject_key, purpose=purpose, ended_at__gte=link.made_at
    )
    return None if ended.exists() else link


def opened_mark(token: str, *, purpose: MarkPurpose, bound_to: str = "") -> Mark | None:
    """What the mark says, however old it is; None where it was changed. No statement."""
    return parse_mark(token, purpose=purpose, secret=settings.SECRET_KEY, bound_to=bound_to)


def subject_hashes(*, customer_id: str | None, client_ip: str | None) -> list[bytes]:
    """Whom a wrong guess counts against: the customer, and the address where the shop sends it.

    At most two.
    """
    subjects = []
    if customer_id is not None:
        subjects.append(_hash(f"customer:{customer_id}"))
    if client_ip is not None:
        subjects.append(_hash(f"ip:{client_ip}"))
    return subjects


def code_hash(code: str) -> bytes:
    """A guessed code as it is remembered."""
    return _hash(f"code:{code}")


def live_key_sql(scope: str) -> str:
    """Whether the key `%(key_id)s` opens `scope` with the secret of `%(key_digest)s` now; so if null.

    A scalar for the one statement of a call that took its key at its word.
    """
    return f"""(
        %(key_id)s::bigint IS NULL OR EXISTS (
            SELECT FROM access_apikey WHERE id = %(key_id)s AND digest = %(key_digest)s::bytea
              AND revoked_at IS NULL AND '{scope}' = ANY(scopes))
    )"""


def guess_count_sql() -> str:
    """The larger count of wrong guesses among the two of `%(subjects)s`, since `%(guesses_since)s`.

    A scalar for the one statement of a checkout call.
    """
    return """(
        SELECT greatest(
            count(*) FILTER (WHERE subject_hash = (%(subjects)s::bytea[])[1]),
            count(*) FILTER (WHERE subject_hash = (%(subjects)s::bytea[])[2]))
        FROM access_failedguess
        WHERE subject_hash = ANY(%(subjects)s::bytea[]) AND guessed_at > %(guesses_since)s::timestamptz
    )"""


def oldest_guess_at(subjects: Sequence[bytes], *, now: datetime) -> datetime | None:
    """When the guess was made that leaves the window first and lets its subject try again."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT max(guessed_at) FROM (
                SELECT guessed_at, row_number() OVER (
                    PARTITION BY subject_hash ORDER BY guessed_at DESC) AS nth
                FROM access_failedguess WHERE subject_hash = ANY(%s::bytea[]) AND guessed_at > %s
            ) AS guesses WHERE nth = %s
            """,
            [list(subjects), now - GUESS_WINDOW, GUESSES_ALLOWED],
        )
        row = cursor.fetchone()
    return row[0] if row else None


@cache
def _pepper() -> str:
    return settings.SECRET_KEY


def _hash(text: str) -> bytes:
    return keyed_hash(text, secret=_pepper(), purpose="guess")


def names_of_keys(numbers: Sequence[str]) -> dict[int, str]:
    """What the keys with these numbers are called, revoked ones as well. 1 statement."""
    return dict(ApiKey.objects.filter(pk__in=numbers).values_list("pk", "name"))
