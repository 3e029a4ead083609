"""Reads: cashback rules and what they say of themselves."""

from collections.abc import Collection
from datetime import date

import msgspec
from django.db import connection
from django.db.models import Q, QuerySet

from cashback.domain.rules import RuleDefinition
from cashback.domain.terms import sentence
from cashback.models import Lot, Rule
from cashback.queries.rule_book import definition_of
from cashback.queries.shop import shop_zone
from common.sentence_words import Language
from common.statements import value_array
from journal.queries import history_of

#: Uses are counted up to here: a list of rules is not for reading all lots.
MOST_USES = 10_000

_MOST_BEHIND = 100
_USES = """
    SELECT rule.id, (SELECT count(*) FROM (
        SELECT FROM cashback_lot AS lot WHERE lot.rule_id = rule.id LIMIT %(most)s) AS counted)
    FROM unnest(%(rules)s::bigint[]) AS rule (id)
"""


def rule_by_id(rule_id: str) -> Rule | None:
    """The rule with this id of the shop's, with its partner."""
    return Rule.objects.select_related("partner").filter(reference=rule_id).first()


def rules_after(rule_id: str | None, *, status: str | None, limit: int) -> QuerySet[Rule]:
    """Up to `limit` rules by id, from the one after `rule_id`, with their partners."""
    rows = Rule.objects.select_related("partner").order_by("reference")
    if rule_id is not None:
        rows = rows.filter(reference__gt=rule_id)
    if status is not None:
        rows = rows.filter(status=status)
    return rows[:limit]


def summary_of(definition: RuleDefinition, *, today: date | None = None) -> dict[Language, str]:
    """What the rule gives, in one plain sentence of each language; `today`'s year is left out."""
    return {
        language: sentence(definition, language=language, shop_zone=shop_zone(), today=today)
        for language in ("de", "en")
    }


def definition_at(rule: Rule, revision: int) -> RuleDefinition:
    """What it was at an earlier revision, by the audit trail: every write has its entry there.

    As it is now where that revision is too long ago.
    """
    behind = rule.revision - revision
    shape = msgspec.to_builtins(definition_of(rule))
    if 0 < behind <= _MOST_BEHIND:
        trail = history_of(subject_kind="cashback_rule", subject_id=rule.reference)
        for entry in trail.order_by("-id")[:behind]:
            shape |= entry.before or {}
    return msgspec.convert(shape, RuleDefinition)


def uses_of(rule_keys: Collection[int]) -> dict[int, int]:
    """How many orders have earned by each of the rules, up to `MOST_USES`. 1 statement."""
    with connection.cursor() as cursor:
        cursor.execute(_USES, {"rules": value_array(rule_keys), "most": MOST_USES})
        return dict(cursor.fetchall())


def is_used(rule_key: int) -> bool:
    """Whether anything was ever earned by it."""
    return Lot.objects.filter(rule_id=rule_key).exists()


def users_of_segment(segment_id: str) -> list[str]:
    """The rules that name the segment (the shop's id of it), as paths of the API."""
    rows = Rule.objects.filter(
        Q(audience__segments__contains=[segment_id]) | Q(tiers__contains=[{"segment": segment_id}])
    )
    names = rows.order_by("reference").values_list("reference", flat=True)
    return [f"cashback/rules/{name}" for name in names]
