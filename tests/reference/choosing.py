"""Every combination, priced, and the best of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tests.reference.effects import Offer, work
from tests.reference.units import Bill, Taken, half_up

#: What the cashback rules earn on each line, from what is left to pay for each line.
Earnings = Callable[[Sequence[int]], Sequence[int]]

_LANES = {"free_shipping": 2, "gift": 3, "bonus_cashback": 3}
_ON_ORDER = {"percentage", "fixed_amount", "tiered"}


def no_rules(left: Sequence[int]) -> Sequence[int]:
    """A shop without cashback rules."""
    return [0] * len(left)


def lane(effect: Mapping[str, object]) -> int:
    """ "First items, then the order, then shipping, then `gift` and `bonus_cashback`." """
    if effect["kind"] in _ON_ORDER and effect.get("on", "order") == "order":
        return 1
    return _LANES.get(str(effect["kind"]), 0)


def order_of_work(offer: Offer) -> tuple[int, int, str]:
    """ "Within a lane: higher `priority` first, then `promotion_id` in code point order." """
    return lane(offer.effect), -offer.priority, offer.promotion_id


@dataclass(frozen=True)
class Combination:
    """Promotions in the order of work, what each took, and what is left in the end."""

    offers: tuple[Offer, ...]
    taken: tuple[Taken, ...]
    bill: Bill
    earnings: Earnings

    @property
    def works(self) -> list[tuple[Offer, Taken]]:
        return list(zip(self.offers, self.taken, strict=True))

    @property
    def discount(self) -> int:
        return sum(taken.amount for taken in self.taken)

    @property
    def gifts(self) -> list[Offer]:
        return [offer for offer in self.offers if offer.effect["kind"] == "gift"]

    @property
    def benefit(self) -> int:
        """ "Item discount plus shipping discount plus the value of the gifts." """
        return self.discount + sum(gift_value(offer) for offer in self.gifts)

    def bonus_of(self, offer: Offer) -> int:
        """ "It counts after the combination's discounts and before cashback is spent, and is 0
        where the eligible lines end at 0." """
        effect = offer.effect
        if effect["kind"] != "bonus_cashback":
            return 0
        if sum(self.bill.of_line(line) for line in offer.lines) == 0:
            return 0
        if effect.get("amount") is not None:
            amount: int = effect["amount"]
            return amount
        # "(multiplier - 1) times what the cashback rules earn on the eligible lines, rounded half
        # up once; several multipliers add up"
        lines = sorted({unit.line for unit in self.bill.left})
        earned = self.earnings([self.bill.of_line(line) for line in lines])
        return half_up((Fraction(effect["multiplier"]) - 1) * sum(earned[at] for at in offer.lines))

    @property
    def bonus(self) -> int:
        return sum(self.bonus_of(offer) for offer in self.offers)

    @property
    def ids(self) -> list[str]:
        return sorted(offer.promotion_id for offer in self.offers)


def gift_value(offer: Offer) -> int:
    """ "`quantity` times `unit_price` is its value." """
    quantity = offer.effect.get("quantity")
    value: int = (1 if quantity is None else quantity) * offer.effect["unit_price"]
    return value


def may_stand_together(one: Offer, other: Offer) -> bool:
    """ "At most one promotion of each `group`; an `exclusive` promotion stands alone (apart from
    `gift` and `bonus_cashback` promotions that are not exclusive)." """
    group = one.stacking.get("group")
    if group is not None and group == other.stacking.get("group"):
        return False
    return _tolerates(one, other) and _tolerates(other, one)


def _tolerates(one: Offer, other: Offer) -> bool:
    if not one.stacking.get("exclusive"):
        return True
    return lane(other.effect) == 3 and not other.stacking.get("exclusive")


def combinations(
    offers: Sequence[Offer],
    *,
    bill: Bill,
    budgets: Mapping[str, int],
    earnings: Earnings = no_rules,
) -> Iterator[Combination]:
    """Every legal combination: each offer in the order of work is left out, or put in.

    `budgets` is what each promotion with a budget has left: "no promotion gives more".
    """
    to_decide = sorted(offers, key=order_of_work)

    def decide(
        at: int, chosen: tuple[Offer, ...], taken: tuple[Taken, ...], left: Bill
    ) -> Iterator[Combination]:
        if at == len(to_decide):
            yield Combination(offers=chosen, taken=taken, bill=left, earnings=earnings)
            return
        yield from decide(at + 1, chosen, taken, left)
        offer = to_decide[at]
        if not all(may_stand_together(offer, other) for other in chosen):
            return
        its = work(offer, left)
        if its.amount <= budgets.get(offer.promotion_id, its.amount):
            yield from decide(at + 1, (*chosen, offer), (*taken, its), left.less(its))

    yield from decide(0, (), (), bill)


def preference(combination: Combination) -> tuple[int, int, int, int, list[str]]:
    """ "The greatest benefit; among equals the one with the greater bonus cashback, then with fewer
    promotions, then with the higher sum of priorities, then with the smaller list of ids (sorted in
    code point order, compared item by item)." The smallest is the best."""
    return (
        -combination.benefit,
        -combination.bonus,
        len(combination.offers),
        -sum(offer.priority for offer in combination.offers),
        combination.ids,
    )


def best(found: Iterator[Combination]) -> Combination:
    return min(found, key=preference)
