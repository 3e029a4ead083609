"""The compiled rules, kept in each process and renewed the moment their stamp has moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import msgspec
from django.db import connection

from cashback.domain.rules import EarningRule, Funder, RuleDefinition, compile_rule
from cashback.models import Rule
from common.money import format_percent

#: A scalar for the one statement of a checkout call: the version of all rules and partners.
STAMP = "(SELECT version FROM cashback_rulestamp WHERE id = 1)"

_ALL = f"""
    SELECT coalesce({STAMP}, 0),
        (SELECT json_agg(json_build_array(id, reference, share_percent)) FROM cashback_partner),
        (SELECT json_agg(json_build_array(id, reference, revision, partner_id, json_build_object(
            'name', name, 'status', status, 'percent', percent, 'amount', amount,
            'currency', currency, 'items', items, 'conditions', conditions, 'audience', audience,
            'tiers', tiers, 'schedule', schedule, 'max_per_order', max_per_order,
            'max_per_customer_month', max_per_customer_month, 'pending_days', pending_days,
            'expires_after_days', expires_after_days, 'clawback', clawback)))
         FROM cashback_rule WHERE status = 'active')"""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All active rules as of one value of the stamp; never changed, only replaced."""

    stamp: int = 0
    #: Sorted by id, in code point order.
    rules: Sequence[EarningRule] = ()
    #: The segments that any of them asks for.
    segments: tuple[str, ...] = ()
    #: Keys of those with a monthly cap.
    capped: tuple[int, ...] = ()
    #: By the shop's id.
    partners: Mapping[str, Funder] = field(default_factory=dict)


NO_RULES = RuleBook()
_book = NO_RULES
_renewing = Lock()


def known_rules() -> RuleBook:
    """What this process knows; perhaps stale, so compare its stamp with the database's."""
    return _book


def rules_at(stamp: int) -> RuleBook:
    """The rules at `stamp` or newer: one statement if the stamp has moved, none otherwise.

    A stamp of 0 means that there never was a rule.
    """
    global _book
    if stamp == 0:
        # What was known is of another database.
        _book = NO_RULES
        return NO_RULES
    if _book.stamp < stamp:
        with _renewing:
            if _book.stamp < stamp:
                _book = _read()
    return _book


def current_rules() -> RuleBook:
    """The rules of this moment. 1 statement, and 1 more where they have changed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce({STAMP}, 0)")
        return rules_at(cursor.fetchone()[0])


def definition_of(rule: Rule) -> RuleDefinition:
    """The row in the contract's words, every field filled."""
    return msgspec.convert(
        {
            "name": rule.name,
            "status": rule.status,
            "percent": _percent(rule.percent),
            "amount": rule.amount,
            "currency": rule.currency,
            "partner_id": rule.partner.reference if rule.partner else None,
            "items": rule.items,
            "conditions": rule.conditions,
            "audience": rule.audience,
            "tiers": rule.tiers,
            "schedule": rule.schedule,
            "max_per_order": rule.max_per_order,
            "max_per_customer_month": rule.max_per_customer_month,
            "pending_days": rule.pending_days,
            "expires_after_days": rule.expires_after_days,
            "clawback": rule.clawback,
            "terms": rule.terms,
        },
        RuleDefinition,
    )


def _read() -> RuleBook:
    """One statement, so stamp and rules are of one instant."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL)
        stamp, partners, rules = cursor.fetchone()
    funders = {row[0]: Funder(*row) for row in partners or ()}
    compiled = sorted(
        (_compile(row, funders) for row in rules or ()), key=lambda rule: rule.rule_id
    )
    return RuleBook(
        stamp=stamp,
        rules=compiled,
        segments=tuple(sorted(frozenset().union(*[rule.asked_segments for rule in compiled]))),
        capped=tuple(rule.key for rule in compiled if rule.max_per_customer_month is not None),
        partners={funder.partner_id: funder for funder in funders.values()},
    )


def _compile(row: Sequence[Any], funders: Mapping[int, Funder]) -> EarningRule:
    key, reference, revision, partner_key, shape = row
    shape["percent"] = _percent(shape["percent"])
    partner = funders[partner_key] if partner_key is not None else None
    definition = msgspec.convert(shape, RuleDefinition)
    return compile_rule(
        key=key, rule_id=reference, revision=revision, definition=definition, partner=partner
    )


def _percent(percent: int | None) -> str | None:
    return format_percent(percent) if percent is not None else None
