"""A made-up recipient: for letters that are tried before there is anybody to send them to."""

from collections.abc import Mapping

from campaigns.domain.letters.values import CashbackCard, CodeCard, Links, ProductCard, Values
from campaigns.domain.letters.variables import VARIABLES
from common.money import Language, format_money

_PRODUCTS = (
    ("Sencha Asamiya, 100 g", "Sencha Asamiya, 100 g", 1290),
    ("Earl Grey, lose", "Earl Grey, loose", 890),
    ("Teekanne aus Gusseisen, 0,8 l", "Cast-iron teapot, 0.8 l", 4900),
    ("Darjeeling First Flush", "Darjeeling First Flush", 1650),
    ("Becher, zwei Stück", "Mugs, set of two", 1990),
    ("Matcha-Besen", "Matcha whisk", 1450),
)


def sample_values(
    *, language: Language, links: Links | None = None, offer: tuple[str, str] | None = None
) -> Values:
    """Every variable, code, cashback and six products, in the language. `offer` is title and terms of the
    promotion that it is about, since these are known.
    """
    texts = {known.name: known.example_in(language) for known in VARIABLES.values()}
    if offer is not None:
        texts["promotion.title"], texts["promotion.terms"] = offer
    # The brand and the links know these better.
    del texts["shop.name"], texts["account_url"]
    return Values(
        texts=texts,
        links=links
        or Links(
            unsubscribe="https://shop.example/u/sample",
            preferences="https://shop.example/preferences/sample",
            account="https://shop.example/account/sample",
        ),
        products=_products(language),
        cashback=CashbackCard(
            available=texts["cashback.available"],
            expiring=texts["cashback.expiring"],
            expires_at=texts["cashback.expires_at"],
        ),
        code=CodeCard(code=texts["code"], valid_until=texts["code.valid_until"]),
    )


def _products(language: Language) -> list[ProductCard]:
    return [
        ProductCard(
            name=german if language == "de" else english,
            price=format_money(price, "EUR", language=language),
            url=f"https://shop.example/tea/{number}",
            image_url=f"https://shop.example/tea/{number}.jpg",
        )
        for number, (german, english, price) in enumerate(_PRODUCTS, start=1)
    ]


#: What only the occasion of a letter tells, by the kind of its trigger.
_OF_OCCASION: Mapping[str, tuple[str, ...]] = {
    "order": ("order.id", "order.tracking_url"),
    "code_expiring": ("code",),
    "membership_ending": ("plan.name",),
}


def sample_facts(kind: str, *, language: Language) -> dict[str, str]:
    """In place of the order, code or membership that nobody knows before it sets a letter off.

    >>> sample_facts("order", language="en")["order.id"]
    '10042'
    """
    return {name: VARIABLES[name].example_in(language) for name in _OF_OCCASION.get(kind, ())}
