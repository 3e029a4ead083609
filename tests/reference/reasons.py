"""Why a code or a promotion may not be used: "the first in this order"."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tests.reference import conditions
from tests.reference.choosing import Combination, Earnings, no_rules
from tests.reference.effects import Offer, work
from tests.reference.eligible import included
from tests.reference.units import Json, bill_of, subtotal

NO_COUNTS = {
    "used": 0,
    "held": 0,
    "spent": 0,
    "held_amount": 0,
    "customer_used": 0,
    "customer_held": 0,
}


@dataclass(frozen=True)
class Asked:
    """A cart at an instant, and all that the shop knows beside it.

    `codes`: rows by normalised code, as the contract shows them, with `promotion_id`, `used` and
    `held`. `counts`: by promotion id, as NO_COUNTS. `customer`: `registered`, `earlier_orders`,
    `segments`; null for a guest.
    """

    cart: Json
    now: datetime
    shop_zone: str
    codes: dict[str, Json]
    counts: dict[str, dict[str, int]]
    customer: Json | None
    earnings: Earnings = no_rules

    def counts_of(self, promotion_id: str) -> dict[str, int]:
        return NO_COUNTS | self.counts.get(promotion_id, {})

    def budget_left(self, offer: Offer) -> int | None:
        """What `discount_budget` has left: less what was given and what is held; null: no bound."""
        budget = (offer.promotion.get("limits") or {}).get("discount_budget")
        counts = self.counts_of(offer.promotion_id)
        if budget is None:
            return None
        return max(0, budget - counts["spent"] - counts["held_amount"])


def reasons(offer: Offer, code: Json | None, asked: Asked) -> Iterator[str]:
    """Every reason against the promotion, by this code where one was given; the first counts."""
    yield from _of_the_time(offer.promotion, code, asked)
    yield from _of_the_place(offer.promotion, asked.cart)
    yield from _of_the_customer(offer.promotion, asked)
    yield from _of_the_limits(offer, code, asked)
    yield from _of_the_items(offer, asked)
    if not has_effect(offer, asked):
        yield "no_effect"


def _of_the_time(promotion: Json, code: Json | None, asked: Asked) -> Iterator[str]:
    """ "`code_disabled`; `promotion_not_running`; `code_not_started`, `code_expired` (the code's
    own window, then the promotion's); `outside_time_window`" """
    if code is not None and code.get("status", "active") == "disabled":
        yield "code_disabled"
    if promotion.get("status", "draft") != "active":
        yield "promotion_not_running"
    schedule = promotion.get("schedule") or {}
    own = code or {}
    for start, end in (
        (own.get("valid_from"), own.get("valid_until")),
        (schedule.get("starts_at"), schedule.get("ends_at")),
    ):
        if not conditions.has_started(start, asked.now):
            yield "code_not_started"
        if conditions.has_ended(end, asked.now):
            yield "code_expired"
    if not conditions.in_weekly_window(schedule, asked.now, asked.shop_zone):
        yield "outside_time_window"


def _of_the_place(promotion: Json, cart: Json) -> Iterator[str]:
    """ "`currency_not_supported`; `channel_`, `country_`, `payment_method_`,
    `shipping_not_eligible`" """
    if promotion.get("currency") is not None and promotion["currency"] != cart["currency"]:
        yield "currency_not_supported"
    yield from conditions.wrong_place(promotion.get("conditions") or {}, cart)


def _of_the_customer(promotion: Json, asked: Asked) -> Iterator[str]:
    """ "`sign_in_required`; `customer_not_eligible`; `nth_order_not_met`" """
    if asked.customer is None:
        if conditions.needs_sign_in(promotion):
            yield "sign_in_required"
        return
    if not conditions.in_audience(promotion.get("audience") or {}, asked.customer):
        yield "customer_not_eligible"
    if not conditions.is_nth_order(
        (promotion.get("conditions") or {}).get("nth_order"), asked.customer
    ):
        yield "nth_order_not_met"


def code_limit(code: Json, limits: Json) -> int | None:
    """ "Its own `max_redemptions`, else `limits.per_code`, else 1 for personal and batch codes,
    else none." """
    if code.get("max_redemptions") is not None:
        own: int = code["max_redemptions"]
        return own
    if limits.get("per_code") is not None:
        of_promotion: int = limits["per_code"]
        return of_promotion
    is_single = code.get("customer_id") is not None or code.get("batch_id") is not None
    return 1 if is_single else None


def _of_the_limits(offer: Offer, code: Json | None, asked: Asked) -> Iterator[str]:
    """ "`code_already_used`, `customer_limit_reached`, `usage_limit_reached`, `budget_exhausted`
    (the promotion alone would give more than is left); each of these four is
    `held_by_other_checkout` when only holds stand in the way" """
    limits = offer.promotion.get("limits") or {}
    counts = asked.counts_of(offer.promotion_id)

    def reached(reason: str, limit: int | None, used: int, held: int) -> Iterator[str]:
        if limit is not None and used + held >= limit:
            yield reason if used >= limit else "held_by_other_checkout"

    if code is not None:
        limit = code_limit(code, limits)
        yield from reached("code_already_used", limit, code.get("used", 0), code.get("held", 0))
    yield from reached(
        "customer_limit_reached",
        limits.get("per_customer"),
        counts["customer_used"],
        counts["customer_held"],
    )
    yield from reached(
        "usage_limit_reached", limits.get("redemptions"), counts["used"], counts["held"]
    )
    left = asked.budget_left(offer)
    gives = work(offer, bill_of(asked.cart)).amount
    if left is not None and gives > left:
        without_holds = limits["discount_budget"] - counts["spent"]
        yield "budget_exhausted" if gives > without_holds else "held_by_other_checkout"


def _of_the_items(offer: Offer, asked: Asked) -> Iterator[str]:
    """ "`no_qualifying_items` (no line matches `include`), `excluded_items_only` (some match, but
    none is eligible); `required_items_missing`; `min_quantity_not_met`; `min_order_not_met`,
    `max_order_exceeded`" """
    cart, wanted = asked.cart, offer.promotion.get("conditions") or {}
    items = offer.promotion.get("items") or {}
    if not any(included(items, line) for line in cart["lines"]):
        yield "no_qualifying_items"
    elif not offer.lines:
        yield "excluded_items_only"
    if not conditions.has_required_items(wanted.get("contains") or [], cart):
        yield "required_items_missing"
    # "`min_quantity` counts the eligible units"
    if wanted.get("min_quantity") is not None and len(offer.units) < wanted["min_quantity"]:
        yield "min_quantity_not_met"
    # "Conditions look at the cart as it came, never at discounted amounts."
    total = subtotal(cart["lines"])
    if wanted.get("min_subtotal") is not None and total < wanted["min_subtotal"]:
        yield "min_order_not_met"
    if wanted.get("max_subtotal") is not None and total > wanted["max_subtotal"]:
        yield "max_order_exceeded"


def has_effect(offer: Offer, asked: Asked) -> bool:
    """ "An effect on this cart alone (money, a gift, or a bonus above zero)." """
    bill = bill_of(asked.cart)
    taken = work(offer, bill)
    alone = Combination(
        offers=(offer,), taken=(taken,), bill=bill.less(taken), earnings=asked.earnings
    )
    is_gift = offer.effect["kind"] == "gift" and bool(offer.lines)
    return taken.amount > 0 or is_gift or alone.bonus > 0
