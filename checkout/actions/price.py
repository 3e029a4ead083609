"""Pricing a cart with what the database knows; changes nothing."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from msgspec import Struct
from msgspec.structs import replace

from access import actions as access
from access import queries as guesses
from cashback.domain.earning import Earned
from cashback.domain.spending import quote_spending
from cashback.queries.rule_book import RuleBook, known_rules, rules_at
from checkout.domain.earnings import Earner, why_cashback
from checkout.domain.priced import PricedCart, with_cashback
from checkout.domain.why import Why
from checkout.queries.facts import Facts, read_facts
from common.cart import Cart
from common.errors import DomainError
from customers.queries.segment_book import known_segments, segments_at
from promotions.domain.basket import nothing_earned
from promotions.domain.codes import normalise, to_look_up
from promotions.domain.decision import explain
from promotions.domain.pricing import price
from promotions.domain.quote import Quote
from promotions.domain.refusal import Reason
from promotions.queries.facts import code_facts
from promotions.queries.offers import OfferBook, known_offers, offers_at


class OffersNotApplicable(DomainError):
    """Not everything that was asked for can be given, so nothing is."""

    code = "offers_not_applicable"

    def __init__(self, priced: "Priced", kind: str) -> None:
        super().__init__()
        self.priced = priced
        #: What was asked for: a kind of decision.
        self.kind = kind
        #: Why, once that is kept.
        self.decision_id: UUID | None = None


class CashbackInsufficient(OffersNotApplicable):
    """The codes are fine, but there is not so much cashback."""

    code = "cashback_insufficient"


class Priced(Struct, frozen=True):
    """A cart with its price and the facts that it rests on."""

    cart: Cart
    quote: Quote
    answer: PricedCart
    facts: Facts
    now: datetime
    #: What an order earns by, and what this one does: by rule and promotion.
    rules: RuleBook
    earner: Earner
    earned: Sequence[Earned]

    @property
    def is_refused(self) -> bool:
        """Whether a reservation or redemption must be refused."""
        return bool(self.quote.inapplicable) or self.answer.cashback.reason is not None

    @property
    def waits_for_holds(self) -> bool:
        """Whether some offer is refused only because other checkouts hold it."""
        first = [one.refusals[0].code for one in self.quote.considered if one.refusals]
        return Reason.HELD_BY_OTHER_CHECKOUT in first

    def why(self, **more: Any) -> Why:
        """The decision behind it: ids and figures only. `more` goes to the summary."""
        explained = explain(quote=self.quote)
        cashback = why_cashback(
            self.answer.cashback, self.earned, available=self.facts.cashback.available
        )
        summary = {"at": self.now.isoformat(), **explained.summary, **cashback, **more}
        return Why(summary, explained.findings)


def price_cart(
    *,
    cart: Cart,
    now: datetime,
    order_id: str | None = None,
    own_reservation: UUID | None = None,
    claim: guesses.KeyClaim | None = None,
) -> Priced:
    """Price the cart as things stand now, for whom `claim` says is calling.

    Raises:
        ClaimFailed: the key is not live any more.
        TooManyFailedCodes: the cart carries codes, and its customer or address guessed too often.
    """
    subjects = subjects_of(cart)
    codes = to_look_up(cart.codes)
    book, rules, facts = _facts(cart, codes, subjects, now, order_id, own_reservation, claim)
    if not facts.claim_holds:
        raise access.ClaimFailed
    if cart.codes and facts.failed_guesses >= guesses.GUESSES_ALLOWED:
        raise access.too_many_failed_codes(subjects, now=now)
    known = [
        code_facts(
            code,
            row=facts.counts.codes.get(code),
            offers=book.by_key,
            customer_key=facts.customer_key,
        )
        for code in codes
    ]
    offers = {offer.key: offer for offer in book.automatic}
    offers |= {key: book.by_key[key] for code in known if (key := code.promotion_key) is not None}
    earner = _earner(cart, rules, facts, now)
    quote = price(
        cart=cart,
        offers=offers.values(),
        codes=known,
        promotion_usage=facts.counts.promotions,
        customer_usage=facts.counts.customer,
        customer=facts.customer,
        now=now,
        shop_zone=shop_zone(),
        earnings=earner.by_line if earner.rules else nothing_earned,
    )
    spending = quote_spending(
        asked=cart.cashback_amount,
        available=facts.cashback.available,
        total=quote.total,
        minimum=settings.CASHBACK_MINIMUM,
        signed_in=cart.customer_id is not None,
    )
    answer = with_cashback(quote, spending)
    earned = earner.earned(answer.bases, answer.bonuses)
    if earned:
        total = sum(one.amount for one in earned)
        answer = replace(answer, cashback=replace(answer.cashback, earned=total))
    return Priced(cart, quote, answer, facts, now, rules, earner, earned)


def check_applicable(priced: Priced, *, kind: str) -> None:
    """Refuse as a whole what cannot be given as a whole.

    Raises:
        OffersNotApplicable, CashbackInsufficient
    """
    if priced.quote.inapplicable:
        raise OffersNotApplicable(priced, kind)
    reason = priced.answer.cashback.reason
    if reason == "cashback_insufficient":
        raise CashbackInsufficient(priced, kind)
    if reason is not None:
        raise OffersNotApplicable(priced, kind)


def count_misses(priced: Priced) -> None:
    """Count the codes that did not exist for this customer, each a guess.

    Raises:
        TooManyFailedCodes
    """
    misses = [
        normalise(row.code) or row.code
        for row in priced.quote.codes
        if row.refusal and row.refusal.code is Reason.CODE_NOT_VALID
    ]
    access.count_failed_codes(misses, subjects=subjects_of(priced.cart), now=priced.now)


def subjects_of(cart: Cart) -> list[bytes]:
    """Whom the cart's wrong codes count against."""
    return guesses.subject_hashes(customer_id=cart.customer_id, client_ip=cart.client_ip)


@cache
def shop_zone() -> ZoneInfo:
    """The shop's own time zone."""
    return ZoneInfo(settings.SHOP_TIME_ZONE)


def _earner(cart: Cart, rules: RuleBook, facts: Facts, now: datetime) -> Earner:
    """Guests earn nothing."""
    return Earner(
        rules=rules.rules if cart.customer_id is not None else (),
        segments=facts.customer.segments,
        given_this_month=facts.cashback.given_this_month,
        currency=cart.currency,
        lines=cart.lines,
        partner_id=cart.partner_id,
        partner=rules.partners.get(cart.partner_id or ""),
        now=now,
        shop_zone=shop_zone(),
    )


def _facts(
    cart: Cart,
    codes: Sequence[str],
    subjects: Sequence[bytes],
    now: datetime,
    order_id: str | None,
    own_reservation: UUID | None,
    claim: guesses.KeyClaim | None,
) -> tuple[OfferBook, RuleBook, Facts]:
    """The facts and the definitions of the same instant or a later one."""
    book, segments, rules = known_offers(), known_segments(), known_rules()
    reads_lots = False
    for _ in range(4):
        facts = read_facts(
            customer_id=cart.customer_id,
            currency=cart.currency,
            codes=codes,
            counted=book.counted,
            segments=segments,
            asked_segments=asked_segments(book.segments, rules.segments),
            rules=rules,
            counts_orders=book.counts_orders,
            subjects=subjects,
            now=now,
            order_id=order_id,
            own_reservation=own_reservation,
            claim=claim,
            reads_lots=reads_lots,
        )
        current = (
            offers_at(facts.counts.stamp),
            segments_at(facts.segment_stamp),
            rules_at(facts.cashback.stamp),
        )
        # What was edited meanwhile may need counters and segments that were not read.
        is_current = current[0] is book and current[1] is segments and current[2] is rules
        if is_current and not facts.cashback.is_due:
            break
        book, segments, rules = current
        reads_lots = reads_lots or facts.cashback.is_due
    return book, rules, facts


@lru_cache(maxsize=100)
def asked_segments(offers: tuple[str, ...], rules: tuple[str, ...]) -> tuple[str, ...]:
    """The segments that promotions or cashback rules ask for."""
    return tuple(sorted({*offers, *rules})) if rules else offers
