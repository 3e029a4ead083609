"""The compiled definitions, kept in each process and renewed the moment the stamp has moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import msgspec
from django.db import connection

from promotions.domain.definition import PromotionDefinition
from promotions.domain.offer import Offer, compile_offer


@dataclass(frozen=True, slots=True)
class OfferBook:
    """All definitions as of one value of the stamp; never changed, only replaced."""

    stamp: int
    by_key: Mapping[int, Offer] = field(default_factory=dict)
    #: Active automatic promotions.
    automatic: Sequence[Offer] = ()
    #: Keys of those among them whose counters must be read.
    counted: Sequence[int] = ()
    #: The segments that any promotion asks for.
    segments: tuple[str, ...] = ()
    #: Whether any asks how many orders the customer has placed.
    counts_orders: bool = False


_EMPTY = OfferBook(stamp=0)
_book = _EMPTY
_renewing = Lock()

_CHANGED = """
    SELECT coalesce((SELECT version FROM promotions_definitionstamp WHERE id = 1), 0),
           (SELECT array_agg(id) FROM promotions_promotion),
           (SELECT json_agg(json_build_array(id, reference, json_build_object(
                'name', name, 'title', title, 'terms', terms, 'status', status,
                'activation', activation, 'currency', currency, 'effect', effect,
                'items', items, 'conditions', conditions, 'audience', audience,
                'schedule', schedule, 'stacking', stacking, 'after_cancel', after_cancel,
                'limits', json_build_object(
                    'redemptions', redemptions_limit, 'per_customer', per_customer_limit,
                    'per_code', per_code_limit, 'discount_budget', discount_budget))))
            FROM promotions_promotion WHERE stamp > %s)"""


def known_offers() -> OfferBook:
    """What this process knows; perhaps stale, so compare its stamp with the database's."""
    return _book


def offers_at(stamp: int) -> OfferBook:
    """The definitions at `stamp` or newer: one statement if the stamp has moved, none otherwise.

    A stamp of 0 means that there never was a promotion.
    """
    if stamp == 0:
        return _EMPTY
    if _book.stamp >= stamp:
        return _book
    with _renewing:
        if _book.stamp < stamp:
            _renew()
    return _book


def current_offers() -> OfferBook:
    """The definitions of this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce((SELECT version FROM promotions_definitionstamp WHERE id = 1), 0)"
        )
        return offers_at(cursor.fetchone()[0])


def _renew() -> None:
    """Read what changed since. One statement, so stamp and definitions are of one instant."""
    global _book
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, [_book.stamp])
        stamp, live, changed = cursor.fetchone()
    known = _book.by_key
    by_key = {key: known[key] for key in live or () if key in known}
    by_key |= {key: _compile(key, reference, shape) for key, reference, shape in changed or ()}
    automatic = sorted(
        (o for o in by_key.values() if o.activation == "automatic" and o.status == "active"),
        key=lambda offer: offer.promotion_id,
    )
    _book = OfferBook(
        stamp=stamp,
        by_key=by_key,
        automatic=automatic,
        counted=[offer.key for offer in automatic if _is_limited(offer)],
        segments=tuple(
            sorted(frozenset().union(*[offer.asked_segments for offer in by_key.values()]))
        ),
        counts_orders=any(offer.nth_order is not None for offer in by_key.values()),
    )


def _compile(key: int, reference: str, shape: dict[str, Any]) -> Offer:
    definition = msgspec.convert(shape, PromotionDefinition)
    return compile_offer(key=key, promotion_id=reference, definition=definition)


def _is_limited(offer: Offer) -> bool:
    limits = (offer.redemptions, offer.per_customer, offer.discount_budget)
    return any(limit is not None for limit in limits)
