"""The more, the better: the highest tier reached says what is taken."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from common.cart import CartLine
from common.errors import FieldError
from common.fields import Amount, Percent, PositiveAmount
from common.money import parse_percent
from common.sentence_words import Language, at_most, percent_text, short_money, so_many
from promotions.domain.basket import NOTHING, Basket, Cut
from promotions.domain.effects.fixed_amount import AmountBase, FixedAmount, FixedAmountPlan
from promotions.domain.effects.lane import Lane
from promotions.domain.effects.percentage import Percentage, PercentagePlan
from promotions.domain.effects.plan import PlainPlan, Plan, TakingRule

_AMOUNT_BASES = ("order", "line", "unit")


class Tier(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """From this subtotal (minor units) or quantity on: a percentage or an amount."""

    #: Minor units with `by: subtotal`, units with `by: quantity`; every tier another.
    from_: Amount = field(name="from")
    #: This or `amount`.
    percent: Percent | None = None
    #: Minor units; this or `percent`.
    amount: PositiveAmount | None = None


class Tiered(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="tiered"):
    """`tiered`: the highest tier that the eligible lines reach, all of percent or all of amount."""

    #: What the eligible lines cost, before any discount, or how many units they have.
    by: Literal["subtotal", "quantity"]
    #: In any order; below the lowest nothing is taken.
    tiers: Annotated[list[Tier], Meta(min_length=1, max_length=50)]
    #: `order` or `lines` with percent; `order`, `line` or `unit` with amount.
    on: Literal["order", "lines", "line", "unit"] = "order"
    #: The most that is taken off, minor units; with percent only.
    max_discount: PositiveAmount | None = None

    def money_fields(self) -> list[str]:
        """Names of the fields that hold an amount of money."""
        fields = ["max_discount"] if self.max_discount is not None else []
        for at, tier in enumerate(self.tiers):
            fields += [f"tiers/{at}/from"] if self.by == "subtotal" else []
            fields += [f"tiers/{at}/amount"] if tier.amount is not None else []
        return fields

    def errors(self) -> list[FieldError]:
        return [*self._tier_errors(), *self._fit_errors()]

    def _tier_errors(self) -> Iterator[FieldError]:
        times = Counter(tier.from_ for tier in self.tiers)
        for at, tier in enumerate(self.tiers):
            if (tier.percent is None) == (tier.amount is None):
                yield FieldError(f"tiers/{at}", "one_of", "Give either percent or amount.")
            if times[tier.from_] > 1:
                yield FieldError(f"tiers/{at}/from", "duplicate", "Two tiers begin here.")

    def _fit_errors(self) -> Iterator[FieldError]:
        of_percent = self.tiers[0].percent is not None
        if any((tier.percent is not None) != of_percent for tier in self.tiers):
            yield FieldError("tiers", "mixed", "All tiers have percent, or all have amount.")
        if of_percent and self.on not in ("order", "lines"):
            yield FieldError("on", "not_allowed", "Percentages go on the order or on lines.")
        if not of_percent and self.on not in _AMOUNT_BASES:
            yield FieldError(
                "on", "not_allowed", "Amounts go on the order, on a line or on a unit."
            )
        if not of_percent and self.max_discount is not None:
            yield FieldError("max_discount", "not_allowed", "max_discount goes with percent only.")

    def compiled(self) -> "TieredRule":
        return TieredRule(
            lane=Lane.ORDER if self.on == "order" else Lane.ITEMS,
            by_quantity=self.by == "quantity",
            tiers=tuple(
                sorted(
                    [
                        (
                            tier.from_,
                            parse_percent(tier.percent) if tier.percent else None,
                            tier.amount or 0,
                        )
                        for tier in self.tiers
                    ],
                    reverse=True,
                )
            ),
            on=self.on,
            max_discount=self.max_discount,
        )

    def phrases(
        self, scope: str | None, *, currency: str | None, language: Language
    ) -> tuple[str, ...]:
        """What it gives, and what limits that; `scope` names the items, `None` is everything."""
        first, *others = sorted(self.tiers, key=lambda tier: tier.from_)
        if first.percent is not None:
            on: Literal["order", "lines"] = "lines" if self.on == "lines" else "order"
            alone: Percentage | FixedAmount = Percentage(first.percent, on)
        else:
            alone = FixedAmount(first.amount or 0, "order" if self.on == "lines" else self.on)
        head, *_limits = alone.phrases(scope, currency=currency, language=language)
        steps = [head + self._start(first, currency, language=language)]
        for tier in others:
            if tier.percent is not None:
                gives = percent_text(tier.percent, language=language)
            else:
                gives = short_money(tier.amount or 0, currency, language=language)
            steps.append(gives + self._start(tier, currency, language=language))
        return (", ".join(steps), *at_most(self.max_discount, currency, language=language))

    def _start(self, tier: Tier, currency: str | None, *, language: Language) -> str:
        german = language == "de"
        if tier.from_ <= (self.by == "quantity"):
            return ""  # always reached
        if self.by == "subtotal":
            start = short_money(tier.from_, currency, language=language)
        else:
            one, many = ("Stück", "Stück") if german else ("item", "items")
            start = so_many(tier.from_, one, many, language=language)
        return f" ab {start}" if german else f" from {start}"


@dataclass(frozen=True, slots=True)
class TieredRule(TakingRule):
    """Ready to take."""

    lane: Lane
    by_quantity: bool
    #: From, percent (ten-thousandths of a percent; `None`: an amount), amount; the highest first.
    tiers: tuple[tuple[int, int | None, int], ...]
    on: Literal["order", "lines", "line", "unit"]
    max_discount: int | None

    def plan(self, *, lines: Sequence[CartLine], eligible: Sequence[int]) -> Plan:
        """By what the eligible lines hold as they came; below the first tier it takes nothing."""
        if self.by_quantity:
            reached = sum([lines[line].quantity for line in eligible])
        else:
            reached = sum([lines[line].subtotal for line in eligible])
        for start, percent, amount in self.tiers:
            if reached >= start:
                if percent is not None:
                    per_line = self.on == "lines"
                    return PercentagePlan(eligible, percent, per_line, self.max_discount)
                base: AmountBase = "order" if self.on == "lines" else self.on
                return FixedAmountPlan(eligible, amount, base, max_units=None)
        return BelowAllTiers()


class BelowAllTiers(PlainPlan):
    """No tier is reached."""

    __slots__ = ()

    def cut(self, basket: Basket) -> Cut:
        return NOTHING

    def most_of(self, left: int) -> int:
        return 0
