"""Buy some, get some: the cheapest units of full runs are rewarded."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct

from common.cart import MAX_UNITS, CartLine
from common.errors import FieldError
from common.fields import Percent
from common.item_words import limits_of, names_of
from common.items import Items, Matcher, compile_items
from common.money import ONE_HUNDRED_PERCENT, parse_percent, percent_of
from common.sentence_words import Language, number, per_order, percent_text, so_many
from promotions.domain.basket import Basket, Cut, dearest_first
from promotions.domain.counting import UnitCount
from promotions.domain.effects.lane import Lane
from promotions.domain.effects.plan import PlainPlan, Plan, TakingRule

_Units = Annotated[int, Meta(ge=1, le=MAX_UNITS)]


class BuyXGetY(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="buy_x_get_y"
):
    """`buy_x_get_y`: for `buy_quantity` units of `items`, `get_quantity` of `get_items` lose
    `percent`. Without `get_items` both come from `items`.
    """

    #: Units that must be bought for one run.
    buy_quantity: _Units
    #: Units that one run rewards, the cheapest.
    get_quantity: _Units
    #: What a rewarded unit loses; 100 is free of charge.
    percent: Percent = "100"
    #: What may be rewarded; null: the `items` of the promotion, of which units are bought, too.
    get_items: Items | None = None
    #: How many runs of a cart at most; null: all that are full.
    max_applications: _Units | None = None

    def money_fields(self) -> list[str]:
        """Names of the fields that hold an amount of money."""
        return [f"get_items/{name}" for name in (self.get_items or Items()).money_fields()]

    def errors(self) -> list[FieldError]:
        return [
            FieldError(f"get_items/{error.pointer}", error.code, error.detail)
            for error in (self.get_items or Items()).errors()
        ]

    def compiled(self) -> "BuyXGetYRule":
        return BuyXGetYRule(
            buy=self.buy_quantity,
            get=self.get_quantity,
            percent=parse_percent(self.percent),
            get_items=None if self.get_items is None else compile_items(self.get_items),
            max_applications=self.max_applications or MAX_UNITS,
        )

    def phrases(
        self, scope: str | None, *, currency: str | None, language: Language
    ) -> tuple[str, ...]:
        """What it gives, and what limits that; `scope` names the items, `None` is everything."""
        percent = percent_text(self.percent, language=language)
        is_free = parse_percent(self.percent) == ONE_HUNDRED_PERCENT
        if language == "de":
            bought = _pieces(self.buy_quantity, scope, "Artikel", "Artikel", language=language)
            how = "gratis" if is_free else f"mit {percent} Rabatt"
            text = f"{bought} kaufen, {self._rewarded(language=language)} {how}"
        else:
            bought = _pieces(self.buy_quantity, scope, "item", "items", language=language)
            how = "free" if is_free else f"at {percent} off"
            text = f"buy {bought}, get {self._rewarded(language=language)} {how}"
        if self.get_items is not None and (
            limits := limits_of(self.get_items, currency=currency, language=language)
        ):
            text += f" ({', '.join(limits)})"
        return (text, *per_order(self.max_applications, language=language))

    def _rewarded(self, *, language: Language) -> str:
        german, count = language == "de", self.get_quantity
        if self.get_items is not None:
            names = names_of(self.get_items.include, language=language)
            if german:
                one, many = "beliebigen Artikel", "beliebige Artikel"
            else:
                one, many = "item of any kind", "items of any kind"
            return _pieces(count, names, one, many, language=language)
        if german:
            return so_many(count, "weiteres Stück", "weitere Stück", language=language)
        return f"{number(count, language=language)} more"


@dataclass(frozen=True, slots=True)
class BuyXGetYRule(TakingRule):
    """Ready to take. `percent` is in ten-thousandths of a percent."""

    buy: int
    get: int
    percent: int
    #: `None`: the same units are bought and rewarded.
    get_items: Matcher | None
    max_applications: int

    @property
    def lane(self) -> Lane:
        return Lane.ITEMS

    def plan(self, *, lines: Sequence[CartLine], eligible: Sequence[int]) -> Plan:
        bought = dearest_first(lines, eligible)
        if self.get_items is None:
            return SameItemsPlan(self, lines, bought)
        rewardable = dearest_first(lines, self.get_items.eligible(lines))
        return OtherItemsPlan(self, lines, bought, rewardable)

    def most_saved(
        self, lines: Sequence[CartLine], dearest: Sequence[int], *, skipped: int, units: int
    ) -> int:
        """What so many units lose at most: those that follow the `skipped` dearest ones."""
        saved = 0
        for line in dearest:
            found = lines[line].quantity
            passed = min(found, skipped)
            rewarded = min(found - passed, units)
            skipped -= passed
            units -= rewarded
            saved += rewarded * percent_of(lines[line].unit_price, self.percent)
        return saved


class SameItemsPlan(PlainPlan):
    """The last of the dearest full runs are rewarded: the same lines are bought and rewarded.

    What others count before may leave dearer units at the rewarded places than there are alone.
    """

    __slots__ = ("_eligible", "_rule", "ceiling")
    counts_units = True

    def __init__(
        self, rule: BuyXGetYRule, lines: Sequence[CartLine], dearest: Sequence[int]
    ) -> None:
        self._rule = rule
        self._eligible = dearest
        runs = self._runs(sum([lines[line].quantity for line in dearest]))
        self.ceiling = rule.most_saved(lines, dearest, skipped=rule.buy, units=runs * rule.get)

    def cut(self, basket: Basket) -> Cut:
        count, rule = UnitCount(basket), self._rule
        runs = self._runs(count.free(self._eligible))
        count.count(self._eligible, start=0, stop=runs * rule.buy)
        count.count(self._eligible, start=0, stop=runs * rule.get, percent=rule.percent)
        return count.cut()

    def _runs(self, units: int) -> int:
        rule = self._rule
        return min(units // (rule.buy + rule.get), rule.max_applications)


class OtherItemsPlan(PlainPlan):
    """Some lines are bought, others rewarded; lines of both sides may serve for either."""

    __slots__ = ("_both", "_bought_only", "_rewardable", "_rule", "ceiling")
    counts_units = True

    def __init__(
        self,
        rule: BuyXGetYRule,
        lines: Sequence[CartLine],
        dearest_bought: Sequence[int],
        dearest_rewardable: Sequence[int],
    ) -> None:
        self._rule = rule
        rewardable = set(dearest_rewardable)
        self._bought_only = tuple(line for line in dearest_bought if line not in rewardable)
        self._both = tuple(line for line in dearest_bought if line in rewardable)
        self._rewardable = dearest_rewardable
        runs = min(
            sum([lines[line].quantity for line in dearest_bought]) // rule.buy,
            rule.max_applications,
        )
        self.ceiling = rule.most_saved(lines, dearest_rewardable, skipped=0, units=runs * rule.get)

    def cut(self, basket: Basket) -> Cut:
        count, rule = UnitCount(basket), self._rule
        bought_only = count.free(self._bought_only)
        bought = rule.buy * self._runs(
            bought_only, count.free(self._both), count.free(self._rewardable)
        )
        rewarded = bought // rule.buy * rule.get
        count.count(self._bought_only, start=0, stop=min(bought, bought_only))
        count.count(self._both, start=0, stop=bought - bought_only)
        unbought = count.free(self._rewardable)
        count.count(
            self._rewardable,
            start=max(unbought - rewarded, 0),
            stop=unbought,
            percent=rule.percent,
        )
        return count.cut()

    def _runs(self, bought_only: int, both: int, rewardable: int) -> int:
        """A run is made only if something is left to reward after its purchase and earlier runs.

        Each run leaves less and needs more, so the first that is not made ends it.
        """
        rule = self._rule

        def is_over(runs: int) -> bool:
            """Whether the last of so many runs is not made."""
            left = rewardable - max(runs * rule.buy - bought_only, 0)
            return left <= (runs - 1) * rule.get

        possible = min((bought_only + both) // rule.buy, rule.max_applications)
        return bisect_left(range(1, possible + 1), x=True, key=is_over)


def _pieces(count: int, names: str | None, one: str, many: str, *, language: Language) -> str:
    """So many of what has a name, or of anything."""
    if names:
        return f"{number(count, language=language)} × {names}"
    return so_many(count, one, many, language=language)
