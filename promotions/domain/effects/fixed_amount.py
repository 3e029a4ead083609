"""A fixed amount: once over the order, off each line, or off each unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta, Struct

from common.cart import CartLine
from common.errors import FieldError
from common.fields import PositiveAmount
from common.sentence_words import Language, short_money, so_many
from promotions.domain.basket import Basket, Cut, LineCut, Run, cut_lines, dearest_first
from promotions.domain.effects.lane import Lane
from promotions.domain.effects.plan import PlainPlan, TakingRule

AmountBase = Literal["order", "line", "unit"]


class FixedAmount(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="fixed_amount"
):
    """`fixed_amount`: never more than what is left of what it is taken from."""

    #: Minor units.
    amount: PositiveAmount
    #: Once from the eligible lines together, from each eligible line, or from each eligible unit.
    on: AmountBase = "order"
    #: With `on: unit` only: how many units of the whole cart at most, dearest first.
    max_units: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None

    def money_fields(self) -> list[str]:
        """Names of the fields that hold an amount of money."""
        return ["amount"]

    def errors(self) -> list[FieldError]:
        if self.max_units is not None and self.on != "unit":
            return [FieldError("max_units", "not_allowed", "max_units goes with on: unit only.")]
        return []

    def compiled(self) -> "FixedAmountRule":
        return FixedAmountRule(
            lane=Lane.ORDER if self.on == "order" else Lane.ITEMS,
            amount=self.amount,
            on=self.on,
            max_units=self.max_units,
        )

    def phrases(
        self, scope: str | None, *, currency: str | None, language: Language
    ) -> tuple[str, ...]:
        """What it gives, and what limits that; `scope` names the items, `None` is everything."""
        amount = short_money(self.amount, currency, language=language)
        german = language == "de"
        if self.on == "order":
            whole = "die ganze Bestellung" if german else "the whole order"
            return (f"{amount} {'Rabatt auf' if german else 'off'} {scope or whole}",)
        if german:
            part = "Position" if self.on == "line" else "Stück"
            text = f"{amount} Rabatt pro {part}" + (f" auf {scope}" if scope else "")
        else:
            part = "line" if self.on == "line" else "item"
            text = f"{amount} off each {part}" + (f" of {scope}" if scope else "")
        if self.max_units is None:
            return (text,)
        one, many = ("Stück", "Stück") if german else ("item", "items")
        most = so_many(self.max_units, one, many, language=language)
        return (text, f"höchstens {most}" if german else f"at most {most}")


@dataclass(frozen=True, slots=True)
class FixedAmountRule(TakingRule):
    """Ready to take. `amount` is in minor units."""

    lane: Lane
    amount: int
    on: AmountBase
    max_units: int | None

    def plan(self, *, lines: Sequence[CartLine], eligible: Sequence[int]) -> "FixedAmountPlan":
        if self.max_units is not None:
            eligible = dearest_first(lines, eligible)
        return FixedAmountPlan(eligible, self.amount, self.on, self.max_units)


class FixedAmountPlan(PlainPlan, Struct, frozen=True):
    """An amount off these lines, which are dearest first where `max_units` is set."""

    eligible: Sequence[int]
    amount: int
    on: AmountBase
    max_units: int | None

    def cut(self, basket: Basket) -> Cut:
        left, eligible = basket.left, self.eligible
        if self.on == "order":
            return basket.spread(min(self.amount, sum([left[line] for line in eligible])), eligible)
        if self.on == "line":
            return cut_lines(LineCut(line, min(self.amount, left[line])) for line in eligible)
        return cut_lines(self._unit_cuts(basket))

    def _unit_cuts(self, basket: Basket) -> Iterator[LineCut]:
        allowed = self.max_units
        for line in self.eligible:
            runs: list[Run] = []
            for each, count, counted in basket.units(line):
                reached = count if allowed is None else min(count, allowed)
                if reached:
                    runs.append(Run(max(each - self.amount, 0), reached, counted))
                if reached < count:
                    runs.append(Run(each, count - reached, counted))
                if allowed is not None:
                    allowed -= reached
            kept = sum([run.each * run.units for run in runs])
            yield LineCut(line, basket.left[line] - kept, tuple(runs))
