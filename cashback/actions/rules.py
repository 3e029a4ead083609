"""Acts: write, edit and delete a cashback rule."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from cashback.domain.rules import RuleDefinition, rule_errors
from cashback.models import Partner, Rule
from cashback.queries.partners import partner_by_id
from cashback.queries.rule_book import definition_of
from cashback.queries.rules import is_used
from common.answers import etag_of
from common.api.preconditions import check_if_match
from common.errors import DomainError, FieldError, NotFound, ValidationFailed
from common.money import parse_percent
from journal.actions import record_audit


class RuleInUse(DomainError):
    """Something was earned by it; archive it."""

    code = "in_use"


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """A rule after a write."""

    rule: Rule
    created: bool


def put_rule(
    *,
    rule_id: str,
    definition: RuleDefinition,
    if_match: str | None = None,
    actor: str,
    now: datetime,
) -> WrittenRule:
    """Create or replace a rule; what was earned by it stays as it was.

    Part of the caller's transaction. Edits of rules and partners queue on their stamp, which is locked
    first.

    Raises:
        ValidationFailed: its fields contradict each other, or there is no such partner.
        PreconditionFailed: it is not what `if_match` names.
    """
    _check(definition)
    stamp = raise_stamp()
    rule = _locked(rule_id)
    check_if_match(if_match, _etag(rule))
    if rule is None:
        rule = Rule(reference=rule_id, created_at=now, stamp=stamp)
        _fill(rule, definition)
        rule.save(force_insert=True)
        after = msgspec.to_builtins(definition_of(rule))
        _audit("created", rule_id, None, after, actor=actor, now=now)
        return WrittenRule(rule, created=True)
    return _change(rule, definition, stamp=stamp, actor=actor, now=now)


def edit_rule(
    *,
    rule_id: str,
    edit: Callable[[RuleDefinition], RuleDefinition],
    if_match: str | None = None,
    actor: str,
    now: datetime,
) -> WrittenRule:
    """Replace a rule by what `edit` makes of it, read under its lock; else as `put_rule`.

    Raises:
        NotFound, ValidationFailed, PreconditionFailed
    """
    stamp = raise_stamp()
    rule = _locked(rule_id)
    if rule is None:
        raise NotFound("There is no such cashback rule.")
    check_if_match(if_match, _etag(rule))
    definition = edit(definition_of(rule))
    _check(definition)
    return _change(rule, definition, stamp=stamp, actor=actor, now=now)


def delete_rule(*, rule_id: str, if_match: str | None = None, actor: str, now: datetime) -> None:
    """Delete a rule by which nothing was earned. Part of the caller's transaction.

    Raises:
        NotFound, PreconditionFailed, RuleInUse
    """
    raise_stamp()
    rule = _locked(rule_id)
    if rule is None:
        raise NotFound("There is no such cashback rule.")
    check_if_match(if_match, _etag(rule))
    if is_used(rule.pk):
        raise RuleInUse("Cashback was earned by it: archive it.")
    before = msgspec.to_builtins(definition_of(rule))
    rule.delete()
    _audit("deleted", rule_id, before, None, actor=actor, now=now)


def raise_stamp() -> int:
    """Edits of rules and partners queue here, so that they become visible in the order of their stamps.

    A stamp is never below the clock's microseconds: a database that was emptied or restored soon has a
    newer one than any that a web process remembers.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO cashback_rulestamp AS stamp (id, version)
            VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
            ON CONFLICT (id) DO UPDATE SET version = greatest(stamp.version + 1, excluded.version)
            RETURNING version
            """
        )
        version: int = cursor.fetchone()[0]
    return version


def _change(
    rule: Rule, definition: RuleDefinition, *, stamp: int, actor: str, now: datetime
) -> WrittenRule:
    before = msgspec.to_builtins(definition_of(rule))
    _fill(rule, definition)
    rule.stamp = stamp
    rule.revision += 1
    rule.save(force_update=True)
    after = msgspec.to_builtins(definition_of(rule))
    changed = [name for name in after if after[name] != before[name]]
    _audit(
        "changed",
        rule.reference,
        {name: before[name] for name in changed},
        {name: after[name] for name in changed},
        actor=actor,
        now=now,
    )
    return WrittenRule(rule, created=False)


def _check(definition: RuleDefinition) -> None:
    errors = rule_errors(definition)
    if errors:
        raise ValidationFailed(errors=errors)


def _fill(rule: Rule, definition: RuleDefinition) -> None:
    """The definition as the table keeps it."""
    columns: dict[str, Any] = msgspec.to_builtins(definition)
    del columns["partner_id"]
    columns["percent"] = parse_percent(definition.percent) if definition.percent else None
    for name, value in columns.items():
        setattr(rule, name, value)
    rule.partner = _partner(definition.partner_id)


def _partner(partner_id: str | None) -> Partner | None:
    """No partner is deleted meanwhile: that waits for the stamp."""
    if partner_id is None:
        return None
    partner = partner_by_id(partner_id)
    if partner is None:
        raise ValidationFailed(
            errors=[FieldError("/partner_id", "unknown", "There is no such partner.")]
        )
    return partner


def _locked(rule_id: str) -> Rule | None:
    # An order that earns by it needs its key alone.
    rows = Rule.objects.select_for_update(no_key=True, of=("self",)).select_related("partner")
    return rows.filter(reference=rule_id).first()


def _etag(rule: Rule | None) -> str | None:
    return etag_of(rule.pk, rule.revision) if rule is not None else None


def _audit(act: str, rule_id: str, before: Any, after: Any, *, actor: str, now: datetime) -> None:
    record_audit(
        actor=actor, action=f"cashback_rule.{act}", subject_kind="cashback_rule",
        subject_id=rule_id, before=before, after=after, now=now,
    )  # fmt: skip
