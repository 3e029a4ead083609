"""The last three months of the tea shop: the acts of the API, each at the moment when it happened."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

import msgspec

from checkout.actions.cancel import cancel_redemption
from checkout.actions.redeem import redeem_cart
from checkout.actions.returns import return_lines
from checkout.actions.validate import validate
from checkout.domain.returns import Asked
from config.demo import past
from config.demo.attempts import Attempt, attempts
from config.demo.credit import ONE_IN
from config.demo.offers.book import offers
from config.demo.offers.offer import Offer
from config.demo.offers.shared import WELCOME_CODE
from config.demo.past import Purchase
from config.demo.people import Person
from config.demo.shoppers import Codes, Held, Poster, with_codes
from promotions.actions.budgets import announce_budgets
from promotions.actions.codes import CodeTerms, change_code
from promotions.actions.promotions import edit_promotion
from promotions.domain.definition import PromotionDefinition, Status

SEED = 25

#: Orders end at eleven at night: it is still the same day.
_A_WHILE = timedelta(minutes=40)


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened at `at`."""

    at: datetime
    happen: Callable[[], None]


def live_through(
    everybody: Sequence[Person],
    bought: Sequence[Purchase],
    *,
    personal: Mapping[str, Sequence[Held]],
    flyers: Sequence[Held],
    today: datetime,
    actor: str,
) -> None:
    """Let all of it happen, in its order. Part of the caller's transaction."""
    since = today - past.PROMOTIONS_SINCE
    known = {purchase.cart.customer_id or "" for purchase in bought if purchase.at < since}
    made = offers(today=today)
    codes = Codes(WELCOME_CODE, list(_posters(made)), personal, flyers)
    new = [purchase for purchase in bought if purchase.is_redeemed(today=today)]
    tried = with_codes(new, codes=codes, known=known)
    moments = [
        *_edits(made, actor=actor),
        *_orders(tried),
        *_questions(attempts(everybody, today=today)),
        *_returns(bought, today=today),
    ]
    for moment in sorted(moments, key=lambda moment: moment.at):
        moment.happen()


def _posters(made: Iterable[Offer]) -> Iterator[Poster]:
    for offer in made:
        for code in offer.shared_codes:
            yield Poster(code, offer.made_at, offer.definition.items.include)


def _edits(made: Iterable[Offer], *, actor: str) -> Iterator[Moment]:
    """What staff thought better of."""
    for offer in made:
        for code, at in offer.disabled.items():
            yield Moment(at, partial(_disable, offer.promotion_id, code, actor=actor, now=at))
        if offer.later is not None:
            at, status = offer.later
            yield Moment(at, partial(_set, offer.promotion_id, status, actor=actor, now=at))


def _disable(promotion_id: str, code: str, *, actor: str, now: datetime) -> None:
    change_code(
        promotion_id=promotion_id,
        given=code,
        change=lambda _: CodeTerms(status="disabled"),
        actor=actor,
        now=now,
    )


def _set(promotion_id: str, status: Status, *, actor: str, now: datetime) -> None:
    def edit(definition: PromotionDefinition) -> PromotionDefinition:
        return msgspec.structs.replace(definition, status=status)

    edit_promotion(promotion_id=promotion_id, edit=edit, actor=actor, now=now)


def _questions(asked: Iterable[Attempt]) -> Iterator[Moment]:
    for attempt in asked:
        yield Moment(attempt.at, partial(_ask, attempt))


def _ask(attempt: Attempt) -> None:
    validate(cart=attempt.cart, now=attempt.at)


def _orders(bought: Iterable[Purchase]) -> Iterator[Moment]:
    again: Counter[str] = Counter()
    for number, purchase in enumerate(bought):
        buy = partial(_buy, purchase, again=again, spends=number % ONE_IN == 0)
        yield Moment(purchase.at, buy)


def _buy(purchase: Purchase, *, again: Counter[str], spends: bool) -> None:
    """Validate as a storefront does, then redeem without the codes that were refused.

    Of those whose code was good the first, and every eighth, ask for the same once more. Who `spends`
    pays with the cashback there is.
    """
    cart = purchase.cart
    if spends and cart.customer_id is not None:
        cart = msgspec.structs.replace(cart, cashback_amount="max")
    if cart.codes:
        quote = validate(cart=cart, now=purchase.at - timedelta(minutes=2)).answer
        applied = [row.code for row in quote.codes if row.status == "applied"]
        cart = msgspec.structs.replace(cart, codes=applied)
    redeemed = redeem_cart(cart=cart, order_id=purchase.order_id, now=purchase.at, swept=True)
    if redeemed.closing is not None:
        redeemed.closing()
    # The tick would tell within seconds.
    announce_budgets(now=purchase.at)
    for code in cart.codes:
        if again[code] % 8 == 0:
            validate(cart=cart, now=purchase.at + _A_WHILE)
        again[code] += 1
    if purchase.fate == "cancelled":
        cancelled = cancel_redemption(
            redemption_id=redeemed.redemption.pk, now=purchase.at + 3 * _A_WHILE
        )
        if cancelled.closing is not None:
            cancelled.closing()


def _returns(bought: Iterable[Purchase], *, today: datetime) -> Iterator[Moment]:
    random = Random(SEED)
    for purchase in bought:
        at = purchase.at + timedelta(days=random.randint(9, 20), hours=random.randint(0, 5))
        if purchase.fate.startswith("returned") and at < today:
            yield Moment(at, partial(_send_back, purchase, now=at))


def _send_back(purchase: Purchase, *, now: datetime) -> None:
    """One unit of the first line, or everything with the delivery."""
    is_whole = purchase.fate == "returned"
    lines = purchase.cart.lines if is_whole else purchase.cart.lines[:1]
    returned = return_lines(
        order_id=purchase.order_id,
        return_id=f"R-{purchase.order_id}",
        asked=[Asked(line_id=line.line_id, quantity=line.quantity if is_whole else 1)
               for line in lines],
        refund_shipping=is_whole,
        now=now,
    )  # fmt: skip
    if returned.closing is not None:
        returned.closing()
