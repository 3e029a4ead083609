"""What a campaign brought, read from docs/campaigns.md, one order at a time.

A message is a dict: `campaign`, `customer`, `number` (rising as they were enlisted), `held_out`, `due`, `code`
(None where there is none), `clicks` (each an instant and an agent). An order is a dict: `order`, `customer`, `currency`,
`status`, `placed_at`, `codes` that were redeemed with it, `lines` (each `sku`, `quantity`, `unit_price`, `discount`,
`returned`), `shipping_discount` and `cashback`, what it earned and keeps. `costs` has the cost of a unit by SKU and
currency. Instants are aware.
"""

import math
from datetime import timedelta
from fractions import Fraction

PEOPLE = {"human", "unknown"}
PAID = {"paid", "shipped", "delivered"}


def kept_of(line):
    """The price of the units kept, before and after discount: odd cents of a discount lie on the first units,
    which go back first."""
    each, odd = divmod(line["discount"], line["quantity"])
    units = [line["unit_price"] - each - (1 if at < odd else 0) for at in range(line["quantity"])]
    kept = units[line["returned"] :]
    return line["unit_price"] * len(kept), sum(kept)


def brought_by(order, *, costs, margin_percent):
    """Revenue, discount, goods, cashback and profit of an order; None where nothing of it is kept."""
    if order["status"] == "cancelled" or all(
        line["returned"] == line["quantity"] for line in order["lines"]
    ):
        return None
    revenue = discount = goods = 0
    for line in order["lines"]:
        gross, paid = kept_of(line)
        revenue += paid
        discount += gross - paid
        cost = costs.get((line["sku"], order["currency"]))
        if cost is None:
            goods += math.floor(Fraction(gross * (100 - margin_percent), 100) + Fraction(1, 2))
        else:
            goods += cost * (line["quantity"] - line["returned"])
    return {
        "revenue": revenue,
        "discount_cost": discount + order["shipping_discount"],
        "goods_cost": goods,
        "cashback_cost": order["cashback"],
        "profit": revenue - goods - order["cashback"] - order["shipping_discount"],
    }


def owner_of(order, messages, *, window):
    """The message that the order is of, or None: its code's, else the one that a person clicked last."""
    coded = [
        each for each in messages if each["code"] is not None and each["code"] in order["codes"]
    ]
    if coded:
        return max(coded, key=lambda each: each["number"])
    clicks = [
        (at, each["number"], each)
        for each in messages
        if each["customer"] == order["customer"]
        for at, agent in each["clicks"]
        if agent in PEOPLE and at <= order["placed_at"] < at + window
    ]
    return max(clicks, key=lambda click: click[:2])[2] if clicks else None


def takings_of(campaign, messages, orders, *, window_days, costs, margin_percent):
    """By currency: the figures of the campaign's orders. And how many messages they followed."""
    by_currency, converted = {}, set()
    for order in orders:
        owner = owner_of(order, messages, window=timedelta(days=window_days))
        brought = brought_by(order, costs=costs, margin_percent=margin_percent)
        if owner is None or owner["campaign"] != campaign or brought is None:
            continue
        converted.add(owner["number"])
        sums = by_currency.setdefault(order["currency"], dict.fromkeys(["orders", *brought], 0))
        sums["orders"] += 1
        for name, amount in brought.items():
            sums[name] += amount
    return by_currency, len(converted)


def lift_of(campaign, messages, orders, currency, *, window_days, costs, margin_percent):
    """Both sides: `people`, `buyers`, `orders`, and lists of `revenue` and `profit`, one entry a person."""
    window = timedelta(days=window_days)
    sides = {}
    for is_held in (False, True):
        due = {}
        for each in messages:
            if each["campaign"] == campaign and each["held_out"] == is_held:
                due.setdefault(each["customer"], []).append(each["due"])
        side = {"people": len(due), "buyers": 0, "orders": 0, "revenue": [], "profit": []}
        for customer, instants in due.items():
            bought = [
                brought
                for order in orders
                if order["customer"] == customer and order["currency"] == currency
                if order["status"] in PAID
                if any(at <= order["placed_at"] < at + window for at in instants)
                if (brought := brought_by(order, costs=costs, margin_percent=margin_percent))
            ]
            side["buyers"] += bool(bought)
            side["orders"] += len(bought)
            for name in ("revenue", "profit"):
                side[name].append(sum(brought[name] for brought in bought))
        sides[is_held] = side
    return sides[False], sides[True]


def welch(ours, theirs):
    """Difference of means and its 95 % margin, in floating point."""
    parts = []
    for side in (ours, theirs):
        mean = math.fsum(side) / len(side)
        spread = math.fsum((amount - mean) ** 2 for amount in side) / (len(side) - 1)
        parts.append((mean, spread / len(side), len(side)))
    (mean, error, count), (other_mean, other_error, other_count) = parts
    freedom = (error + other_error) ** 2 / (
        error**2 / (count - 1) + other_error**2 / (other_count - 1)
    )
    return mean - other_mean, student(math.floor(freedom)) * math.sqrt(error + other_error)


def student(freedom):
    """The upper 2.5 % point of Student's t, by the integral of its density and halving."""
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2))
    scale /= math.sqrt(freedom * math.pi)

    def density(at):
        return scale * (1 + at * at / freedom) ** (-(freedom + 1) / 2)

    def above_zero(end, steps=2000):
        width = end / steps
        inner = sum((4 if at % 2 else 2) * density(at * width) for at in range(1, steps))
        return (density(0) + inner + density(end)) * width / 3

    low, high = 1.9, 13.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if above_zero(middle) < 0.475 else (low, middle)
    return low
