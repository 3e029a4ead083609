"""Shipping for less, or for nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import Struct

from common.cart import CartLine
from common.errors import FieldError
from common.fields import Amount, Percent, PositiveAmount
from common.money import ONE_HUNDRED_PERCENT, parse_percent, percent_of
from common.sentence_words import Language, percent_text, short_money
from promotions.domain.basket import Basket, Cut
from promotions.domain.effects.lane import Lane
from promotions.domain.effects.plan import PlainPlan, TakingRule


class FreeShipping(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="free_shipping"
):
    """`free_shipping`: all of it, or down to `shipping_price`, or `percent` of it."""

    #: The most that is taken off, minor units.
    max_discount: PositiveAmount | None = None
    #: What is left to pay, minor units; this or `percent`.
    shipping_price: Amount | None = None
    #: How much of it is taken off; this or `shipping_price`.
    percent: Percent | None = None

    def money_fields(self) -> list[str]:
        """Names of the fields that hold an amount of money."""
        amounts = {"max_discount": self.max_discount, "shipping_price": self.shipping_price}
        return [name for name, amount in amounts.items() if amount is not None]

    def errors(self) -> list[FieldError]:
        if self.shipping_price is not None and self.percent is not None:
            return [FieldError("percent", "one_of", "Give shipping_price or percent, not both.")]
        return []

    def compiled(self) -> "FreeShippingRule":
        return FreeShippingRule(
            percent=ONE_HUNDRED_PERCENT if self.percent is None else parse_percent(self.percent),
            shipping_price=self.shipping_price or 0,
            max_discount=self.max_discount,
        )

    def phrases(
        self, scope: str | None, *, currency: str | None, language: Language
    ) -> tuple[str, ...]:
        """What it gives, and what limits that; `scope` names the items, `None` is everything."""
        german, text = language == "de", self._what(currency, language=language)
        if scope:
            text += f" beim Kauf von {scope}" if german else f" when you buy {scope}"
        if self.max_discount is None:
            return (text,)
        most = short_money(self.max_discount, currency, language=language)
        return (text, f"höchstens {most} Nachlass" if german else f"at most {most} off")

    def _what(self, currency: str | None, *, language: Language) -> str:
        german = language == "de"
        if self.shipping_price:
            price = short_money(self.shipping_price, currency, language=language)
            return f"Versand für {price}" if german else f"shipping for {price}"
        if self.percent is None or parse_percent(self.percent) == ONE_HUNDRED_PERCENT:
            return "kostenloser Versand" if german else "free shipping"
        percent = percent_text(self.percent, language=language)
        return f"{percent} auf den Versand" if german else f"{percent} off shipping"


@dataclass(frozen=True, slots=True)
class FreeShippingRule(TakingRule):
    """Ready to take. `percent` is in ten-thousandths of a percent, amounts in minor units."""

    percent: int
    shipping_price: int
    max_discount: int | None

    @property
    def lane(self) -> Lane:
        return Lane.SHIPPING

    def plan(self, *, lines: Sequence[CartLine], eligible: Sequence[int]) -> "FreeShippingPlan":
        return FreeShippingPlan(self)


class FreeShippingPlan(PlainPlan, Struct, frozen=True):
    """Off the shipping charge, whatever lines there are."""

    rule: FreeShippingRule

    def cut(self, basket: Basket) -> Cut:
        rule = self.rule
        taken = percent_of(max(basket.shipping - rule.shipping_price, 0), rule.percent)
        if rule.max_discount is not None:
            taken = min(taken, rule.max_discount)
        return Cut(shipping=taken)
