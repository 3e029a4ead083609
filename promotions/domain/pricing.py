"""What a cart costs with its promotions: from facts to a quote, in one call."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from common.cart import Cart
from common.items import names_of
from promotions.domain.basket import Cut, Earnings, fill_basket, nothing_earned
from promotions.domain.case import Case, Visit
from promotions.domain.choosing import Choice, choose
from promotions.domain.code_rows import JudgedCode, code_rows, judge_codes
from promotions.domain.effects.bonus_cashback import BonusCashbackRule
from promotions.domain.eligibility import Considered, consider
from promotions.domain.facts import CodeFacts, CustomerFacts, CustomerUsage, PromotionUsage
from promotions.domain.nearly import nearest
from promotions.domain.offer import Offer
from promotions.domain.quote import (
    AppliedBonus,
    AppliedOffer,
    Gift,
    LineDiscount,
    Quote,
    QuotedLine,
)


def price(
    *,
    cart: Cart,
    offers: Iterable[Offer],
    codes: Sequence[CodeFacts],
    promotion_usage: Mapping[int, PromotionUsage],
    customer_usage: Mapping[int, CustomerUsage],
    customer: CustomerFacts,
    now: datetime,
    shop_zone: ZoneInfo,
    earnings: Earnings = nothing_earned,
) -> Quote:
    """The cart with the best legal combination of its promotions.

    `offers` are the automatic ones and those of the codes, in any order; others are not
    considered. `codes` are the facts of `codes.to_look_up(cart.codes)`, where unknown ones may be
    left out. Counters are by promotion key; absent means never used. `earnings` tells what the
    cashback rules earn on each line by what is left of it.

    Raises:
        KeyError: if a code's promotion is not among `offers`.
    """
    by_key = {offer.key: offer for offer in offers}
    basket = fill_basket(lines=cart.lines, shipping=cart.shipping_amount, earnings=earnings)
    visit = Visit(
        cart=cart,
        names=names_of(cart.lines),
        basket=basket,
        subtotal=sum(basket.left),
        customer=customer,
        promotion_usage=promotion_usage,
        customer_usage=customer_usage,
        now=now,
        shop_zone=shop_zone,
    )
    judged = judge_codes(visit=visit, codes=codes, offers=by_key)
    considered = _considered(by_key.values(), judged, visit)
    choice = choose(
        candidates=[verdict.case for verdict in considered if verdict.refusal is None],
        basket=basket,
    )
    return _quote(visit, judged, considered, choice)


def _considered(
    offers: Iterable[Offer], judged: Sequence[JudgedCode], visit: Visit
) -> tuple[Considered, ...]:
    """Each promotion with its first usable code, else by itself if it is automatic.

    Codes that are refused are considered too; of several usable ones only the first.
    """
    by_code: list[Considered] = []
    usable: set[int] = set()
    for code in judged:
        verdict = code.considered
        if verdict is None:
            continue
        key = verdict.case.offer.key
        if verdict.refusal is None:
            if key in usable:
                continue
            usable.add(key)
        by_code.append(verdict)
    automatic = [
        Case(offer=offer, code=None, visit=visit)
        for offer in offers
        if offer.activation == "automatic" and offer.status == "active" and offer.key not in usable
    ]
    return (*by_code, *map(consider, automatic))


def _quote(
    visit: Visit, judged: Sequence[JudgedCode], considered: tuple[Considered, ...], choice: Choice
) -> Quote:
    cart, chosen = visit.cart, choice.chosen
    spelling = {id(code.case): code.given for code in judged}
    taken: list[list[LineDiscount]] = [[] for _ in cart.lines]
    applied, gifts = [], []
    for at, cut in zip(chosen.members, chosen.cuts, strict=True):
        case = choice.candidates[at]
        offer, given = case.offer, spelling.get(id(case))
        for line_cut in cut.lines:
            # Units may be counted at no discount.
            if line_cut.amount:
                discount = LineDiscount(offer.promotion_id, given, line_cut.amount)
                taken[line_cut.line].append(discount)
        if cut.gift is not None:
            gifts.append(Gift(offer.promotion_id, *cut.gift))
        applied.append(
            AppliedOffer(
                key=offer.key,
                promotion_id=offer.promotion_id,
                titles=offer.titles,
                code_id=case.code.id if case.code else None,
                code=given,
                item_amount=cut.items,
                shipping_amount=cut.shipping,
                bonus=_bonus(case, cut),
                restores_after_cancel=offer.restores_after_cancel,
            )
        )
    return Quote(
        currency=cart.currency,
        subtotal=visit.subtotal,
        item_discount=sum(offer.item_amount for offer in applied),
        shipping_amount=cart.shipping_amount,
        shipping_discount=sum(offer.shipping_amount for offer in applied),
        lines=tuple(
            QuotedLine(
                line_id=line.line_id,
                subtotal=line.subtotal,
                discount=sum(discount.amount for discount in discounts),
                discounts=tuple(discounts),
            )
            for line, discounts in zip(cart.lines, taken, strict=True)
        ),
        applied=tuple(applied),
        gifts=tuple(gifts),
        codes=code_rows(judged=judged, choice=choice),
        nearly=nearest(considered, visit=visit),
        best=choice.proven,
        considered=considered,
        choice=choice,
    )


def _bonus(case: Case, cut: Cut) -> AppliedBonus | None:
    effect = case.offer.effect
    if not isinstance(effect, BonusCashbackRule) or not cut.bonus:
        return None
    return AppliedBonus(
        cut.bonus, tuple(case.eligible), effect.pending_days, effect.expires_after_days
    )
