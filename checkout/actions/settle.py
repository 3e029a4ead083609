"""Running an act to its end: once per idempotency key, and again when another was faster."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction

from access.actions import answer_once
from checkout.actions.decide import keep_decision
from checkout.actions.expire import expire_due
from checkout.actions.price import OffersNotApplicable, Priced, count_misses
from common.answers import Answer
from common.api.call import Call
from common.errors import DomainError, Unavailable
from promotions.actions.counters import LimitRaced

#: Each sees what the faster ones left; many only where a few codes go to and fro among many carts.
ATTEMPTS = 12


class ReservationExpired(DomainError):
    """The reservation's time is over; what it held is given back."""

    code = "reservation_expired"

    def __init__(self, reservation_id: UUID) -> None:
        super().__init__()
        self.reservation_id = reservation_id


class HoldsInTheWay(Exception):
    """Some offer is refused only for holds of others, of which some may be due."""


def settle(
    call: Call, act: Callable[[bool], Answer], *, refuse: Callable[[DomainError], Answer]
) -> Answer:
    """Run `act` in the call's durable transaction; its argument says whether holds were swept.

    When a limit was taken meanwhile, or only holds stand in the way, everything is rolled back,
    holds that are due are given back in a transaction of their own, and the act runs once more
    on fresh facts. A refused offer leaves its decision, and its unknown codes are counted, in the
    transaction that keeps the refusal.

    Raises:
        Unavailable: others were faster every time.
    """

    def refuse_and_note(error: DomainError) -> Answer:
        if isinstance(error, OffersNotApplicable):
            _note(error)
            return replace(refuse(error), about=error.priced.facts.customer_key)
        return refuse(error)

    for attempt in range(ATTEMPTS):
        try:
            return answer_once(call, partial(act, attempt > 0), refuse=refuse_and_note)
        except (LimitRaced, HoldsInTheWay):
            expire_due(now=call.now, waits=True)
        except IntegrityError:
            # What was priced is gone: staff deleted the promotion, say. Fresh facts will tell.
            if attempt == ATTEMPTS - 1:
                raise
        except ReservationExpired as late:
            expire_due(now=call.now, reservation_id=late.reservation_id, waits=True)
            raise
        except OffersNotApplicable as refusal:
            # Without an idempotency key nothing was kept: it is noted by itself.
            with transaction.atomic():
                _note(refusal)
            raise
    raise Unavailable(retry_after=1)


def check_holds(priced: Priced, *, swept: bool) -> None:
    """Have holds that are due given back before an offer is refused for them.

    Raises:
        HoldsInTheWay
    """
    if not swept and priced.waits_for_holds:
        raise HoldsInTheWay


def _note(refusal: OffersNotApplicable) -> None:
    """Count the guesses and keep why, since that is what a customer will ask.

    Raises:
        TooManyFailedCodes
    """
    priced = refusal.priced
    count_misses(priced)
    refusal.decision_id = keep_decision(
        kind=refusal.kind,
        why=priced.why(refused=True),
        customer_key=priced.facts.customer_key,
    )
