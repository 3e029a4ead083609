"""PUT, PATCH, GET and DELETE of cashback rules, and their list."""

from typing import Literal

import msgspec

from access.authentication import once
from cashback.actions import rules as actions
from cashback.actions.rules import WrittenRule
from cashback.domain.rules import RuleDefinition
from cashback.queries import rules
from cashback.serializers.rules import RuleResponse, rule_response
from common.answers import Answer, answer, etag_of
from common.api import pages
from common.api.bodies import convert
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf
from common.api.paths import known_id_in_path, new_id_in_path
from common.errors import NotFound
from common.merge import merge_patch


class CashbackRuleView(Endpoint):
    """One cashback rule, by the shop's own id."""

    scope = "cashback"

    @operation(
        "Create or replace a cashback rule",
        description=(
            "Either `percent`, `tiers` or both, or `amount`. Absent fields take their defaults. What was "
            "earned is frozen: an edit changes only what is earned from now on. Each line of an order "
            "earns by the one best percentage rule that matches it (highest percentage, then smallest id); "
            "an `amount` is earned once per order, and only where no percentage rule matches any line. "
            "The partner must exist; a segment need not exist yet: until it does, it has no members."
        ),
        body=RuleDefinition,
        answers={200: RuleResponse, 201: RuleResponse},
        problems=["precondition_failed"],
    )
    def put(self, call: Call, *, rule_id: str) -> Answer:
        reference = new_id_in_path("rule_id", rule_id)
        return once(
            call,
            lambda: _shown(
                actions.put_rule(
                    rule_id=reference,
                    definition=call.body,
                    if_match=call.if_match,
                    actor=call.caller.actor,
                    now=call.now,
                )
            ),
        )

    @operation(
        "Change fields of a cashback rule",
        description=(
            "A merge patch (RFC 7396): null puts a field back to its default, lists are replaced "
            'whole. `{"status": "archived"}` ends a rule; what was earned by it stays.'
        ),
        body=RuleDefinition,
        is_patch=True,
        answers={200: RuleResponse},
        problems=["not_found", "precondition_failed"],
    )
    def patch(self, call: Call, *, rule_id: str) -> Answer:
        reference = known_id_in_path(rule_id)

        def edited(definition: RuleDefinition) -> RuleDefinition:
            merged = merge_patch(msgspec.to_builtins(definition), call.body)
            changed: RuleDefinition = convert(merged, RuleDefinition)
            return changed

        return once(
            call,
            lambda: _shown(
                actions.edit_rule(
                    rule_id=reference,
                    edit=edited,
                    if_match=call.if_match,
                    actor=call.caller.actor,
                    now=call.now,
                )
            ),
        )

    @operation(
        "A cashback rule with every field filled",
        answers={200: RuleResponse},
        problems=["not_found"],
    )
    def get(self, call: Call, *, rule_id: str) -> Answer:
        rule = rules.rule_by_id(known_id_in_path(rule_id))
        if rule is None:
            raise NotFound("There is no such cashback rule.")
        return answer(200, rule_response(rule), etag=etag_of(rule.pk, rule.revision))

    @operation(
        "Delete a cashback rule by which nothing was earned",
        description="One by which something was earned stays: archive it.",
        answers={204: None},
        problems=["not_found", "precondition_failed", "in_use"],
    )
    def delete(self, call: Call, *, rule_id: str) -> Answer:
        reference = known_id_in_path(rule_id)

        def act() -> Answer:
            actions.delete_rule(
                rule_id=reference, if_match=call.if_match, actor=call.caller.actor, now=call.now
            )
            return answer(204)

        return once(call, act)


class CashbackRulesView(Endpoint):
    """All cashback rules, by id."""

    scope = "cashback"

    @operation(
        "All cashback rules, by id",
        query={**PAGE_QUERY, "status": Literal["active", "archived"]},
        answers={200: PageOf[RuleResponse]},
    )
    def get(self, call: Call) -> Answer:
        found = rules.rules_after(
            pages.cursor_of(call),
            status=call.query.get("status"),
            limit=pages.limit_of(call.query) + 1,
        )
        shown = pages.page(
            list(found), call=call, key=lambda rule: rule.reference, show=rule_response
        )
        return answer(200, shown)


def _shown(written: WrittenRule) -> Answer:
    rule = written.rule
    status = 201 if written.created else 200
    return answer(status, rule_response(rule), etag=etag_of(rule.pk, rule.revision))
