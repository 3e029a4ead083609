"""An item on top, free of charge."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct

from common.cart import MAX_UNITS, CartLine
from common.errors import FieldError
from common.fields import PositiveAmount, ShopId
from common.sentence_words import Language, number, short_money
from promotions.domain.basket import Basket, Cut, GiftItem
from promotions.domain.effects.lane import Lane
from promotions.domain.effects.plan import PlainPlan, TakingRule


class Gift(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="gift"):
    """`gift`: adds the item. Its value weighs in the choice of the best combination; a gift worth
    nothing would never be chosen, so there is none.
    """

    #: The shop's own id of the item.
    sku: ShopId
    #: What one is worth, minor units.
    unit_price: PositiveAmount
    #: How many of it.
    quantity: Annotated[int, Meta(ge=1, le=MAX_UNITS)] = 1

    def money_fields(self) -> list[str]:
        """Names of the fields that hold an amount of money."""
        return ["unit_price"]

    def errors(self) -> list[FieldError]:
        return []

    def compiled(self) -> "GiftRule":
        return GiftRule(GiftItem(self.sku, self.quantity, self.unit_price))

    def phrases(
        self, scope: str | None, *, currency: str | None, language: Language
    ) -> tuple[str, ...]:
        """What it gives, and what limits that; `scope` names the items, `None` is everything."""
        german = language == "de"
        worth = short_money(self.quantity * self.unit_price, currency, language=language)
        count = f"{number(self.quantity, language=language)} × " if self.quantity > 1 else ""
        if german:
            text = f"{count}{self.sku} geschenkt (Wert {worth})"
        else:
            text = f"{count}{self.sku} as a gift (worth {worth})"
        if scope:
            text += f" beim Kauf von {scope}" if german else f" when you buy {scope}"
        return (text,)


@dataclass(frozen=True, slots=True)
class GiftRule(TakingRule):
    """Ready to give."""

    gift: GiftItem

    @property
    def lane(self) -> Lane:
        return Lane.EXTRAS

    def plan(self, *, lines: Sequence[CartLine], eligible: Sequence[int]) -> "GiftPlan":
        return GiftPlan(Cut(gift=self.gift))


class GiftPlan(PlainPlan, Struct, frozen=True):
    """The same gift, whatever is left of the cart."""

    given: Cut

    def cut(self, basket: Basket) -> Cut:
        return self.given

    def most_of(self, left: int) -> int:
        return 0
