"""The two effects that count units: bundles, and buy some, get some."""

from collections.abc import Sequence

from tests.reference.units import Bill, Json, Taken, Unit, dearest_first, percent_of, spread


def uncounted(units: Sequence[Unit], bill: Bill) -> list[Unit]:
    """ "A unit that one `buy_x_get_y` or `bundle_price` of the combination has counted is not
    counted by another." """
    return [unit for unit in units if unit not in bill.counted]


def bundle_price(effect: Json, eligible: Sequence[Unit], bill: Bill) -> Taken:
    """ "The eligible units in order, cut into groups of `quantity`; only full groups, at most
    `max_applications`; a group's discount is its units' remaining less `price`, not below zero,
    spread over its units." """
    units, size = uncounted(eligible, bill), effect["quantity"]
    groups = at_most(len(units) // size, effect.get("max_applications"))
    taken: dict[Unit, int] = {}
    for number in range(groups):
        group = units[number * size : (number + 1) * size]
        left = [bill.left[unit] for unit in group]
        discount = max(0, sum(left) - effect["price"])
        taken.update(zip(group, spread(discount, left), strict=True))
    return Taken(units=taken, counted=frozenset(taken))


def buy_x_get_y(
    effect: Json, eligible: Sequence[Unit], get_side: Sequence[Unit] | None, bill: Bill
) -> Taken:
    """ "A rewarded unit loses `percent` of its remaining, rounded per unit." """
    buy_side = uncounted(eligible, bill)
    if get_side is None:
        bought, rewarded = runs_of_one_set(effect, buy_side)
    else:
        bought, rewarded = runs_of_two_sets(effect, buy_side, uncounted(get_side, bill))
    percent = effect.get("percent") or "100"
    return Taken(
        units={unit: percent_of(percent, bill.left[unit]) for unit in rewarded},
        counted=frozenset(bought) | frozenset(rewarded),
    )


def runs_of_one_set(effect: Json, units: list[Unit]) -> tuple[list[Unit], list[Unit]]:
    """ "r = min(floor(n / (buy_quantity + get_quantity)), max_applications) runs; of the
    r x (buy_quantity + get_quantity) dearest units the last r x get_quantity are rewarded."

    >>> units = [Unit(0, 0, price) for price in (60, 50, 40, 30, 20, 10, 5)]
    >>> _, rewarded = runs_of_one_set({"buy_quantity": 2, "get_quantity": 1}, units)
    >>> [unit.price for unit in rewarded]
    [20, 10]
    """
    size = effect["buy_quantity"] + effect["get_quantity"]
    runs = at_most(len(units) // size, effect.get("max_applications"))
    bought = runs * effect["buy_quantity"]
    return units[:bought], units[bought : runs * size]


def runs_of_two_sets(
    effect: Json, buy_side: list[Unit], get_side: list[Unit]
) -> tuple[list[Unit], list[Unit]]:
    """ "Runs are made one at a time, at most `max_applications`; each buys the next `buy_quantity`
    units (units of the buy side only before units of both sides, dearest first)." """
    buy_quantity, get_quantity = effect["buy_quantity"], effect["get_quantity"]
    only_to_buy = [unit for unit in buy_side if unit not in get_side]
    of_both = [unit for unit in buy_side if unit in get_side]
    to_buy = dearest_first(only_to_buy) + dearest_first(of_both)
    bought: list[Unit] = []
    runs = 0
    while runs < at_most(len(to_buy) // buy_quantity, effect.get("max_applications")):
        purchase = to_buy[runs * buy_quantity : (runs + 1) * buy_quantity]
        # "A run is made only if after its purchase more than (earlier runs) x get_quantity
        # unbought units of the get side are left."
        unbought = [unit for unit in get_side if unit not in bought + purchase]
        if len(unbought) <= runs * get_quantity:
            break
        bought += purchase
        runs += 1
    # "Rewarded are the r x get_quantity cheapest unbought units of the get side, fewer where there
    # are fewer"; "cheapest" takes from the end of the one order.
    unbought = dearest_first(unit for unit in get_side if unit not in bought)
    rewarded = unbought[max(0, len(unbought) - runs * get_quantity) :]
    return bought, rewarded


def at_most(number: int, limit: int | None) -> int:
    return number if limit is None else min(number, limit)
