"""Which promotions together: the legal combination that gives the customer most.

Up to `CERTAIN_UP_TO` candidates every legal combination that may still win is tried. Beyond that
the effort is bounded: where the search does not come to its end, the best it found is bettered by
exchanging single promotions, and is not called proven.
"""

from collections.abc import Sequence

from msgspec import Struct

from promotions.domain.basket import Basket, Cut
from promotions.domain.case import Case
from promotions.domain.effects.lane import Lane
from promotions.domain.offer import Offer

CERTAIN_UP_TO = 12
#: Cuts that the proof may take: one for each combination of 12.
_CUTS_TO_PROVE = 2**CERTAIN_UP_TO
#: Beyond 12 candidates: lines and candidates looked at, so that even the largest cart takes a few
#: seconds at most.
_LOOKS_ALLOWED = 100_000


class Combination(Struct, frozen=True):
    """Candidates that may stand together, in the order of work, and what each gives."""

    #: Positions among the candidates.
    members: tuple[int, ...]
    cuts: tuple[Cut, ...]
    #: Item and shipping discount, minor units.
    discount: int
    #: The same with the value of the gifts.
    benefit: int
    #: Cashback on top of what the rules earn, minor units.
    bonus: int


class Choice(Struct, frozen=True):
    """The best combination found, and how sure that is."""

    #: All that could have been chosen, in the order of work.
    candidates: tuple[Case, ...]
    chosen: Combination
    #: No legal combination is better.
    proven: bool
    #: Cuts that were computed to find it.
    cuts_tried: int

    @property
    def chosen_cases(self) -> list[Case]:
        """The candidates of the combination, in the order of work."""
        return [self.candidates[at] for at in self.chosen.members]


def choose(*, candidates: Sequence[Case], basket: Basket) -> Choice:
    """The legal combination with the greatest benefit, and among equals the one that the policy
    prefers: the greater bonus, fewer promotions, the higher sum of priorities, the smaller ids.

    `basket` is the cart with nothing taken yet.
    """
    ordered = sorted(candidates, key=lambda case: case.offer.turn)
    search = _Search(ordered, basket)
    search.seed()
    proven = search.is_evident() or search.prove()
    if not proven:
        search.improve()
    return Choice(
        candidates=tuple(ordered),
        chosen=search.best,
        proven=proven,
        cuts_tried=search.cuts_tried,
    )


def conflict(one: Offer, other: Offer) -> bool:
    """Whether two promotions may never stand together, whatever else is chosen."""
    if one.group is not None and one.group == other.group:
        return True
    return (one.exclusive and not _accompanies(other)) or (
        other.exclusive and not _accompanies(one)
    )


def _accompanies(offer: Offer) -> bool:
    """Gifts and bonus cashback may stand beside an exclusive promotion, if not exclusive too."""
    return offer.lane is Lane.EXTRAS and not offer.exclusive


def _conflicts(offers: Sequence[Offer]) -> list[int]:
    """For each offer, as a bit mask, the positions of those it may not stand beside."""
    if not any(offer.exclusive or offer.group is not None for offer in offers):
        return [0] * len(offers)
    return [
        sum(1 << at for at, other in enumerate(offers) if conflict(offer, other))
        for offer in offers
    ]


class _Search:
    """One search. Positions of candidates are in the order of work, sets of them bit masks."""

    def __init__(self, cases: Sequence[Case], basket: Basket) -> None:
        self._cases = cases
        self._everything = sum(basket.left) + basket.shipping
        self._empty = Combination(members=(), cuts=(), discount=0, benefit=0, bonus=0)
        self._whole_basket = basket
        self._conflicts = _conflicts([case.offer for case in cases])
        self._cuts_allowed = _CUTS_TO_PROVE
        if len(cases) > CERTAIN_UP_TO:
            looks_a_cut = len(basket.left) + len(cases)
            self._cuts_allowed = min(_LOOKS_ALLOWED // looks_a_cut, _CUTS_TO_PROVE)
        self.best = self._empty
        self.cuts_tried = 0

    def seed(self) -> None:
        """Take what gives most alone, and what goes with it: a good start cuts the proof short."""
        by_benefit = sorted(range(len(self._cases)), key=lambda at: -self._cases[at].cut.benefit)
        members: tuple[int, ...] = ()
        barred = 0
        for at in by_benefit:
            if not barred >> at & 1:
                members += (at,)
                barred |= self._conflicts[at]
        self._try(members)

    def is_evident(self) -> bool:
        """Whether the best so far has all candidates, and each gives the most that it ever could.

        Any other combination lacks one of them, and so gives less.
        """
        if len(self.best.members) < len(self._cases):
            return False
        together = 0
        for case in self._cases:
            cut = case.cut
            most = case.most_of(self._everything) + cut.benefit - cut.total
            if not most:
                return False
            together += most
        return self.best.benefit == together

    def prove(self) -> bool:
        """Go through all legal combinations that may still win; false when there are too many."""
        cuts_allowed = self.cuts_tried + self._cuts_allowed
        path = [_Branch(self._empty, self._whole_basket, barred=0, following=0)]
        while path:
            branch = path[-1]
            at = branch.following
            if at == len(self._cases) or not self._may_win(branch.combination, at, branch.barred):
                path.pop()
                continue
            branch.following += 1
            if branch.barred >> at & 1:
                continue
            if self.cuts_tried == cuts_allowed:
                return False
            extended = self._extended(branch.combination, at, branch.basket())
            if extended is not None:
                self._consider(extended)
                barred = branch.barred | self._conflicts[at]
                path.append(_Branch(extended, branch.basket(), barred=barred, following=at + 1))
        return True

    def improve(self) -> None:
        """Better the best by putting one in (and what conflicts with it out), or leaving one out."""
        cuts_allowed = self.cuts_tried + self._cuts_allowed
        self._try((max(range(len(self._cases)), key=lambda at: self._cases[at].cut.benefit),))
        improved = True
        while improved:
            improved = False
            members = self.best.members
            for at in range(len(self._cases)):
                if self.cuts_tried >= cuts_allowed:
                    return
                kept = tuple(m for m in members if m != at and not self._conflicts[at] >> m & 1)
                if self._try(kept if at in members else (*kept, at)):
                    improved = True
                    break

    def _may_win(self, combination: Combination, following: int, barred: int) -> bool:
        """Whether adding some of the candidates that follow may make it better than the best.

        Each gives at most what `most_of` says. Whoever takes less than that leaves more for the
        next ones, but never so much that together they end up with more.
        """
        best = self.best
        left = self._everything - combination.discount
        #: What would be left if it became as good as the best.
        aim = left + combination.benefit - best.benefit
        may_have_bonus = False
        for at in range(following, len(self._cases)):
            if not barred >> at & 1:
                case = self._cases[at]
                cut = case.cut
                left -= case.most_of(left)
                aim += cut.benefit - cut.total
                may_have_bonus = may_have_bonus or cut.bonus > 0
                if left < aim:
                    return True
        if left > aim:
            return False
        if may_have_bonus or combination.bonus > best.bonus:
            return True
        return combination.bonus == best.bonus and len(combination.members) < len(best.members)

    def _try(self, members: Sequence[int]) -> bool:
        """Price these candidates together; true when they are the new best."""
        combination, basket = self._empty, self._whole_basket
        for at in sorted(members):
            extended = self._extended(combination, at, basket)
            # One that takes nothing, or more than its budget has left, stays out.
            if extended is not None:
                combination, basket = extended, basket.after(extended.cuts[-1])
        return self._consider(combination)

    def _extended(self, combination: Combination, at: int, basket: Basket) -> Combination | None:
        """The combination and one more, which takes from what is left in `basket`.

        `None` when that one does nothing there, and so only makes the list longer, or takes more
        than its budget has left. One that counts units is of use even where it takes nothing: what
        it counts, the next ones must leave.
        """
        case = self._cases[at]
        self.cuts_tried += 1
        alone = not combination.members
        cut = case.cut if alone else case.plan.cut(basket)
        total = cut.total
        budget_left = case.budget_left
        if not (cut.has_effect or (case.plan.counts_units and cut.lines)):
            return None
        if budget_left is not None and total > budget_left:
            return None
        return Combination(
            members=(*combination.members, at),
            cuts=(*combination.cuts, cut),
            discount=combination.discount + total,
            benefit=combination.benefit + cut.benefit,
            bonus=combination.bonus + cut.bonus,
        )

    def _consider(self, combination: Combination) -> bool:
        better = self._is_better(combination)
        if better:
            self.best = combination
        return better

    def _is_better(self, one: Combination) -> bool:
        best = self.best
        if one.benefit != best.benefit:
            return one.benefit > best.benefit
        if one.bonus != best.bonus:
            return one.bonus > best.bonus
        if len(one.members) != len(best.members):
            return len(one.members) < len(best.members)
        priorities = self._priorities(one) - self._priorities(best)
        return priorities > 0 or (priorities == 0 and self._ids(one) < self._ids(best))

    def _priorities(self, combination: Combination) -> int:
        return sum(self._cases[at].offer.priority for at in combination.members)

    def _ids(self, combination: Combination) -> list[str]:
        return sorted(self._cases[at].offer.promotion_id for at in combination.members)


class _Branch:
    """Where the proof stands: a combination, who is barred from it, and who is asked next."""

    __slots__ = ("_basket", "_basket_before", "barred", "combination", "following")

    def __init__(
        self, combination: Combination, basket_before: Basket, *, barred: int, following: int
    ) -> None:
        self.combination = combination
        self.barred = barred
        self.following = following
        self._basket_before = basket_before
        self._basket: Basket | None = None

    def basket(self) -> Basket:
        """What the combination leaves; found when first asked for, since many are never asked."""
        if self._basket is None:
            cuts = self.combination.cuts
            self._basket = self._basket_before.after(cuts[-1]) if cuts else self._basket_before
        return self._basket
