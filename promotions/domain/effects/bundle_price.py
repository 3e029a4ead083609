"""A price for several units together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct

from common.cart import MAX_UNITS, CartLine
from common.errors import FieldError
from common.fields import Amount
from common.sentence_words import Language, number, per_order, short_money
from promotions.domain.basket import Basket, Cut, dearest_first
from promotions.domain.counting import UnitCount
from promotions.domain.effects.lane import Lane
from promotions.domain.effects.plan import PlainPlan, TakingRule


class BundlePrice(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="bundle_price"
):
    """`bundle_price`: every full group of `quantity` eligible units for `price`, dearest first."""

    #: How many units make a group.
    quantity: Annotated[int, Meta(ge=1, le=MAX_UNITS)]
    #: Of a group, minor units.
    price: Amount
    #: How many groups of a cart at most; null: all that are full.
    max_applications: Annotated[int, Meta(ge=1, le=MAX_UNITS)] | None = None

    def money_fields(self) -> list[str]:
        """Names of the fields that hold an amount of money."""
        return ["price"]

    def errors(self) -> list[FieldError]:
        return []

    def compiled(self) -> "BundlePriceRule":
        return BundlePriceRule(self.quantity, self.price, self.max_applications or MAX_UNITS)

    def phrases(
        self, scope: str | None, *, currency: str | None, language: Language
    ) -> tuple[str, ...]:
        """What it gives, and what limits that; `scope` names the items, `None` is everything."""
        german, count = language == "de", number(self.quantity, language=language)
        if scope:
            what = f"{count} × {scope}"
        elif self.quantity == 1:
            what = "ein Artikel nach Wahl" if german else "any one item"
        else:
            what = f"{count} Artikel nach Wahl" if german else f"any {count} items"
        if self.price == 0:
            how = "gratis" if german else "free of charge"
        else:
            price = short_money(self.price, currency, language=language)
            how = f"für {price}" if german else f"for {price}"
        return (f"{what} {how}", *per_order(self.max_applications, language=language))


@dataclass(frozen=True, slots=True)
class BundlePriceRule(TakingRule):
    """Ready to take. `price` is in minor units."""

    quantity: int
    price: int
    max_applications: int

    @property
    def lane(self) -> Lane:
        return Lane.ITEMS

    def plan(self, *, lines: Sequence[CartLine], eligible: Sequence[int]) -> "BundlePricePlan":
        return BundlePricePlan(self, dearest_first(lines, eligible))


class BundlePricePlan(PlainPlan, Struct, frozen=True):
    """Groups of the units of these lines, dearest first.

    Where others counted units before, each group holds the same or cheaper units than it would
    alone, so that alone it takes most.
    """

    rule: BundlePriceRule
    eligible: Sequence[int]
    counts_units = True

    def cut(self, basket: Basket) -> Cut:
        count = UnitCount(basket)
        count.bundle(
            self.eligible,
            quantity=self.rule.quantity,
            price=self.rule.price,
            most=self.rule.max_applications,
        )
        return count.cut()
