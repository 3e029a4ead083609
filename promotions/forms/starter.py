"""A basket to begin with, in which the promotion should have something to do."""

from typing import Any

from django.utils.translation import gettext

from common.forms.amounts import amount_text
from common.items import ItemLists, Items
from common.sentence_words import Language
from promotions.domain.definition import PromotionDefinition
from promotions.domain.effects.bundle_price import BundlePrice
from promotions.domain.effects.buy_x_get_y import BuyXGetY
from promotions.domain.effects.tiered import Tiered
from promotions.domain.offer import compile_offer
from promotions.forms.basket import PREFIX, LineForm

#: Minor units; in a currency without them it is still a price.
_PRICE = 2000
_SHIPPING = 495
_MOST_PIECES = 100


def starter_basket(definition: PromotionDefinition | None, *, language: Language) -> dict[str, Any]:
    """Values for the fields of `BasketForm`."""
    currency = definition.currency if definition else None

    def money(amount: int | None) -> str:
        return amount_text(amount, currency=currency, language=language)

    if definition is None:
        line = {"quantity": 2, "price": money(_PRICE)}
        return {"lines": [line], "shipping_amount": money(_SHIPPING)}
    price = _price(definition.items)
    pieces = min(max(_pieces(definition, price), 1), _MOST_PIECES)
    lines: list[dict[str, Any]] = [
        {**_named(definition.items.include), "quantity": pieces, "price": money(price)}
    ]
    for lists, least in _beside(definition):
        lines.append({**_named(lists), "quantity": least, "price": money(_PRICE)})
    conditions = definition.conditions
    return {
        "lines": lines,
        "shipping_amount": money(_SHIPPING),
        "customer_id": gettext("new-customer") if _asks_customer(definition) else "",
        "channel": _first(conditions.channels),
        "shipping_country": _first(conditions.countries),
        "payment_method": _first(conditions.payment_methods),
        "shipping_method": _first(conditions.shipping_methods),
    }


def starter_fields(definition: PromotionDefinition, *, language: Language) -> dict[str, str]:
    """The same as a page sends it back."""
    values = starter_basket(definition, language=language)
    lines: list[dict[str, Any]] = values.pop("lines")
    sent = {f"{PREFIX}-{name}": str(value) for name, value in values.items()}
    for number, line in enumerate(lines):
        for name in LineForm.base_fields:
            sent[f"{PREFIX}-lines-{number}-{name}"] = str(line.get(name, ""))
    counts = {"TOTAL_FORMS": str(len(lines)), "INITIAL_FORMS": "0"}
    return sent | {f"{PREFIX}-lines-{name}": count for name, count in counts.items()}


def _named(lists: ItemLists) -> dict[str, str]:
    """One name is enough: the lists are any-of."""
    for field, names in (
        ("category", lists.categories),
        ("brand", lists.brands),
        ("tag", lists.tags),
        ("sku", lists.skus),
    ):
        if names:
            return {field: names[0]}
    return {}


def _price(items: Items) -> int:
    low, high = items.min_unit_price or 0, items.max_unit_price
    return max(low, _PRICE if high is None else min(_PRICE, high))


def _pieces(definition: PromotionDefinition, price: int) -> int:
    """So many that minimum, effect and lowest tier are reached."""
    conditions = definition.conditions
    wanted = [conditions.min_quantity or 2, -(-(conditions.min_subtotal or 0) // max(price, 1))]
    match definition.effect:
        case BundlePrice(quantity=quantity):
            wanted.append(quantity)
        case BuyXGetY(buy_quantity=buy, get_quantity=get, get_items=other):
            wanted.append(buy if other else buy + get)
        case Tiered(by=by, tiers=tiers):
            lowest = min(tier.from_ for tier in tiers)
            wanted.append(lowest if by == "quantity" else -(-lowest // max(price, 1)))
    return max(wanted)


def _beside(definition: PromotionDefinition) -> list[tuple[ItemLists, int]]:
    """What else must lie in the basket, and how much of it."""
    needed = [(entry.include, entry.min_quantity) for entry in definition.conditions.contains[:2]]
    effect = definition.effect
    if isinstance(effect, BuyXGetY) and effect.get_items is not None:
        needed.append((effect.get_items.include, effect.get_quantity))
    return [(lists, min(least, _MOST_PIECES)) for lists, least in needed]


def _asks_customer(definition: PromotionDefinition) -> bool:
    return compile_offer(key=0, promotion_id="-", definition=definition).needs_customer


def _first(names: list[str]) -> str:
    return names[0] if names else ""
