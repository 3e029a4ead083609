"""A product as the contract has it."""

from typing import Annotated

from msgspec import Meta, Struct

from common.errors import FieldError
from common.fields import Amount, Currency, ShortText, WebAddress, Word
from common.money import Language

Words = Annotated[list[Word], Meta(max_length=100)]


class ProductName(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a product is called, in each language; a missing one is left out."""

    de: ShortText | None = None
    en: ShortText | None = None

    def told(self, language: Language) -> str:
        """In this language, else in the other."""
        first, second = (self.de, self.en) if language == "de" else (self.en, self.de)
        return first or second or ""


class ProductState(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the shop tells of a product; amounts in minor units of `currency`."""

    name: ProductName
    url: WebAddress | None = None
    image_url: WebAddress | None = None
    categories: Words = []
    brand: Word | None = None
    tags: Words = []
    price: Amount | None = None
    #: Above `price` it marks a product that is reduced.
    list_price: Amount | None = None
    #: What a unit costs the shop, for reports; null: a share of its price, by `MARGIN_PERCENT`.
    unit_cost: Amount | None = None
    currency: Currency | None = None
    #: What is not available is not recommended.
    available: bool = True


def product_errors(state: ProductState) -> list[FieldError]:
    """What is wrong with a product beyond the form of its fields."""
    errors = []
    if not state.name.told("en").strip():
        errors.append(FieldError("/name", "required", "A product has a name that can be read."))
    amounts = (state.price, state.list_price, state.unit_cost)
    if state.currency is None and any(amount is not None for amount in amounts):
        detail = "A product with a price needs its currency."
        errors.append(FieldError("/currency", "currency_required", detail))
    return errors
