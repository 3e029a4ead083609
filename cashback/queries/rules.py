"""Reads: cashback rules and what they say of themselves."""

from datetime import date

from django.db.models import Q, QuerySet

from cashback.domain.rules import RuleDefinition
from cashback.domain.terms import sentence
from cashback.models import Lot, Rule
from cashback.queries.shop import shop_zone
from common.sentence_words import Language


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
