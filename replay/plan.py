"""What to set up, what to play, and what must come out of it: computed from the files alone."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from replay.history import History, past_orders
from replay.reading import Campaign, Coupon, Journey, Redemption, by_number

#: Campaigns of this type name their households one by one: everybody gets a code of their own.
PERSONAL_KIND = "Type A"


class PlanImpossible(Exception):
    """The files contradict each other, so that nothing sound can be expected of a replay."""


class Count(StrEnum):
    """What is counted, in the order of the report; before a colon stands what was tried."""

    CUSTOMERS = "customers"
    SEGMENTS = "segments"
    PROMOTIONS = "promotions"
    SHARED_CODES = "shared codes"
    PERSONAL_CODES = "personal codes"
    DROPPED_LINES = "transaction lines dropped"
    ORDERS = "orders"
    ACCEPTED = "redemptions: accepted"
    REPEAT_OF_PERSONAL = "repeats: code_already_used"
    REPEAT_OF_SHARED = "repeats: customer_limit_reached"
    OUTSIDER_PERSONAL = "by an outsider: code_not_valid"
    OUTSIDER_SHARED = "by an outsider: customer_not_eligible"
    DAY_BEFORE = "the day before: code_not_started"
    DAY_AFTER = "the day after: code_expired"
    NOTHING_COVERED = "without a covered product: no_qualifying_items"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A coupon of a campaign: one promotion, with a code for each member or one for all."""

    coupon: Coupon
    campaign: Campaign
    products: Sequence[str]
    members: Sequence[str]

    @property
    def is_personal(self) -> bool:
        return self.campaign.kind == PERSONAL_KIND


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A redemption of the file. `outsider` and `uncovered_product` are for what must be refused."""

    number: int
    household_id: str
    offer: Offer
    day: date
    is_repeat: bool
    outsider: str
    covered_product: str
    uncovered_product: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything to do, in this order, and how often each thing must come out."""

    customers: Sequence[str]
    members: Mapping[str, Sequence[str]]
    offers: Sequence[Offer]
    history: History
    attempts: Sequence[Attempt]
    expected: Counter[Count]


def make_plan(journey: Journey, *, only: Collection[str] = (), with_orders: bool = True) -> Plan:
    """The plan of all campaigns, or of `only` these and of the households that they concern.

    Raises:
        PlanImpossible
    """
    chosen = [journey.campaigns[name] for name in _chosen(journey, only)]
    offers = {coupon: _offer(journey, coupon) for coupon in journey.scopes}
    offers = {c: offer for c, offer in offers.items() if offer.campaign in chosen}
    households = _households(journey)
    attempts = _attempts(journey, offers, households=households)
    members = {c.campaign_id: journey.members.get(c.campaign_id, []) for c in chosen}
    customers = households if not only else _concerned(members.values(), attempts)
    history = _history(journey, customers=set(customers), with_orders=with_orders)
    return Plan(
        customers=customers,
        members=members,
        offers=list(offers.values()),
        history=history,
        attempts=attempts,
        expected=_expected(customers, members, list(offers.values()), history, attempts),
    )


def _chosen(journey: Journey, only: Collection[str]) -> list[str]:
    if unknown := sorted(set(only) - set(journey.campaigns)):
        raise PlanImpossible(f"there is no campaign {', '.join(unknown)}")
    return [name for name in journey.campaigns if not only or name in only]


def _offer(journey: Journey, coupon: Coupon) -> Offer:
    campaign = journey.campaigns.get(coupon.campaign_id)
    if campaign is None:
        raise PlanImpossible(f"coupon {coupon.upc} is of an unknown campaign {coupon.campaign_id}")
    return Offer(
        coupon=coupon,
        campaign=campaign,
        products=journey.scopes[coupon],
        members=journey.members.get(coupon.campaign_id, []),
    )


def _households(journey: Journey) -> list[str]:
    """Everybody who got a campaign or ever bought something, by number."""
    found = {purchase.household_id for purchase in journey.purchases}
    found.update(*journey.members.values())
    return sorted(found, key=by_number)


def _attempts(
    journey: Journey, offers: Mapping[Coupon, Offer], *, households: Sequence[str]
) -> list[Attempt]:
    """The redemptions of these offers, oldest first."""
    outsiders = _outsiders(offers.values(), households=households)
    by_id = sorted(journey.products, key=by_number)
    seen: set[tuple[str, Coupon]] = set()
    attempts: list[Attempt] = []
    for redemption in sorted(journey.redemptions, key=lambda one: one.day):
        coupon = redemption.coupon
        if coupon not in journey.scopes:
            raise PlanImpossible(f"{redemption} is of a coupon that covers nothing")
        if (offer := offers.get(coupon)) is None:
            continue
        _check(redemption, offer)
        strangers = outsiders[coupon.campaign_id]
        covered = set(offer.products)
        attempts.append(
            Attempt(
                number=len(attempts) + 1,
                household_id=redemption.household_id,
                offer=offer,
                day=redemption.day,
                is_repeat=(redemption.household_id, coupon) in seen,
                # In turn, since whoever tries ten wrong codes is not listened to any more.
                outsider=strangers[len(attempts) % len(strangers)],
                covered_product=offer.products[0],
                uncovered_product=_first_beside(covered, by_id),
            )
        )
        seen.add((redemption.household_id, coupon))
    return attempts


def _first_beside(covered: Collection[str], products: Iterable[str]) -> str:
    found = next((product for product in products if product not in covered), None)
    if found is None:
        raise PlanImpossible("a coupon covers every product")
    return found


def _outsiders(offers: Iterable[Offer], *, households: Sequence[str]) -> dict[str, list[str]]:
    """For each campaign the households that it was not sent to."""
    found: dict[str, list[str]] = {}
    for offer in offers:
        campaign_id = offer.campaign.campaign_id
        if campaign_id not in found:
            members = set(offer.members)
            found[campaign_id] = [one for one in households if one not in members]
            if not found[campaign_id]:
                raise PlanImpossible(f"everybody got campaign {campaign_id}: nobody is an outsider")
    return found


def _check(redemption: Redemption, offer: Offer) -> None:
    """A redemption that the campaign's own terms forbid would have to be refused."""
    campaign = offer.campaign
    if redemption.household_id not in set(offer.members):
        raise PlanImpossible(f"{redemption} by somebody who did not get the campaign")
    if not campaign.first_day <= redemption.day <= campaign.last_day:
        raise PlanImpossible(f"{redemption} outside its campaign")


def _concerned(members: Iterable[Sequence[str]], attempts: Iterable[Attempt]) -> list[str]:
    found = {attempt.outsider for attempt in attempts}
    found.update(*members)
    return sorted(found, key=by_number)


def _history(journey: Journey, *, customers: set[str], with_orders: bool) -> History:
    if not with_orders:
        return History(orders=[], dropped=0)
    theirs = (one for one in journey.purchases if one.household_id in customers)
    return past_orders(theirs, products=journey.products)


def _expected(
    customers: Sequence[str],
    members: Mapping[str, Sequence[str]],
    offers: Sequence[Offer],
    history: History,
    attempts: Sequence[Attempt],
) -> Counter[Count]:
    first = [attempt for attempt in attempts if not attempt.is_repeat]
    again = [attempt for attempt in attempts if attempt.is_repeat]
    personal = [offer for offer in offers if offer.is_personal]
    return Counter(
        {
            Count.CUSTOMERS: len(customers),
            Count.SEGMENTS: len(members),
            Count.PROMOTIONS: len(offers),
            Count.SHARED_CODES: len(offers) - len(personal),
            Count.PERSONAL_CODES: sum(len(offer.members) for offer in personal),
            Count.DROPPED_LINES: history.dropped,
            Count.ORDERS: len(history.orders),
            Count.ACCEPTED: len(first),
            Count.REPEAT_OF_PERSONAL: sum(one.offer.is_personal for one in again),
            Count.REPEAT_OF_SHARED: sum(not one.offer.is_personal for one in again),
            Count.OUTSIDER_PERSONAL: sum(one.offer.is_personal for one in first),
            Count.OUTSIDER_SHARED: sum(not one.offer.is_personal for one in first),
            Count.DAY_BEFORE: len(first),
            Count.DAY_AFTER: len(first),
            Count.NOTHING_COVERED: len(first),
        }
    )
