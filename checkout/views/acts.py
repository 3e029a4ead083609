"""How the checkout's acts are run and their refusals rendered."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from checkout.actions.price import OffersNotApplicable
from checkout.actions.settle import settle
from checkout.serializers.answers import (
    CashbackResponse,
    CodeStatusResponse,
    cashback_row,
    code_rows,
)
from common.answers import Answer
from common.api.call import Call
from common.api.problems import problem_of
from common.errors import DomainError, NotFound
from common.ids import parse_public_id, public_id
from common.reasons import Language

#: What a refusal of offers tells besides: the same rows as a priced cart, and where to ask why.
REFUSED_OFFERS: Mapping[str, Mapping[str, Any]] = {
    code: {
        "codes": list[CodeStatusResponse],
        "cashback": CashbackResponse,
        "decision_id": str,
    }
    for code in ("offers_not_applicable", "cashback_insufficient")
}


def run(call: Call, act: Callable[[bool], Answer]) -> Answer:
    """Run an act to its end; a refused offer says which, and why, in the caller's language."""

    def refuse(error: DomainError) -> Answer:
        return problem_of(_explained(error, call.language), request_id=call.request_id)

    try:
        return settle(call, act, refuse=refuse)
    except OffersNotApplicable as refusal:
        raise _explained(refusal, call.language) from None


def id_in_path(prefix: str, text: str) -> UUID:
    """The id of something of ours.

    Raises:
        NotFound: nothing can have this id.
    """
    found = parse_public_id(prefix, text)
    if found is None:
        raise NotFound
    return found


def _explained(error: DomainError, language: Language) -> DomainError:
    if not isinstance(error, OffersNotApplicable):
        return error
    assert error.decision_id is not None, "a refusal is noted before it is told"
    priced = error.priced.answer
    rows: dict[str, Any] = {
        "codes": code_rows(priced, language=language),
        "cashback": cashback_row(priced, language=language),
        "decision_id": public_id("dec", error.decision_id),
    }
    error.extension = rows
    return error
