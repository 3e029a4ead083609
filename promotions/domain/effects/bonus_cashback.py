"""Cashback on top of what the rules earn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct

from common.cart import CartLine
from common.errors import FieldError
from common.fields import Multiplier, PositiveAmount
from common.money import PERCENT_UNIT, divide_half_up, format_percent, parse_percent
from common.sentence_words import Language, lasting, short_money
from promotions.domain.basket import NOTHING, Basket, Cut
from promotions.domain.effects.lane import Lane
from promotions.domain.effects.plan import PlainPlan

_WORDS: dict[Language, dict[int, str]] = {
    "de": {2 * PERCENT_UNIT: "doppeltes", 3 * PERCENT_UNIT: "dreifaches"},
    "en": {2 * PERCENT_UNIT: "double", 3 * PERCENT_UNIT: "triple"},
}
_Days = Annotated[int, Meta(ge=0, le=3650)]


class BonusCashback(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="bonus_cashback"
):
    """`bonus_cashback`: `amount` once per order, or the rules' earnings times `multiplier`."""

    #: Once per order, minor units; this or `multiplier`.
    amount: PositiveAmount | None = None
    #: "2" doubles what the rules earn on the eligible lines; this or `amount`.
    multiplier: Multiplier | None = None
    #: Days from the delivery until it may be spent.
    pending_days: _Days = 14
    #: Days for which it may be spent then.
    expires_after_days: Annotated[int, Meta(ge=1, le=3650)] = 365

    def money_fields(self) -> list[str]:
        """Names of the fields that hold an amount of money."""
        return ["amount"] if self.amount is not None else []

    def errors(self) -> list[FieldError]:
        if (self.amount is None) == (self.multiplier is None):
            return [FieldError("amount", "one_of", "Give either amount or multiplier.")]
        return []

    def compiled(self) -> "BonusCashbackRule":
        times = 0 if self.multiplier is None else parse_percent(self.multiplier) - PERCENT_UNIT
        return BonusCashbackRule(self.amount, times, self.pending_days, self.expires_after_days)

    def phrases(
        self, scope: str | None, *, currency: str | None, language: Language
    ) -> tuple[str, ...]:
        """What it gives, and what limits that; `scope` names the items, `None` is everything."""
        german = language == "de"
        if self.multiplier is None:
            amount = short_money(self.amount or 0, currency, language=language)
            text = f"{amount} Extra-Cashback" if german else f"{amount} extra cashback"
            if scope:
                text += f" beim Kauf von {scope}" if german else f" when you buy {scope}"
        else:
            text = _multiple(parse_percent(self.multiplier), language=language)
            if scope:
                text += f" auf {scope}" if german else f" on {scope}"
        return (
            text,
            lasting(
                waits_days=self.pending_days,
                lasts_days=self.expires_after_days,
                language=language,
            ),
        )


@dataclass(frozen=True, slots=True)
class BonusCashbackRule:
    """Ready to give."""

    #: Minor units; `None`: what the rules earn, `times`.
    amount: int | None
    #: How many times what the rules earn is added, in ten-thousandths.
    times: int
    pending_days: int
    expires_after_days: int

    @property
    def lane(self) -> Lane:
        return Lane.EXTRAS

    @property
    def asks_customer(self) -> bool:
        return True

    def plan(self, *, lines: Sequence[CartLine], eligible: Sequence[int]) -> "BonusCashbackPlan":
        return BonusCashbackPlan(eligible, self.amount, self.times)


class BonusCashbackPlan(PlainPlan, Struct, frozen=True):
    """Counted on what is left of these lines; nothing where they end at 0."""

    eligible: Sequence[int]
    amount: int | None
    times: int

    def cut(self, basket: Basket) -> Cut:
        left = basket.left
        if not any(left[line] for line in self.eligible):
            return NOTHING
        if self.amount is not None:
            return Cut(bonus=self.amount)
        earned = basket.earned(self.eligible)
        return Cut(bonus=divide_half_up(earned * self.times, PERCENT_UNIT))

    def most_of(self, left: int) -> int:
        return 0


def _multiple(times: int, *, language: Language) -> str:
    """The rules' cashback so many times, in ten-thousandths."""
    words = _WORDS[language].get(times)
    if words is None:
        figure = format_percent(times, language=language)
        words = f"{figure}-faches" if language == "de" else f"{figure} times the"
    return f"{words} Cashback" if language == "de" else f"{words} cashback"
