"""Why: every promotion considered, every rule with the values compared, and the choice made.

Holds ids and values only, nothing personal: of a customer just the segments that a promotion asks
for, of a code just its id, and nothing of a code that is not the shopper's own.
"""

from collections.abc import Set as AbstractSet
from datetime import datetime

from promotions.domain.basket import NOTHING
from promotions.domain.choosing import Choice
from promotions.domain.eligibility import checks
from promotions.domain.quote import Considered, Quote
from promotions.domain.refusal import Refusal, RuleCheck


def explain(*, quote: Quote) -> dict[str, object]:
    """The decision behind a quote, as plain JSON values.

    Found again from the same rules that decided, and only when asked for: it costs about as much
    as pricing.
    """
    return {
        "currency": quote.currency,
        "subtotal": quote.subtotal,
        "item_discount": quote.item_discount,
        "shipping_discount": quote.shipping_discount,
        "total": quote.total,
        "promotions": [_promotion(verdict, quote.choice) for verdict in quote.considered],
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


def _promotion(verdict: Considered, choice: Choice) -> dict[str, object]:
    case = verdict.case
    given = gift_value = bonus = None
    if verdict.refusal is None:
        position = choice.candidates.index(case)
        members = choice.chosen.members
        cut = choice.chosen.cuts[members.index(position)] if position in members else NOTHING
        given, gift_value, bonus = cut.total, cut.benefit - cut.total, cut.bonus
        outcome = "applied" if position in members else "left_out"
    else:
        outcome = "refused"
    return {
        "promotion_id": case.offer.promotion_id,
        "code_id": case.code.id if case.code else None,
        "outcome": outcome,
        "reason": _reason(verdict.refusal),
        "alone": case.cut.total,
        "given": given,
        "gift_value": gift_value,
        "bonus": bonus,
        "rules": [_rule(check) for check in checks(case)],
    }


def _choice(choice: Choice) -> dict[str, object]:
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


def _rule(check: RuleCheck) -> dict[str, object]:
    return {
        "rule": check.rule,
        "holds": check.holds,
        "found": _plain(check.found),
        "required": _plain(check.required),
    }


def _reason(refusal: Refusal | None) -> dict[str, object] | None:
    if refusal is None:
        return None
    return {"code": refusal.code.value, "params": refusal.params}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return sorted(value) if isinstance(value, AbstractSet) else value
