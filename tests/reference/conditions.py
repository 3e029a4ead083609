"""Conditions, audience and schedule: what must hold before a promotion may do anything."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.reference.eligible import matches
from tests.reference.units import Json, subtotal


def instant(text: str | None) -> datetime | None:
    """Times are RFC 3339 with an offset; an open end is null."""
    return None if text is None else datetime.fromisoformat(text)


def has_started(starts_at: str | None, now: datetime) -> bool:
    """ "Periods include their start." """
    start = instant(starts_at)
    return start is None or now >= start


def has_ended(ends_at: str | None, now: datetime) -> bool:
    """ "... and exclude their end." """
    end = instant(ends_at)
    return end is not None and now >= end


def in_weekly_window(schedule: Json, now: datetime, shop_zone: str) -> bool:
    """ "`days` are ISO 8601; an `until` at or before `from` ends on the next day." """
    windows = schedule.get("weekly") or []
    local = now.astimezone(ZoneInfo(schedule.get("timezone") or shop_zone))
    return not windows or any(_is_in(window, local) for window in windows)


def _is_in(window: Json, local: datetime) -> bool:
    begins, ends = time.fromisoformat(window["from"]), time.fromisoformat(window["until"])
    today = local.isoweekday() in window["days"]
    yesterday = (local - timedelta(days=1)).isoweekday() in window["days"]
    at = local.time()
    if begins < ends:
        return today and begins <= at < ends
    return (today and at >= begins) or (yesterday and at < ends)


def wrong_place(conditions: Json, cart: Json) -> list[str]:
    """ "An empty list is no condition; a condition on a field that the cart leaves out is not
    met." """
    asked = {
        "channel_not_eligible": ("channels", "channel"),
        "country_not_eligible": ("countries", "shipping_country"),
        "payment_method_not_eligible": ("payment_methods", "payment_method"),
        "shipping_not_eligible": ("shipping_methods", "shipping_method"),
    }
    return [
        reason
        for reason, (allowed, given) in asked.items()
        if conditions.get(allowed) and cart.get(given) not in conditions[allowed]
    ]


def needs_sign_in(promotion: Json) -> bool:
    """ "A guest gets `sign_in_required` from every promotion with `per_customer`, `nth_order`,
    `registered`, `segments` or `exclude_segments`, from `bonus_cashback`." """
    audience = promotion.get("audience") or {}
    return bool(
        (promotion.get("limits") or {}).get("per_customer") is not None
        or (promotion.get("conditions") or {}).get("nth_order") is not None
        or audience.get("registered")
        or audience.get("segments")
        or audience.get("exclude_segments")
        or promotion["effect"]["kind"] == "bonus_cashback"
    )


def in_audience(audience: Json, customer: Json) -> bool:
    """ "`audience.segments` is any-of; `registered` means that the customer has
    `registered_at`." """
    belongs_to = set(customer["segments"])
    if audience.get("registered") and not customer["registered"]:
        return False
    if audience.get("segments") and not belongs_to & set(audience["segments"]):
        return False
    return not belongs_to & set(audience.get("exclude_segments") or [])


def is_nth_order(nth_order: int | None, customer: Json) -> bool:
    """ "`nth_order: n` means that the customer has exactly n - 1 earlier orders." """
    return nth_order is None or customer["earlier_orders"] == nth_order - 1


def has_required_items(contains: list[Json], cart: Json) -> bool:
    """ "Each entry of `contains` needs its `min_quantity` units (default 1) and, where given, its
    `min_amount` of subtotal, among all lines." """
    for entry in contains:
        lines = [line for line in cart["lines"] if matches(entry, line)]
        quantity = sum(line["quantity"] for line in lines)
        least = entry.get("min_quantity")
        if quantity < (1 if least is None else least):
            return False
        if entry.get("min_amount") is not None and subtotal(lines) < entry["min_amount"]:
            return False
    return True
