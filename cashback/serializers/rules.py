"""A rule's answer: its definition with every field filled, and a sentence that tells it."""

from msgspec import Struct

from cashback.domain.rules import RuleDefinition
from cashback.models import Rule
from cashback.queries.rule_book import definition_of
from cashback.queries.rules import summary_of
from common.fields import ShopId


class RuleSummaryResponse(Struct, frozen=True):
    """What the rule gives, in one plain sentence; written by the service from the fields."""

    de: str
    en: str


class RuleResponse(RuleDefinition, frozen=True, kw_only=True):
    """A cashback rule. `rule_id` and `summary` are not part of a `PUT`."""

    rule_id: ShopId
    summary: RuleSummaryResponse


def rule_response(rule: Rule) -> RuleResponse:
    """The rule as its answer."""
    definition = definition_of(rule)
    fields = {name: getattr(definition, name) for name in RuleDefinition.__struct_fields__}
    return RuleResponse(
        rule_id=rule.reference, summary=RuleSummaryResponse(**summary_of(definition)), **fields
    )
