"""How an offer or a code stands for one customer, whatever will be in the cart.

By the rules of checkout themselves: what is called usable here, `validate` takes for a cart that fits.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from common.cart import Cart
from common.items import names_of
from promotions.domain.basket import fill_basket, nothing_earned
from promotions.domain.case import Case, Visit
from promotions.domain.effects.fixed_amount import FixedAmountRule
from promotions.domain.effects.kinds import EffectRule
from promotions.domain.effects.tiered import TieredRule
from promotions.domain.eligibility import checks_without_cart
from promotions.domain.facts import CustomerFacts, CustomerUsage, PromotionUsage
from promotions.domain.offer import Offer
from promotions.domain.refusal import Reason, Refusal

#: `upcoming`: not at this instant, but maybe later. `expired`: not any more.
WalletStatus = Literal["usable", "upcoming", "used", "expired"]

#: Of whom it is not meant for nothing is said.
_OF_OTHERS = frozenset({Reason.CUSTOMER_NOT_ELIGIBLE, Reason.SIGN_IN_REQUIRED})
#: Whether the time ever comes is asked by itself.
_PASSING = frozenset(
    {Reason.CODE_NOT_STARTED, Reason.OUTSIDE_TIME_WINDOW, Reason.HELD_BY_OTHER_CHECKOUT}
)


def visit_without_cart(
    *,
    customer: CustomerFacts,
    promotion_usage: Mapping[int, PromotionUsage],
    customer_usage: Mapping[int, CustomerUsage],
    now: datetime,
    shop_zone: ZoneInfo,
) -> Visit:
    """The customer at the shop's door, with nothing in the cart yet."""
    return Visit(
        cart=Cart(currency="", lines=[]),
        names=names_of([]),
        basket=fill_basket(lines=[], shipping=0, earnings=nothing_earned),
        subtotal=0,
        customer=customer,
        promotion_usage=promotion_usage,
        customer_usage=customer_usage,
        now=now,
        shop_zone=shop_zone,
    )


def wallet_status(case: Case) -> WalletStatus | None:
    """How it stands at a visit without cart; `None` where the customer is not told of it: a draft,
    or what is meant for others.
    """
    refusals = _refusals(case)
    reasons = {refusal.code for refusal in refusals}
    is_own = case.code is None or case.code.personal
    if Reason.CUSTOMER_LIMIT_REACHED in reasons or Reason.CODE_ALREADY_USED in reasons and is_own:
        return "used"
    if case.offer.status == "draft" or reasons & _OF_OTHERS:
        return None
    if not refusals:
        return "usable"
    is_over = not _comes(case) or not all(_passes(refusal, case) for refusal in refusals)
    return "expired" if is_over else "upcoming"


def is_held(case: Case) -> bool:
    """Whether something stands in its way that a checkout holds."""
    return any(refusal.code is Reason.HELD_BY_OTHER_CHECKOUT for refusal in _refusals(case))


def usable_from(case: Case) -> datetime | None:
    """From when on it can be used, where that is certain; only of what is upcoming."""
    reasons = {refusal.code for refusal in _refusals(case)}
    hours = case.offer.hours
    if reasons == {Reason.CODE_NOT_STARTED} and hours is None:
        return valid_from(case)
    if reasons == {Reason.OUTSIDE_TIME_WINDOW} and hours is not None:
        visit, end = case.visit, valid_until(case)
        return hours.next_opening(now=visit.now, ends_at=end, shop_zone=visit.shop_zone)
    return None


def valid_from(case: Case) -> datetime | None:
    """When the period begins in which both code and promotion are valid."""
    starts = (case.code.valid_from if case.code else None, case.offer.starts_at)
    return max((at for at in starts if at is not None), default=None)


def valid_until(case: Case) -> datetime | None:
    """When that period ends: the first instant at which it is over."""
    ends = (case.code.valid_until if case.code else None, case.offer.ends_at)
    return min((at for at in ends if at is not None), default=None)


def is_for_few(offer: Offer) -> bool:
    """Whether it runs, or may again, and is for some customers: those of segments, or registered ones."""
    return offer.status in {"active", "paused"} and (offer.registered or bool(offer.segments))


def _refusals(case: Case) -> list[Refusal]:
    found = [check.refusal for check in checks_without_cart(case) if check.refusal]
    budget, usage = case.offer.discount_budget, case.usage
    if budget is None:
        return found
    needed = _promised(case.offer.effect)
    if usage.spent + needed > budget:
        found.append(Refusal(Reason.BUDGET_EXHAUSTED))
    elif usage.spent + usage.held_amount + needed > budget:
        found.append(Refusal(Reason.HELD_BY_OTHER_CHECKOUT))
    return found


def _promised(effect: EffectRule) -> int:
    """The least that it gives to a cart as it is meant, in minor units: whatever the cart, something."""
    match effect:
        case FixedAmountRule():
            return effect.amount
        case TieredRule():
            return min(amount or 1 for _, _, amount in effect.tiers)
    return 1


def _comes(case: Case) -> bool:
    """Whether a time is still to come at which both the code and the promotion can be used."""
    visit, end, hours = case.visit, valid_until(case), case.offer.hours
    start = max(visit.now, valid_from(case) or visit.now)
    if end is not None and end <= start:
        return False
    if hours is None or hours.is_open(now=start, shop_zone=visit.shop_zone):
        return True
    return hours.next_opening(now=start, ends_at=end, shop_zone=visit.shop_zone) is not None


def _passes(refusal: Refusal, case: Case) -> bool:
    """Whether what stands in the way may be gone later."""
    match refusal.code:
        case Reason.PROMOTION_NOT_RUNNING:
            return case.offer.status == "paused"
        case Reason.NTH_ORDER_NOT_MET:
            nth = case.offer.nth_order
            return nth is not None and case.visit.customer.earlier_orders + 1 < nth
    return refusal.code in _PASSING
