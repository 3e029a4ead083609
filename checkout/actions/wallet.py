"""Opening a wallet: what a customer has here, by the same facts and rules as checkout."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from msgspec import Struct
from msgspec.structs import replace

from cashback.queries.balances import balances
from cashback.queries.rule_book import NO_RULES
from checkout.actions.expire import expire_due
from checkout.actions.price import shop_zone
from checkout.domain.next_step import Credit, Ending, Entry, Saying, next_step
from checkout.domain.wallet import OwnMembership, Wallet
from checkout.queries.facts import Facts, read_facts
from common.errors import NotFound
from common.reasons import Language
from customers.domain.memberships import benefits_in, name_in
from customers.queries.memberships import memberships, terms_of
from customers.queries.people import customer_by_reference
from customers.queries.segment_book import known_segments, segments_at
from promotions.domain.case import Case, Visit
from promotions.domain.wallet import (
    WalletStatus,
    is_for_few,
    is_held,
    usable_from,
    valid_from,
    valid_until,
    visit_without_cart,
    wallet_status,
)
from promotions.queries.facts import code_facts
from promotions.queries.offers import OfferBook, known_offers, offers_at
from promotions.queries.wallet import Words, codes_of_wallet, promotions_of_codes, words_in

MOST_OFFERS = 50
_ORDER: Sequence[WalletStatus] = ("usable", "upcoming", "used", "expired")


class _Standing(Struct, frozen=True):
    """An offer at this visit, by a code as people see it or by itself."""

    status: WalletStatus
    case: Case
    spelling: str | None = None


class _Found(Struct, frozen=True):
    """What checkout knows of the customer."""

    book: OfferBook
    visit: Visit
    codes: Sequence[_Standing]
    #: Automatic ones for few.
    offers: Sequence[_Standing]

    @property
    def waits_for_holds(self) -> bool:
        return any(is_held(each.case) for each in (*self.codes, *self.offers))


def open_wallet(*, customer_id: str, language: Language, now: datetime) -> Wallet:
    """What the customer has at `now`; changes nothing but what was due anyway.

    A handful of statements, however many codes there are.

    Raises:
        NotFound
    """
    customer = customer_by_reference(customer_id)
    if customer is None:
        raise NotFound("There is no such customer.")
    found = _find(customer_id, customer.pk, now=now)
    if found.waits_for_holds and expire_due(now=now):
        found = _find(customer_id, customer.pk, now=now)
    invitation = _invitation(found)
    shown = {each.case.offer.key for each in (*found.codes, *found.offers)}
    words = words_in(language, shown | ({invitation} if invitation is not None else set()))
    codes = [_entry(each, words=words) for each in found.codes]
    offers = [_entry(each, words=words) for each in found.offers]
    own = _memberships(customer.pk, language=language, now=now)
    cashback = balances(customer_key=customer.pk, at=now)
    zone = ZoneInfo(customer.timezone) if customer.timezone else shop_zone()
    step = next_step(
        Saying(language=language, first_name=customer.first_name, now=now, zone=zone),
        codes=codes,
        offers=offers,
        memberships=[Ending(each.name, each.ends_at) for each in own if each.status == "active"],
        credit=[
            Credit(
                currency=balance.currency,
                available=balance.available,
                expiring=balance.expiring,
                zone=shop_zone(),
                minimum=settings.CASHBACK_MINIMUM,
            )
            for balance in cashback
        ],
        invitation=words[invitation].title if invitation is not None else None,
    )
    return Wallet(
        codes=codes,
        offers=offers,
        cashback=cashback,
        memberships=own,
        next_step=step,
    )


def _find(customer_id: str, customer_key: int, *, now: datetime) -> _Found:
    own = promotions_of_codes(customer_key)
    book, facts = _facts(customer_id, own, now=now)
    visit = visit_without_cart(
        customer=facts.customer,
        promotion_usage=facts.counts.promotions,
        customer_usage=facts.counts.customer,
        now=now,
        shop_zone=shop_zone(),
    )
    cases = {key: Case(offer=book.by_key[key], code=None, visit=visit) for key in _about(book, own)}
    stands = {key: wallet_status(case) for key, case in cases.items()}
    few = [case for case in cases.values() if is_for_few(case.offer) and stands[case.offer.key]]
    codes = _codes(customer_key, visit=visit, book=book, stands=stands, few=few)
    offers = [
        _Standing(status, case)
        for case in few
        if case.offer.activation == "automatic"
        and (status := stands[case.offer.key]) in {"usable", "upcoming"}
    ]
    return _Found(book, visit, sorted(codes, key=_turn), sorted(offers, key=_turn)[:MOST_OFFERS])


def _codes(
    customer_key: int,
    *,
    visit: Visit,
    book: OfferBook,
    stands: Mapping[int, WalletStatus | None],
    few: Sequence[Case],
) -> Iterator[_Standing]:
    rows = codes_of_wallet(
        customer_key=customer_key,
        usable=[key for key, status in stands.items() if status == "usable"],
        upcoming=[key for key, status in stands.items() if status == "upcoming"],
        untold=[key for key, status in stands.items() if status is None],
        # Where the promotion gives each code one use, none is shared.
        groups=sorted(
            case.offer.key
            for case in few
            if case.offer.per_code != 1 and stands[case.offer.key] != "expired"
        ),
        now=visit.now,
    )
    for spelling, row in rows:
        offer = book.by_key.get(row.promotion_key)
        if offer is None:
            continue
        known = code_facts(row.code, row=row, offers=book.by_key, customer_key=customer_key)
        case = Case(offer=offer, code=known, visit=visit)
        status = wallet_status(case)
        # What a group has shared, and nobody can use any more, is no news.
        if status is not None and (known.personal or status != "expired"):
            yield _Standing(status, case, spelling)


def _facts(customer_id: str, own: Sequence[int], *, now: datetime) -> tuple[OfferBook, Facts]:
    """The facts and the definitions of the same instant or a later one, as for a cart."""
    book, segments = known_offers(), known_segments()
    for _ in range(3):
        facts = read_facts(
            customer_id=customer_id,
            # Balances are read of all currencies, by a statement of their own.
            currency=None,
            codes=[],
            counted=_about(book, own),
            segments=segments,
            asked_segments=book.segments,
            rules=NO_RULES,
            counts_orders=book.counts_orders,
            subjects=[],
            now=now,
        )
        current = offers_at(facts.counts.stamp), segments_at(facts.segment_stamp)
        if current[0] is book and current[1] is segments:
            break
        book, segments = current
    return book, facts


def _about(book: OfferBook, own: Iterable[int]) -> list[int]:
    """Keys of the promotions that may concern a customer: of own codes, and all that are for few."""
    few = {key for key, offer in book.by_key.items() if is_for_few(offer)}
    return sorted(few | {key for key in own if key in book.by_key})


def _turn(standing: _Standing) -> tuple[Any, ...]:
    """Usable ones first, what ends first before the others; what is over newest first."""
    case, rank = standing.case, _ORDER.index(standing.status)
    newest = -(case.code.id or 0) if case.code else 0
    if standing.status in {"used", "expired"}:
        return (len(_ORDER), newest)
    end = valid_until(case)
    return (rank, end is None, end or case.visit.now, newest, case.offer.promotion_id)


def _entry(standing: _Standing, *, words: Mapping[int, Words]) -> Entry:
    case, status = standing.case, standing.status
    return Entry(
        code=standing.spelling,
        promotion_id=case.offer.promotion_id,
        title=words[case.offer.key].title,
        terms=words[case.offer.key].terms,
        status=status,
        valid_from=valid_from(case),
        valid_until=valid_until(case),
        usable_from=usable_from(case) if status == "upcoming" else None,
        zone=case.zone,
    )


def _memberships(customer_key: int, *, language: Language, now: datetime) -> list[OwnMembership]:
    return [
        OwnMembership(
            plan_id=each.plan.reference,
            name=name_in(terms_of(each.plan).name, language) or each.plan.reference,
            benefits=benefits_in(each.plan.benefits, language),
            status="active" if each.starts_at <= now else "upcoming",
            starts_at=each.starts_at,
            ends_at=each.ends_at,
        )
        for each in memberships(customer_key=customer_key, at=now, with_upcoming=True)
    ]


def _invitation(found: _Found) -> int | None:
    """The key of an offer that whoever is not registered would have by registering."""
    visit = found.visit
    if visit.customer.registered:
        return None
    registered = replace(visit, customer=replace(visit.customer, registered=True))
    for offer in found.book.automatic:
        if offer.registered:
            case = Case(offer=offer, code=None, visit=registered)
            if wallet_status(case) == "usable":
                return offer.key
    return None
