"""What the service says to a shop of the reference, told in the reference's words."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from common.cart import Cart
from promotions.domain.codes import limit_in_force, normalise, to_look_up
from promotions.domain.definition import PromotionDefinition, definition_errors
from promotions.domain.facts import GUEST, CodeFacts, CustomerFacts, CustomerUsage, PromotionUsage
from promotions.domain.offer import Offer, compile_offer
from promotions.domain.pricing import price
from promotions.domain.quote import Quote
from tests.reference.reasons import Asked

Json = dict[str, Any]


def quote(asked: Asked, promotions: dict[str, Json]) -> Quote:
    """The service's price for what the reference is asked."""
    cart = msgspec.convert(asked.cart, Cart)
    keys = {promotion_id: key for key, promotion_id in enumerate(promotions, start=1)}
    offers = {name: _offer(keys[name], name, body) for name, body in promotions.items()}
    codes = [
        _code(name, asked.codes[name], asked, offers)
        for name in to_look_up(cart.codes)
        if name in asked.codes
    ]
    opened = {code.promotion_key for code in codes}
    counts = {keys[name]: found for name, found in asked.counts.items()}
    return price(
        cart=cart,
        offers=[
            offer
            for offer in offers.values()
            if offer.activation == "automatic" or offer.key in opened
        ],
        codes=codes,
        promotion_usage={
            key: PromotionUsage(
                used=found.get("used", 0),
                held=found.get("held", 0),
                spent=found.get("spent", 0),
                held_amount=found.get("held_amount", 0),
            )
            for key, found in counts.items()
        },
        customer_usage={
            key: CustomerUsage(
                used=found.get("customer_used", 0), held=found.get("customer_held", 0)
            )
            for key, found in counts.items()
            if asked.customer is not None
        },
        customer=_customer(asked),
        now=asked.now,
        shop_zone=ZoneInfo(asked.shop_zone),
        earnings=asked.earnings,
    )


def told(found: Quote) -> Json:
    """The quote in the contract's words, but that a reason is its code alone."""
    return {
        "currency": found.currency,
        "subtotal": found.subtotal,
        "item_discount": found.item_discount,
        "shipping_amount": found.shipping_amount,
        "shipping_discount": found.shipping_discount,
        "discount_total": found.discount_total,
        "total": found.total,
        "lines": [
            {
                "line_id": line.line_id,
                "subtotal": line.subtotal,
                "discount": line.discount,
                "discounts": [
                    {
                        "promotion_id": taken.promotion_id,
                        "code": taken.code,
                        "amount": taken.amount,
                    }
                    for taken in line.discounts
                ],
            }
            for line in found.lines
        ],
        "gifts": [
            {"sku": gift.sku, "quantity": gift.quantity, "promotion_id": gift.promotion_id}
            for gift in found.gifts
        ],
        "applied": [
            {"promotion_id": row.promotion_id, "code": row.code, "amount": row.amount}
            for row in found.applied
        ],
        "codes": [
            {
                "code": row.code,
                "status": row.status.value,
                "promotion_id": row.promotion_id,
                "reason": row.refusal.code.value if row.refusal else None,
            }
            for row in found.codes
        ],
        "best": found.best,
        "bonus_cashback": found.bonus_cashback,
        "candidates": [case.offer.promotion_id for case in found.choice.candidates],
    }


def _offer(key: int, promotion_id: str, body: Json) -> Offer:
    definition = msgspec.convert(body, PromotionDefinition)
    assert definition_errors(definition) == []
    return compile_offer(key=key, promotion_id=promotion_id, definition=definition)


def _code(name: str, row: Json, asked: Asked, offers: dict[str, Offer]) -> CodeFacts:
    assert normalise(name) == name
    offer, holder = offers[row["promotion_id"]], row.get("customer_id")
    return CodeFacts(
        code=name,
        foreign=holder is not None and holder != asked.cart["customer_id"],
        id=len(name),
        promotion_key=offer.key,
        personal=holder is not None,
        enabled=row.get("status") != "disabled",
        valid_from=_instant(row.get("valid_from")),
        valid_until=_instant(row.get("valid_until")),
        limit=limit_in_force(
            own=row.get("max_redemptions"),
            per_code=offer.per_code,
            personal=holder is not None,
            in_batch="batch_id" in row,
        ),
        used=row.get("used", 0),
        held=row.get("held", 0),
    )


def _customer(asked: Asked) -> CustomerFacts:
    if asked.customer is None:
        return GUEST
    return CustomerFacts(
        signed_in=True,
        registered=asked.customer["registered"],
        earlier_orders=asked.customer["earlier_orders"],
        segments=frozenset(asked.customer["segments"]),
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
