"""Segment rules read from the contract (section 4), one customer at a time.

A customer is a dict: `profile` (as PUT takes it), `consents` {(channel, purpose): state}, `orders`
(each as PUT takes it, with `returns`: each with `returned_at` and `lines`), `events`, `memberships` (each with
`plan_id`, `starts_at`, `ends_at`), `codes` (each with `promotion_id`, `used`, `is_disabled` and `valid_until`, where
its promotion ends too), `cashback` (each with `currency`, `amount`, `available_at` and `expires_at`, of which nothing was spent),
`mails` (each with `campaign_id`, `state`, `sent_at` and `calls`: each with `kind`, `agent` and `at`) and `lists`, the ids of static segments. `segments` has rules by id; None is a static one. Instants are aware.
"""

import hashlib
from calendar import isleap
from datetime import UTC, date, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

MISSING = object()
DAY = timedelta(hours=24)


def holds(rule, customer, *, segments, now, shop_zone):
    """Whether the rule holds of the customer."""
    again = {"segments": segments, "now": now, "shop_zone": shop_zone}
    if "all" in rule:
        return all(holds(part, customer, **again) for part in rule["all"])
    if "any" in rule:
        return any(holds(part, customer, **again) for part in rule["any"])
    if "not" in rule:
        return not holds(rule["not"], customer, **again)
    return leaf_holds(rule, customer, **again)


def leaf_holds(leaf, customer, *, segments, now, shop_zone):
    """Whether one condition holds."""
    if leaf["field"] == "segment":
        inside = any(
            in_segment(name, customer, segments=segments, now=now, shop_zone=shop_zone)
            for name in leaf["value"]
        )
        return inside == (leaf["op"] == "in")
    if leaf["field"] == "membership":
        inside = bool(plans_of(customer, now) & set(leaf["value"]))
        return inside == (leaf["op"] == "in")
    return compare(
        leaf["op"], value_of(leaf, customer, now=now, shop_zone=shop_zone), leaf["value"]
    )


def in_segment(name, customer, *, segments, now, shop_zone):
    """Whether the customer is in a segment. No rule holds of whose data are restricted."""
    if segments[name] is None:
        return name in customer["lists"]
    if customer["profile"].get("is_restricted"):
        return False
    return holds(segments[name], customer, segments=segments, now=now, shop_zone=shop_zone)


def compare(op, found, value):
    """A missing value matches nothing but `is_set: false`."""
    if op == "is_set":
        return (found is not MISSING) == value
    if found is MISSING:
        return False
    if op in CONTENTS:
        return CONTENTS[op](found, value)
    return is_number(found) and ORDERS[op](found, value)


CONTENTS = {
    "eq": lambda found, value: same(found, value),
    "is": lambda found, value: same(found, value),
    "ne": lambda found, value: not same(found, value),
    "in": lambda found, value: any(same(found, one) for one in value),
    "not_in": lambda found, value: not any(same(found, one) for one in value),
    "starts_with": lambda found, value: isinstance(found, str) and found.startswith(value),
    "contains": lambda found, value: (
        isinstance(found, list) and any(same(one, value) for one in found)
    ),
}
ORDERS = {
    "lt": lambda found, value: exact(found) < exact(value),
    "lte": lambda found, value: exact(found) <= exact(value),
    "gt": lambda found, value: exact(found) > exact(value),
    "gte": lambda found, value: exact(found) >= exact(value),
    "between": lambda found, value: exact(value[0]) <= exact(found) <= exact(value[1]),
}


def value_of(leaf, customer, *, now, shop_zone):
    """The value of a field, MISSING where there is none."""
    match leaf["field"].split(".", 2):
        case ["customer", "attributes", attribute]:
            found = customer["profile"].get("attributes", {}).get(attribute)
            return MISSING if found is None else found
        case ["customer", asked]:
            return of_person(asked, leaf, customer, now, shop_zone)
        case ["orders", figure]:
            return of_orders(figure, leaf, customer["orders"], now)
        case ["events", "count"]:
            return sum(event_counts(leaf, event, now) for event in customer["events"])
        case ["cashback", asked]:
            lots = [lot for lot in customer["cashback"] if lot["currency"] == leaf["currency"]]
            return sum(lot["amount"] for lot in lots if lot_counts(asked, leaf, lot, now))
        case ["campaign", asked]:
            return any(mail_counts(asked, leaf, mail, now) for mail in customer["mails"])
        case ["codes", asked]:
            return sum(code_counts(asked, leaf, code, now) for code in customer["codes"])
        case ["sample"]:
            return share(leaf.get("salt") or "", customer["customer_id"])
    raise AssertionError(leaf)


def of_person(asked, leaf, customer, now, shop_zone):
    """Who the customer is."""
    profile = customer["profile"]
    if asked == "email_domain":
        email = profile.get("email")
        return email.rpartition("@")[2].lower() if email else MISSING
    if asked == "consent":
        state = customer["consents"].get((leaf["channel"], leaf["purpose"]), "none")
        return "none" if state == "requested" else state
    if asked == "days_since_registered":
        return days_since(profile.get("registered_at"), now)
    if asked in {"age", "birth_month", "birthday_in_days"}:
        zone = ZoneInfo(profile["timezone"]) if profile.get("timezone") else shop_zone
        born = profile.get("birth_date")
        return MISSING if born is None else of_birth(asked, born, now.astimezone(zone).date())
    return profile.get(asked) or MISSING


def of_birth(asked, born, today):
    """29 February falls on the 28th in common years."""
    if asked == "birth_month":
        return born.month
    if asked == "age":
        return today.year - born.year - (birthday(born, today.year) > today)
    coming = birthday(born, today.year)
    if coming < today:
        coming = birthday(born, today.year + 1)
    return (coming - today).days


def birthday(born, year):
    """The birthday in that year."""
    if (born.month, born.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return born.replace(year=year)


def of_orders(figure, leaf, orders, now):
    """Cancelled orders and those after now do not count."""
    orders = [o for o in orders if o["status"] != "cancelled" and o["placed_at"] <= now]
    if figure in {"days_since_first", "days_since_last"}:
        instants = sorted(order["placed_at"] for order in orders)
        if not instants:
            return MISSING
        return days_since(instants[0 if figure == "days_since_first" else -1], now)
    if (days := leaf.get("within_days")) is not None:
        orders = [order for order in orders if order["placed_at"] >= now - days * DAY]
    if (currency := leaf.get("currency")) is not None:
        orders = [order for order in orders if order["currency"] == currency]
    found = []
    for order in orders:
        lines = matching(order, leaf.get("where") or {})
        if lines:
            found.append((order, lines))
    kept = [(line, kept_units(order, line, now)) for order, lines in found for line in lines]
    if figure == "count":
        return len(found)
    if figure == "items":
        return sum(units for _, units in kept)
    total = sum(paid_for(line, units) for line, units in kept)
    if figure == "total":
        return total
    return Fraction(total, len(found)) if found else MISSING


def matching(order, where):
    """The lines of an order that are asked for; none where the order itself is not."""
    if where.get("channels") and order.get("channel") not in where["channels"]:
        return []
    if where.get("partners") and order.get("partner_id") not in where["partners"]:
        return []
    return [
        line
        for line in order["lines"]
        if (
            not where.get("categories")
            or set(line.get("categories", [])) & set(where["categories"])
        )
        and (not where.get("skus") or line["sku"] in where["skus"])
        and (not where.get("brands") or line.get("brand") in where["brands"])
    ]


def kept_units(order, line, now):
    """What was not returned up to now."""
    back = sum(
        part["quantity"]
        for returned in order["returns"]
        if returned["returned_at"] <= now
        for part in returned["lines"]
        if part["line_id"] == line["line_id"]
    )
    return line["quantity"] - back


def paid_for(line, units):
    """Units go back first unit first, each with its share of the discount; what is left is the rest."""
    share, extra = divmod(line.get("discount_amount", 0), line["quantity"])
    discounts = [share + (nth < extra) for nth in range(line["quantity"])]
    left = discounts[line["quantity"] - units :]
    return sum(line["unit_price"] - discount for discount in left)


def event_counts(leaf, event, now):
    """Whether an event counts."""
    days = leaf.get("within_days")
    return (
        event["name"] == leaf["name"]
        and event["occurred_at"] <= now
        and (days is None or event["occurred_at"] >= now - days * DAY)
        and all(
            name in event["properties"] and same(event["properties"][name], value)
            for name, value in (leaf.get("where") or {}).items()
        )
    )


def mail_counts(asked, leaf, mail, now):
    """Whether a message was sent, or a person followed a link of it."""
    if mail["campaign_id"] != leaf["campaign_id"]:
        return False
    if asked == "sent":
        was_taken = mail["state"] in {"accepted", "delivered", "bounced", "complained"}
        return was_taken and is_within(mail["sent_at"], leaf, now)
    return any(
        call["kind"] == "click"
        and call["agent"] in {"human", "unknown"}
        and is_within(call["at"], leaf, now)
        for call in mail["calls"]
    )


def is_within(instant, leaf, now):
    """Whether it was before now, and not too long before."""
    days = leaf.get("within_days")
    return instant <= now and (days is None or instant >= now - days * DAY)


def lot_counts(asked, leaf, lot, now):
    """Whether what a customer was given counts; nothing of it was spent."""
    if lot["available_at"] is None or lot["available_at"] > now:
        return asked == "pending"
    if lot["expires_at"] <= now:
        return False
    return asked == "available" or (
        asked == "expiring" and lot["expires_at"] <= now + leaf["within_days"] * DAY
    )


def code_counts(asked, leaf, code, now):
    """Whether a personal code counts."""
    if leaf.get("promotion_id") not in {None, code["promotion_id"]}:
        return False
    if asked == "redeemed":
        return code["used"]
    is_over = code["valid_until"] is not None and code["valid_until"] <= now
    if code["used"] or code["is_disabled"] or is_over:
        return False
    if asked == "unused":
        return True
    return (
        code["valid_until"] is not None and code["valid_until"] <= now + leaf["within_days"] * DAY
    )


def plans_of(customer, now):
    """Plans held at an instant: the start is included, the end is not."""
    return {
        held["plan_id"]
        for held in customer["memberships"]
        if held["starts_at"] <= now and (held["ends_at"] is None or now < held["ends_at"])
    }


def days_since(instant, now):
    """Whole days of 24 hours."""
    return MISSING if instant is None else (now.astimezone(UTC) - instant.astimezone(UTC)) // DAY


def share(salt, customer_id):
    """Where a customer stands in a sample, from 0 up to 100; the same wherever it is asked."""
    drawn = int(hashlib.md5(f"{salt}:{customer_id}".encode()).hexdigest()[:8], 16)
    return Fraction(drawn % 1_000_000, 10_000)


def same(found, value):
    """Equal as JSON: a number of any spelling, but true is not 1."""
    if is_number(found) and is_number(value):
        return exact(found) == exact(value)
    return type(found) is type(value) and found == value


def is_number(value):
    return isinstance(value, int | float | Fraction) and not isinstance(value, bool)


def exact(value):
    """A number as it was written."""
    return value if isinstance(value, Fraction) else Fraction(str(value))
