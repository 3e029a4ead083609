"""A fixed price for each unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msgspec import Struct

from common.cart import CartLine
from common.errors import FieldError
from common.fields import Amount
from common.sentence_words import Language, short_money
from promotions.domain.basket import Basket, Cut, LineCut, Run, cut_lines
from promotions.domain.effects.lane import Lane
from promotions.domain.effects.plan import PlainPlan, TakingRule


class FixedPrice(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="fixed_price"
):
    """`fixed_price`: each eligible unit at `price`; what is cheaper already stays as it is."""

    #: Of each eligible unit, minor units.
    price: Amount

    def money_fields(self) -> list[str]:
        """Names of the fields that hold an amount of money."""
        return ["price"]

    def errors(self) -> list[FieldError]:
        return []

    def compiled(self) -> "FixedPriceRule":
        return FixedPriceRule(self.price)

    def phrases(
        self, scope: str | None, *, currency: str | None, language: Language
    ) -> tuple[str, ...]:
        """What it gives, and what limits that; `scope` names the items, `None` is everything."""
        german = language == "de"
        what = scope or ("jeder Artikel" if german else "every item")
        if self.price == 0:
            return (f"{what} gratis" if german else f"{what} free of charge",)
        price = short_money(self.price, currency, language=language)
        if not scope:
            return (f"{what} für {price}" if german else f"{what} for {price}",)
        return (f"{what} für je {price}" if german else f"{what} for {price} each",)


@dataclass(frozen=True, slots=True)
class FixedPriceRule(TakingRule):
    """Ready to take. `price` is in minor units."""

    price: int

    @property
    def lane(self) -> Lane:
        return Lane.ITEMS

    def plan(self, *, lines: Sequence[CartLine], eligible: Sequence[int]) -> "FixedPricePlan":
        return FixedPricePlan(eligible, self.price)


class FixedPricePlan(PlainPlan, Struct, frozen=True):
    """A price for each unit of these lines."""

    eligible: Sequence[int]
    price: int

    def cut(self, basket: Basket) -> Cut:
        return cut_lines(self._line_cuts(basket))

    def _line_cuts(self, basket: Basket) -> Iterator[LineCut]:
        for line in self.eligible:
            runs = tuple(
                [
                    Run(min(each, self.price), units, counted)
                    for each, units, counted in basket.units(line)
                ]
            )
            kept = sum([run.each * run.units for run in runs])
            yield LineCut(line, basket.left[line] - kept, runs)
