"""What becomes of each code of a call: judged before the choice, told after it."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from promotions.domain.case import Case, Visit
from promotions.domain.choosing import Choice, conflict
from promotions.domain.codes import MAX_CODES_LOOKED_UP, normalise
from promotions.domain.eligibility import Considered, consider, is_known_to_shopper
from promotions.domain.facts import CodeFacts
from promotions.domain.offer import Offer
from promotions.domain.quote import CodeRow, CodeStatus
from promotions.domain.refusal import Reason, Refusal


class JudgedCode(Struct, frozen=True):
    """One code before the choice: what it stands for, if it may be spoken about."""

    #: In the shopper's spelling.
    given: str
    #: `None` where there is nothing to say but the refusal.
    considered: Considered | None
    refusal: Refusal | None

    @property
    def case(self) -> Case | None:
        return self.considered.case if self.considered else None


def judge_codes(
    *, visit: Visit, codes: Sequence[CodeFacts], offers: Mapping[int, Offer]
) -> list[JudgedCode]:
    """Each code of the cart, in its order; `codes` may leave out unknown ones.

    Raises:
        KeyError: if a code's promotion is not among `offers` (by key).
    """
    by_code = {code.code: code for code in codes}
    judged: list[JudgedCode] = []
    seen: set[str] = set()
    for position, given in enumerate(visit.cart.codes):
        if position >= MAX_CODES_LOOKED_UP:
            too_many = Refusal(Reason.TOO_MANY_CODES, {"limit": MAX_CODES_LOOKED_UP})
            judged.append(JudgedCode(given, None, too_many))
            continue
        normal = normalise(given) or given
        if normal in seen:
            judged.append(JudgedCode(given, None, Refusal(Reason.DUPLICATE_CODE)))
            continue
        seen.add(normal)
        code = by_code.get(normal)
        if code is None or not is_known_to_shopper(code):
            judged.append(JudgedCode(given, None, Refusal(Reason.CODE_NOT_VALID)))
            continue
        case = Case(offer=offers[code.promotion_key or 0], code=code, visit=visit)
        considered = consider(case)
        judged.append(JudgedCode(given, considered, considered.refusal))
    return judged


def code_rows(*, judged: Sequence[JudgedCode], choice: Choice) -> tuple[CodeRow, ...]:
    """The codes after the choice, in the caller's order and spelling."""
    return tuple(_row(code, choice) for code in judged)


def why_left_out(case: Case, choice: Choice) -> Reason:
    """Of what was not chosen: whether it may not stand beside the chosen ones, or only gives less."""
    is_second_code = case not in choice.candidates
    if is_second_code or any(conflict(case.offer, other.offer) for other in choice.chosen_cases):
        return Reason.CANNOT_COMBINE
    return Reason.BETTER_OFFER_APPLIED


def _row(judged: JudgedCode, choice: Choice) -> CodeRow:
    case, refusal = judged.case, judged.refusal
    if case is None:
        is_duplicate = refusal is not None and refusal.code is Reason.DUPLICATE_CODE
        status = CodeStatus.SKIPPED if is_duplicate else CodeStatus.INAPPLICABLE
        return CodeRow(code=judged.given, status=status, refusal=refusal)
    if refusal is not None:
        status = CodeStatus.INAPPLICABLE
    elif case in choice.chosen_cases:
        status = CodeStatus.APPLIED
    else:
        status = CodeStatus.SKIPPED
        refusal = Refusal(why_left_out(case, choice))
    return CodeRow(
        code=judged.given,
        status=status,
        promotion_id=case.offer.promotion_id,
        code_id=case.code.id if case.code else None,
        refusal=refusal,
    )
