"""Promotions that only lack something in the cart: what to tell the shopper to add."""

from collections.abc import Iterable

from promotions.domain.case import Visit
from promotions.domain.eligibility import Considered
from promotions.domain.quote import NearlyOffer
from promotions.domain.refusal import Reason, Refusal

MOST_SHOWN = 3


def nearest(considered: Iterable[Considered], *, visit: Visit) -> tuple[NearlyOffer, ...]:
    """At most 3 promotions that fail only for want of money, units or items; least missing first.

    Money and units are made comparable by counting a missing unit as an average unit of this cart.
    Ties go to the higher priority, then the smaller id.
    """
    found: dict[int, tuple[tuple[int, int, str], NearlyOffer]] = {}
    for verdict in considered:
        offer = verdict.case.offer
        if not verdict.is_mendable or offer.key in found:
            continue
        missing = sum(_missing(refusal, visit) for refusal in verdict.refusals)
        rank = (missing, -offer.priority, offer.promotion_id)
        found[offer.key] = (
            rank,
            NearlyOffer(offer.promotion_id, offer.titles, verdict.refusals[0]),
        )
    ranked = sorted(found.values(), key=lambda entry: entry[0])
    return tuple(nearly for _, nearly in ranked[:MOST_SHOWN])


def _missing(refusal: Refusal, visit: Visit) -> int:
    """How much is missing, as money times the cart's number of units (which keeps it whole)."""
    units, subtotal = visit.cart.units, visit.subtotal
    match refusal.params:
        case {"missing": list(entries)}:
            return sum(
                entry["missing_quantity"] * subtotal + (entry["missing_amount"] or 0) * units
                for entry in entries
            )
        case {"missing": int(missing)} if refusal.code is Reason.MIN_QUANTITY_NOT_MET:
            return missing * subtotal
        case {"missing": int(missing)}:
            return missing * units
    raise ValueError(f"{refusal.code} is nothing that the cart can mend")
