"""The plan in the contract's words. Everything is named after the run, so that runs never meet."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from replay.history import PastLine, PastOrder
from replay.plan import Attempt, Offer
from replay.reading import Coupon, Product

CURRENCY = "USD"
#: What a coupon takes off, and what the one unit of a played cart costs, in cents.
WORTH = 50
UNIT_PRICE = 500
CHANNEL = "store"

_DAY = timedelta(days=1)
_RUN = re.compile(r"[A-Za-z0-9-]{1,32}")

Body = dict[str, Any]


class Names:
    """The shop's own ids and codes in one run.

    >>> names = Names("r1")
    >>> names.promotion(Coupon("18", "10000085364")), names.shared_code(Coupon("5", "53600010082"))
    ('r1-coupon-18-10000085364', 'r1-5U53600010082')

    Raises:
        ValueError: the run's name would not do in an id.
    """

    def __init__(self, run: str) -> None:
        if not _RUN.fullmatch(run):
            raise ValueError("a run is named by 1-32 letters, digits and hyphens")
        self.run = run

    def customer(self, household_id: str) -> str:
        return f"{self.run}-household-{household_id}"

    def segment(self, campaign_id: str) -> str:
        return f"{self.run}-campaign-{campaign_id}"

    def promotion(self, coupon: Coupon) -> str:
        return f"{self.run}-coupon-{coupon.campaign_id}-{coupon.upc}"

    def order(self, basket_id: str) -> str:
        return f"{self.run}-basket-{basket_id}"

    def redeemed_order(self, attempt: Attempt) -> str:
        return f"{self.run}-redemption-{attempt.number}"

    def shared_code(self, coupon: Coupon) -> str:
        """Hyphens do not count in a code: a letter keeps the two numbers apart."""
        return f"{self.run}-{coupon.campaign_id}U{coupon.upc}"

    def key(self, *what: object) -> str:
        """An Idempotency-Key: the same call of the same run has the same one."""
        return ":".join(["complete-journey", self.run, *map(str, what)])


def starts_at(offer: Offer) -> datetime:
    """The first instant of the first day."""
    return _midnight(offer.campaign.first_day)


def ends_at(offer: Offer) -> datetime:
    """The first instant after the last day."""
    return _midnight(offer.campaign.last_day) + _DAY


def played_at(attempt: Attempt) -> datetime:
    """Noon of its day."""
    return datetime.combine(attempt.day, time(12), UTC)


def before_all(offers: Sequence[Offer]) -> datetime:
    """When the shop is set up: two days before the first campaign."""
    return min(starts_at(offer) for offer in offers) - 2 * _DAY


def stamped(body: Body, at: datetime) -> Body:
    """The body of a call that is to be answered as of `at`."""
    return {**body, "at": at.isoformat()}


def customer(names: Names, household_id: str, attributes: dict[str, str]) -> Body:
    return {"customer_id": names.customer(household_id), "attributes": attributes}


def segment(campaign_id: str) -> Body:
    return {"name": f"Households of campaign {campaign_id}", "kind": "static"}


def promotion(names: Names, offer: Offer) -> Body:
    """50 cents off an order with one of the coupon's products, once per household."""
    coupon = offer.coupon
    return {
        "name": f"Campaign {coupon.campaign_id}, coupon {coupon.upc}",
        "status": "active",
        "currency": CURRENCY,
        "effect": {"kind": "fixed_amount", "amount": WORTH, "on": "order"},
        "items": {"include": {"skus": list(offer.products)}},
        "audience": {"segments": [names.segment(coupon.campaign_id)]},
        "schedule": {
            "starts_at": starts_at(offer).isoformat(),
            "ends_at": ends_at(offer).isoformat(),
            "timezone": "UTC",
        },
        "limits": {"per_customer": 1},
    }


def order(names: Names, past: PastOrder) -> Body:
    """A basket that was paid and carried home at once."""
    at = past.placed_at.isoformat()
    return {
        "order_id": names.order(past.basket_id),
        "customer_id": names.customer(past.household_id),
        "currency": CURRENCY,
        "status": "delivered",
        "placed_at": at,
        "paid_at": at,
        "shipped_at": at,
        "delivered_at": at,
        "channel": CHANNEL,
        "lines": [_past_line(number, line) for number, line in enumerate(past.lines, start=1)],
    }


def cart(*, customer_id: str, code: str, product_id: str, product: Product, at: datetime) -> Body:
    """One unit of one product, with one code."""
    line = {"line_id": "1", "sku": product_id, "quantity": 1, "unit_price": UNIT_PRICE}
    return stamped(
        {
            "customer_id": customer_id,
            "currency": CURRENCY,
            "channel": CHANNEL,
            "lines": [line | _traits(product)],
            "codes": [code],
        },
        at,
    )


def _past_line(number: int, line: PastLine) -> Body:
    return {
        "line_id": str(number),
        "sku": line.product_id,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount_amount": line.discount,
        **_traits(line.product),
    }


def _traits(product: Product) -> Body:
    return {
        "categories": [product.category] if product.category else [],
        "brand": product.brand or None,
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
