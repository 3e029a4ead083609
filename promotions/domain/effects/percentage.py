"""A percentage of the eligible items: of each line, or of all of them together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from common.cart import CartLine
from common.errors import FieldError
from common.fields import Percent, PositiveAmount
from common.money import parse_percent, percent_of
from common.sentence_words import Language, at_most, percent_text
from promotions.domain.basket import Basket, Cut, LineCut, cut_lines
from promotions.domain.effects.lane import Lane
from promotions.domain.effects.plan import PlainPlan, TakingRule


class Percentage(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="percentage"
):
    """`percentage`: `percent` of the eligible lines, on each line or on the order."""

    percent: Percent
    #: Of the eligible lines together, rounded once, or of each line, rounded per line.
    on: Literal["order", "lines"] = "order"
    #: The most that is taken off, minor units.
    max_discount: PositiveAmount | None = None

    def money_fields(self) -> list[str]:
        """Names of the fields that hold an amount of money."""
        return ["max_discount"] if self.max_discount is not None else []

    def errors(self) -> list[FieldError]:
        return []

    def compiled(self) -> "PercentageRule":
        return PercentageRule(
            lane=Lane.ITEMS if self.on == "lines" else Lane.ORDER,
            percent=parse_percent(self.percent),
            per_line=self.on == "lines",
            max_discount=self.max_discount,
        )

    def phrases(
        self, scope: str | None, *, currency: str | None, language: Language
    ) -> tuple[str, ...]:
        """What it gives, and what limits that; `scope` names the items, `None` is everything."""
        percent = percent_text(self.percent, language=language)
        german, each = language == "de", self.on == "lines"
        if german:
            text = f"{percent} auf {scope or ('jeden Artikel' if each else 'die ganze Bestellung')}"
        else:
            text = f"{percent} off {scope or ('every item' if each else 'the whole order')}"
        return (text, *at_most(self.max_discount, currency, language=language))


@dataclass(frozen=True, slots=True)
class PercentageRule(TakingRule):
    """Ready to take. `percent` is in ten-thousandths of a percent."""

    lane: Lane
    percent: int
    per_line: bool
    max_discount: int | None

    def plan(self, *, lines: Sequence[CartLine], eligible: Sequence[int]) -> "PercentagePlan":
        return PercentagePlan(eligible, self.percent, self.per_line, self.max_discount)


class PercentagePlan(PlainPlan, Struct, frozen=True):
    """A percentage of these lines."""

    eligible: Sequence[int]
    percent: int
    per_line: bool
    max_discount: int | None

    def cut(self, basket: Basket) -> Cut:
        """Per line, rounded per line; or of the sum, rounded once and spread. Half goes up.

        Where the lines' sum is above `max_discount`, that is spread over them in its place.
        """
        left, percent, eligible = basket.left, self.percent, self.eligible
        if not self.per_line:
            amount = percent_of(sum([left[line] for line in eligible]), percent)
            return basket.spread(self._capped(amount), eligible)
        cut = cut_lines(LineCut(line, percent_of(left[line], percent)) for line in eligible)
        capped = self._capped(cut.items)
        return cut if capped == cut.items else basket.spread(capped, eligible)

    def most_of(self, left: int) -> int:
        """Rounding adds at most half a minor unit a line."""
        return percent_of(left, self.percent) + (len(self.eligible) if self.per_line else 0)

    def _capped(self, amount: int) -> int:
        return amount if self.max_discount is None else min(amount, self.max_discount)
