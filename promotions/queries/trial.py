"""A promotion tried at a cart, as it is being written: the pricing of checkout, which changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.db import connection

from common.cart import Cart
from customers.queries import facts as customers
from customers.queries.segment_book import audience_sql, current_segments
from promotions.domain.code_rows import why_left_out
from promotions.domain.codes import to_look_up
from promotions.domain.definition import PromotionDefinition
from promotions.domain.facts import GUEST, CodeFacts, CustomerFacts
from promotions.domain.offer import Offer, compile_offer
from promotions.domain.pricing import price
from promotions.domain.quote import Quote
from promotions.domain.refusal import Refusal
from promotions.queries import facts as promotions
from promotions.queries.facts import code_facts
from promotions.queries.offers import OfferBook, known_offers, offers_at


def _statement(segments: str) -> str:
    return f"""
        WITH {customers.WHO}, {promotions.COMMON_TABLES}
        SELECT (SELECT id FROM who), (SELECT is_registered FROM who), {customers.EARLIER_ORDERS},
               {segments}, {promotions.SCALARS}"""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it."""

    quote: Quote
    #: Of the promotion that was tried, among the quote's.
    key: int
    #: Why the promotion that was tried gives nothing; `None`: it does.
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class _Facts:
    customer_key: int | None
    customer: CustomerFacts
    counts: promotions.Counts


def try_promotion(
    *,
    definition: PromotionDefinition,
    promotion_id: str,
    promotion_key: int | None,
    cart: Cart,
    with_others: bool,
    now: datetime,
) -> Trial:
    """Price the cart with a promotion as if it were active and its code, if it has any, were given.

    Its counters, and the codes of the cart, are as they stand; `promotion_key` is None where there
    is no such promotion yet. Promotions of codes that are given come along; other automatic ones
    only `with_others`.
    """
    active = msgspec.structs.replace(definition, status="active")
    tried = compile_offer(key=promotion_key or 0, promotion_id=promotion_id, definition=active)
    book, facts = _facts(cart, tried, with_others=with_others, now=now)
    by_key = {**book.by_key, tried.key: tried}
    codes = [
        code_facts(
            code,
            row=facts.counts.codes.get(code),
            offers=by_key,
            customer_key=facts.customer_key,
        )
        for code in to_look_up(cart.codes)
    ]
    offers = _offers(tried, codes, book, by_key, with_others=with_others)
    quote = price(
        cart=cart,
        offers=offers,
        codes=codes,
        promotion_usage=facts.counts.promotions,
        customer_usage=facts.counts.customer,
        customer=facts.customer,
        now=now,
        shop_zone=ZoneInfo(settings.SHOP_TIME_ZONE),
    )
    return Trial(quote, tried.key, _refusal(quote, tried.key))


def _offers(
    tried: Offer,
    codes: Iterable[CodeFacts],
    book: OfferBook,
    by_key: dict[int, Offer],
    *,
    with_others: bool,
) -> list[Offer]:
    """The promotion tried stands by itself, unless a code of its own is given."""
    of_codes = {key for code in codes if (key := code.promotion_key) is not None}
    by_itself = replace(tried, activation="automatic")
    offers = {offer.key: offer for offer in book.automatic} if with_others else {}
    offers |= {key: by_key[key] for key in of_codes}
    offers[tried.key] = tried if tried.key in of_codes else by_itself
    return list(offers.values())


def _refusal(quote: Quote, key: int) -> Refusal | None:
    """The reason that stands first, as for a code; none if the promotion was chosen."""
    if any(applied.key == key for applied in quote.applied):
        return None
    verdicts = [verdict for verdict in quote.considered if verdict.case.offer.key == key]
    usable = next((verdict.case for verdict in verdicts if verdict.refusal is None), None)
    if usable is None:
        return next(verdict.refusal for verdict in verdicts)
    return Refusal(why_left_out(usable, quote.choice))


def _facts(
    cart: Cart, tried: Offer, *, with_others: bool, now: datetime
) -> tuple[OfferBook, _Facts]:
    """The facts and the definitions of the same instant or a later one."""
    book = known_offers()
    for _ in range(3):
        counted = [tried.key, *(book.counted if with_others else ())]
        segments = {*(book.segments if with_others or cart.codes else ()), *tried.asked_segments}
        facts = _read(cart, counted=counted, segments=tuple(sorted(segments)), now=now)
        current = offers_at(facts.counts.stamp)
        # A promotion that was edited meanwhile may need counters that were not read.
        if current is book:
            break
        book = current
    return book, facts


def _read(cart: Cart, *, counted: list[int], segments: tuple[str, ...], now: datetime) -> _Facts:
    parameters = {
        "customer": cart.customer_id,
        "order": None,
        "now": now,
        "codes": list(to_look_up(cart.codes)),
        "counted": counted,
    }
    with connection.cursor() as cursor:
        cursor.execute(_statement(audience_sql(current_segments(), segments)), parameters)
        key, is_registered, earlier_orders, member_of, *counts = cursor.fetchone()
    customer = GUEST
    if cart.customer_id is not None:
        customer = CustomerFacts(
            signed_in=True,
            registered=bool(is_registered),
            earlier_orders=earlier_orders,
            segments=frozenset(member_of or ()),
        )
    return _Facts(key, customer, promotions.parse(counts))
