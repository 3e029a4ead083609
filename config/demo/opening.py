"""What the tea shop begins with: products, customers and what they agreed to, segments, offers, old orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from catalog.actions.products import import_products
from config.demo import past
from config.demo.booklet import booklet
from config.demo.catalogue import products
from config.demo.club import found_club
from config.demo.consents import answers, record
from config.demo.credit import write_rules
from config.demo.offers.book import offers
from config.demo.offers.offer import CIRCLE, READERS, REGULARS, SILENT, STAFF, Offer
from config.demo.offers.personal import BOOKLET
from config.demo.past import Purchase
from config.demo.people import Person, team
from customers.actions.people import ensure_customers, import_customers
from customers.actions.recorded_orders import import_orders
from customers.actions.segments import put_members, put_segment
from promotions.actions.batches import order_batch
from promotions.actions.codes import CodeTerms, issue_code
from promotions.actions.imports import order_import
from promotions.actions.promotions import put_promotion

#: So long ago staff began to fill the service.
_OPENED = timedelta(days=70)
#: What one batch of the API may hold.
_ORDERS_AT_ONCE = 1_000


def open_shop(
    everybody: Sequence[Person], bought: Sequence[Purchase], *, today: datetime, actor: str
) -> None:
    """Write all of it. Part of the caller's transaction; batches of codes are ordered, not made."""
    opened_at = today - _OPENED
    import_customers(
        profiles={person.customer_id: person.profile for person in everybody},
        actor=actor,
        now=opened_at,
    )
    import_products(states=products(today=today), actor=actor, now=opened_at)
    keys = ensure_customers(references=_ids(everybody), now=opened_at)
    record(list(answers(everybody, today=today)), keys=keys, actor=actor, now=today)
    _segments(everybody, bought, today=today, actor=actor)
    found_club(everybody, today=today, actor=actor)
    write_rules(actor=actor, now=opened_at)
    for offer in offers(today=today):
        _put(offer, actor=actor)
        if offer.promotion_id == BOOKLET:
            _import(offer, booklet(everybody, today=today), actor=actor)
    imported = [purchase for purchase in bought if not purchase.is_redeemed(today=today)]
    tell(imported, today=today, actor=actor)


def tell(bought: Sequence[Purchase], *, today: datetime, actor: str) -> None:
    """Tell how far the orders have come; those not known yet are imported."""
    for first in range(0, len(bought), _ORDERS_AT_ONCE):
        states = {
            purchase.order_id: purchase.order(status=past.status_today(purchase, today=today))
            for purchase in bought[first : first + _ORDERS_AT_ONCE]
        }
        refused = import_orders(states=states, actor=actor, now=today).refused
        assert not refused, refused


@dataclass(frozen=True, slots=True)
class _List:
    """A static segment and who was in it when it was drawn up."""

    segment_id: str
    name: str
    members: Sequence[str]
    drawn_up_at: datetime


def _segments(
    everybody: Sequence[Person], bought: Sequence[Purchase], *, today: datetime, actor: str
) -> None:
    for one in _lists(everybody, bought, today=today):
        now = one.drawn_up_at
        put_segment(
            reference=one.segment_id,
            name=one.name,
            rule=None,
            if_match=None,
            actor=actor,
            now=now,
        )
        put_members(
            reference=one.segment_id, customers=one.members, if_match=None, actor=actor, now=now
        )


def _lists(
    everybody: Sequence[Person], bought: Sequence[Purchase], *, today: datetime
) -> list[_List]:
    opened_at = today - _OPENED
    circle = [person for person in everybody if person.is_in_circle]
    readers = [person for person in everybody if person.reads_newsletter]
    lately, before = today - timedelta(days=26), today - timedelta(days=39)
    return [
        _List(READERS, "Newsletter", _ids(readers), opened_at),
        _List(STAFF, "Mitarbeiter und Familie", _ids(team(everybody)), opened_at),
        _List(CIRCLE, "Teekreis", _ids(circle), opened_at),
        _List(SILENT, "Lange nicht da", past.silent(bought, by=before), before),
        _List(REGULARS, "Stammkunden", past.regulars(bought, by=lately), lately),
    ]


def _ids(people: Sequence[Person]) -> list[str]:
    return [person.customer_id for person in people]


def _import(offer: Offer, file: BinaryIO, *, actor: str) -> None:
    order_import(
        promotion_id=offer.promotion_id,
        file=file,
        is_dry_run=False,
        actor=actor,
        now=offer.made_at,
    )


def _put(offer: Offer, *, actor: str) -> None:
    now = offer.made_at
    put_promotion(
        promotion_id=offer.promotion_id, definition=offer.definition, actor=actor, now=now
    )
    for code in offer.shared_codes:
        issue_code(
            promotion_id=offer.promotion_id, given=code, terms=CodeTerms(), actor=actor, now=now
        )
    if offer.batch is not None:
        order_batch(promotion_id=offer.promotion_id, order=offer.batch, actor=actor, now=now)
