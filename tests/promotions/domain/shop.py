"""A shop in a few words: promotions as the contract has them, carts, and their price."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from common.cart import Cart
from promotions.domain.basket import Earnings, nothing_earned
from promotions.domain.definition import PromotionDefinition, definition_errors
from promotions.domain.facts import GUEST, CodeFacts, CustomerFacts, CustomerUsage, PromotionUsage
from promotions.domain.offer import Offer, compile_offer
from promotions.domain.pricing import price
from promotions.domain.quote import Quote
from promotions.domain.refusal import Refusal

BERLIN = ZoneInfo("Europe/Berlin")
#: A Monday.
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ADA = CustomerFacts(signed_in=True, registered=True)

PERCENT_10 = {"kind": "percentage", "percent": "10"}


def off(amount: int, on: str = "order", **more: object) -> dict[str, object]:
    """`fixed_amount`."""
    return {"kind": "fixed_amount", "amount": amount, "on": on, **more}


def percent(text: str, on: str = "order", **more: object) -> dict[str, object]:
    """`percentage`."""
    return {"kind": "percentage", "percent": text, "on": on, **more}


def define(**fields: Any) -> PromotionDefinition:
    """An active automatic promotion in EUR, 10 % off the order unless told otherwise."""
    plain = {
        "name": "A promotion",
        "status": "active",
        "activation": "automatic",
        "currency": "EUR",
        "effect": PERCENT_10,
    }
    definition = msgspec.convert(plain | fields, PromotionDefinition)
    assert definition_errors(definition) == []
    return definition


def offer(promotion_id: str = "p", *, key: int | None = None, **fields: Any) -> Offer:
    """The promotion made ready; its key follows from its id unless given."""
    found = key if key is not None else key_of(promotion_id)
    return compile_offer(key=found, promotion_id=promotion_id, definition=define(**fields))


_keys: dict[str, int] = {}


def key_of(promotion_id: str) -> int:
    """The database key that a promotion has in these tests."""
    return _keys.setdefault(promotion_id, len(_keys) + 1)


def cart(*lines: tuple[int, int] | tuple[int, int, Mapping[str, object]], **fields: Any) -> Cart:
    """A cart of (quantity, unit price, further fields); line ids and skus are 1, 2, 3, ..."""
    return msgspec.convert(
        {
            "currency": "EUR",
            "lines": [
                {"line_id": str(at), "sku": str(at), "quantity": line[0], "unit_price": line[1]}
                | dict(line[2] if len(line) > 2 else {})
                for at, line in enumerate(lines, start=1)
            ],
        }
        | fields,
        Cart,
    )


def code(text: str, promotion_id: str = "p", **facts: Any) -> CodeFacts:
    """A usable code of the promotion unless told otherwise."""
    return CodeFacts(
        **{"code": text, "id": len(text), "promotion_key": key_of(promotion_id)} | facts
    )


def quote(
    bought: Cart,
    offers: Sequence[Offer] = (),
    *,
    codes: Sequence[CodeFacts] = (),
    customer: CustomerFacts = GUEST,
    usage: Mapping[str, PromotionUsage] | None = None,
    own_usage: Mapping[str, CustomerUsage] | None = None,
    now: datetime = NOON,
    earnings: Earnings = nothing_earned,
) -> Quote:
    """The price of the cart; usage is by promotion id."""
    return price(
        cart=bought,
        offers=offers,
        codes=codes,
        promotion_usage={key_of(name): value for name, value in (usage or {}).items()},
        customer_usage={key_of(name): value for name, value in (own_usage or {}).items()},
        customer=customer,
        now=now,
        shop_zone=BERLIN,
        earnings=earnings,
    )


def line_discounts(found: Quote) -> list[int]:
    return [line.discount for line in found.lines]


def applied(found: Quote) -> dict[str, int]:
    """What each chosen promotion took, by its id."""
    return {row.promotion_id: row.amount for row in found.applied}


def rows(found: Quote) -> list[tuple[str, str | None]]:
    """Status and reason of each code, in the cart's order."""
    return [
        (row.status.value, row.refusal.code.value if row.refusal else None) for row in found.codes
    ]


def refusal(found: Quote) -> Refusal | None:
    """Why the first code of the cart was not applied."""
    return found.codes[0].refusal
