"""The policy once more, written the long way: each unit by itself, each combination tried.

Shares nothing with the service but the definitions of promotions, so that the two can disagree.
"""

from fractions import Fraction
from itertools import combinations
from math import floor

from promotions.domain.effects.fixed_amount import FixedAmountRule


def best_discount(cart, offers):
    """The greatest benefit of a legal combination, and the ids that the policy prefers for it."""
    candidates = [offer for offer in offers if 0 < alone(cart, offer) <= _budget(offer)]
    ranked = []
    for size in range(len(candidates) + 1):
        for chosen in combinations(candidates, size):
            taken = price(cart, chosen)
            if _is_legal(chosen) and all(
                taken[offer.promotion_id] <= _budget(offer) for offer in chosen
            ):
                ids = sorted(offer.promotion_id for offer in chosen)
                priorities = sum(offer.priority for offer in chosen)
                ranked.append((-sum(taken.values()), size, -priorities, ids))
    benefit, _, _, ids = min(ranked)
    return -benefit, ids


def alone(cart, offer):
    """What one promotion takes by itself."""
    return price(cart, [offer])[offer.promotion_id]


def price(cart, chosen):
    """What each of these promotions takes, by id, applied in the order of work."""
    units = [[line.unit_price] * line.quantity for line in cart.lines]
    taken = {}
    for offer in sorted(chosen, key=lambda o: (o.lane, -o.priority, o.promotion_id)):
        eligible = [at for at, line in enumerate(cart.lines) if _is_eligible(offer, line)]
        before = sum(map(sum, units))
        if isinstance(offer.effect, FixedAmountRule):
            _take_fixed(offer.effect, units, eligible, cart)
        else:
            _take_percentage(offer.effect, units, eligible)
        taken[offer.promotion_id] = before - sum(map(sum, units))
    return taken


def spread(amount, parts):
    """What each part gives up of the amount."""
    total = sum(parts)
    if not total:
        return [0] * len(parts)
    exact = [Fraction(amount * part, total) for part in parts]
    shares = [floor(share) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda at: (shares[at] - exact[at], at))
    for at in by_remainder[: amount - sum(shares)]:
        shares[at] += 1
    return shares


def _take_percentage(effect, units, eligible):
    left = [sum(units[at]) for at in eligible]
    rate = Fraction(effect.percent, 1_000_000)
    if effect.per_line:
        shares = [floor(part * rate + Fraction(1, 2)) for part in left]
        if effect.max_discount is not None and sum(shares) > effect.max_discount:
            shares = spread(effect.max_discount, left)
    else:
        amount = floor(sum(left) * rate + Fraction(1, 2))
        if effect.max_discount is not None:
            amount = min(amount, effect.max_discount)
        shares = spread(amount, left)
    _take_from_lines(units, eligible, shares)


def _take_fixed(effect, units, eligible, cart):
    left = [sum(units[at]) for at in eligible]
    if effect.on == "order":
        _take_from_lines(units, eligible, spread(min(effect.amount, sum(left)), left))
    elif effect.on == "line":
        _take_from_lines(units, eligible, [min(effect.amount, part) for part in left])
    else:
        places = [(at, unit) for at in eligible for unit in range(len(units[at]))]
        places.sort(key=lambda place: (-cart.lines[place[0]].unit_price, *place))
        for at, unit in places[: effect.max_units]:
            units[at][unit] -= min(effect.amount, units[at][unit])


def _take_from_lines(units, eligible, shares):
    for at, share in zip(eligible, shares, strict=True):
        cuts = spread(share, units[at])
        units[at] = [unit - cut for unit, cut in zip(units[at], cuts, strict=True)]


def _is_eligible(offer, line):
    items, names = offer.items, set(line.categories)
    include, exclude = items.selection.include, items.selection.exclude
    return (
        line.discountable
        and (include is None or bool(names & include.categories))
        and not (exclude is not None and names & exclude.categories)
        and not (items.skip_reduced and line.list_price and line.list_price > line.unit_price)
        and line.unit_price >= (items.min_unit_price or 0)
    )


def _is_legal(chosen):
    groups = [offer.group for offer in chosen if offer.group]
    lonely = any(offer.exclusive for offer in chosen) and len(chosen) > 1
    return len(groups) == len(set(groups)) and not lonely


def _budget(offer):
    return offer.discount_budget if offer.discount_budget is not None else 10**18
