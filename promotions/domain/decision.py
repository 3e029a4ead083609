"""Why: every promotion considered, every rule with the values compared, and the choice made.

Holds ids and values only, nothing personal: of a customer just the segments that a promotion asks
for, of a code just its id, and nothing of a code that is not the shopper's own.

Nearly all calls are answered and never asked about again. So what was found is kept as it lies, in
arrays without names, and put into words for whoever asks.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from promotions.domain.basket import NOTHING
from promotions.domain.choosing import Choice
from promotions.domain.eligibility import Considered
from promotions.domain.quote import Quote
from promotions.domain.refusal import Refusal, RuleCheck

APPLIED, LEFT_OUT, REFUSED = "applied", "left_out", "refused"


class Finding(Struct, frozen=True, array_like=True):
    """What was found about a promotion; amounts in minor units, `None` where it was refused."""

    #: Its id, or those of several about which the very same was found.
    promotions: str | list[str]
    code_id: int | None
    outcome: str
    #: What it would take from the cart alone.
    alone: int
    given: int | None
    gift_value: int | None
    bonus: int | None
    rules: Sequence[RuleCheck]


class Explanation(Struct, frozen=True):
    """The decision behind a quote."""

    #: Sums, codes, the choice, and `outcomes`: the promotions by what became of them.
    summary: dict[str, Any]
    findings: Sequence[Finding]


def explain(*, quote: Quote) -> Explanation:
    """The decision behind a quote; the summary has plain JSON values."""
    findings, outcomes = _findings(quote)
    summary = {
        "currency": quote.currency,
        "subtotal": quote.subtotal,
        "item_discount": quote.item_discount,
        "shipping_discount": quote.shipping_discount,
        "total": quote.total,
        "outcomes": outcomes,
        "codes": [
            {
                "position": position,
                "code_id": row.code_id,
                "promotion_id": row.promotion_id,
                "status": row.status.value,
                "reason": _reason(row.refusal),
            }
            for position, row in enumerate(quote.codes)
        ],
        "choice": _choice(quote.choice),
    }
    return Explanation(summary, findings)


def told(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as they are told, in plain JSON values with names."""
    return [
        {
            "promotion_id": promotion_id,
            "code_id": finding.code_id,
            "outcome": finding.outcome,
            "reason": _reason(next((r.refusal for r in finding.rules if r.refusal), None)),
            "alone": finding.alone,
            "given": finding.given,
            "gift_value": finding.gift_value,
            "bonus": finding.bonus,
            "rules": [
                {
                    "rule": check.rule,
                    "holds": check.holds,
                    "found": check.found,
                    "required": check.required,
                }
                for check in finding.rules
            ],
        }
        for finding in findings
        for promotion_id in _ids(finding)
    ]


def _ids(finding: Finding) -> list[str]:
    found = finding.promotions
    return [found] if isinstance(found, str) else found


def _findings(quote: Quote) -> tuple[list[Finding], dict[str, list[str]]]:
    """What was found, and the promotions by their outcome, or by the reason code of their refusal.

    Most promotions are about other items, and of many of these the very same is found: it is told once.
    """
    findings: list[Finding] = []
    outcomes: defaultdict[str, list[str]] = defaultdict(list)
    alike: dict[int, list[str]] = {}
    for verdict in quote.considered:
        case, checks, outcome = verdict.case, verdict.checks, REFUSED
        promotion_id = case.offer.promotion_id
        if case.is_about_cart or case.code is not None:
            finding = _finding(verdict, quote.choice)
            findings.append(finding)
            outcome = finding.outcome
        elif (others := alike.get(id(checks))) is not None:
            others.append(promotion_id)
        else:
            alike[id(checks)] = ids = [promotion_id]
            findings.append(Finding(ids, None, REFUSED, 0, None, None, None, checks))
        outcomes[verdict.refusals[0].code if verdict.refusals else outcome].append(promotion_id)
    return findings, {str(outcome): ids for outcome, ids in outcomes.items()}


def _finding(verdict: Considered, choice: Choice) -> Finding:
    case = verdict.case
    offer_id, code_id = case.offer.promotion_id, case.code.id if case.code else None
    alone = case.cut.total
    if verdict.refusals:
        return Finding(offer_id, code_id, REFUSED, alone, None, None, None, verdict.checks)
    position, members = choice.candidates.index(case), choice.chosen.members
    is_chosen = position in members
    cut = choice.chosen.cuts[members.index(position)] if is_chosen else NOTHING
    given, outcome = cut.total, APPLIED if is_chosen else LEFT_OUT
    return Finding(
        offer_id, code_id, outcome, alone, given, cut.benefit - given, cut.bonus, verdict.checks
    )


def _choice(choice: Choice) -> dict[str, Any]:
    ids = [case.offer.promotion_id for case in choice.candidates]
    chosen = choice.chosen
    return {
        "candidates": ids,
        "chosen": [ids[at] for at in chosen.members],
        "over": [name for at, name in enumerate(ids) if at not in chosen.members],
        "benefit": chosen.benefit,
        "bonus": chosen.bonus,
        "best": choice.proven,
        "cuts_tried": choice.cuts_tried,
    }


def _reason(refusal: Refusal | None) -> dict[str, Any] | None:
    if refusal is None:
        return None
    return {"code": refusal.code.value, "params": refusal.params}
