"""Acts: record who changed what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from common.statements import text_array
from journal.models import AuditEntry


def record_audit(
    *,
    actor: str,
    action: str,
    subject_kind: str,
    subject_id: str,
    before: Any = None,
    after: Any = None,
    now: datetime,
) -> None:
    """Write who changed what in the caller's transaction.

    Of customers `before` and `after` hold field names and keyed hashes only, never their values.
    """
    AuditEntry.objects.create(
        at=now, actor=actor, action=action, subject_kind=subject_kind, subject_id=subject_id,
        before=before, after=after,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one subject, for the audit trail."""

    action: str
    subject_id: str
    before: Any = None
    after: Any = None


def record_audits(
    *, actor: str, subject_kind: str, changes: Sequence[Change], now: datetime
) -> None:
    """Write many changes of one kind of subject in the caller's transaction, in one statement."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=now, actor=actor, action=change.action, subject_kind=subject_kind,
            subject_id=change.subject_id, before=change.before, after=change.after,
        )
        for change in changes
    )  # fmt: skip


def record_same(
    *,
    actor: str,
    action: str,
    subject_kind: str,
    subject_ids: Sequence[str],
    after: Any,
    now: datetime,
) -> None:
    """Write the same of many subjects in the caller's transaction, whatever their number."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO journal_auditentry (at, actor, action, subject_kind, subject_id, after)
            SELECT %(now)s, %(actor)s, %(action)s, %(kind)s, subject, %(after)s::jsonb
            FROM unnest(%(subjects)s::text[]) AS subject
            """,
            {
                "now": now, "actor": actor, "action": action, "kind": subject_kind,
                "subjects": text_array(subject_ids), "after": msgspec.json.encode(after).decode(),
            },
        )  # fmt: skip
