"""Carts of the walk, as a shop sends them."""

from collections.abc import Sequence
from typing import Any

from config.demo.assortment import BY_SKU

SHIPPING = 495


def cart_of(
    customer_id: str,
    wanted: Sequence[tuple[str, int]],
    *,
    codes: Sequence[str],
    units: int | None = None,
) -> dict[str, Any]:
    """So much of each article, or so many `units` of all, for delivery within Germany."""
    return {
        "customer_id": customer_id,
        "currency": "EUR",
        "channel": "web",
        "shipping_country": "DE",
        "shipping_method": "parcel",
        "shipping_amount": SHIPPING,
        "lines": [
            {
                "line_id": str(at),
                "sku": sku,
                "categories": list(BY_SKU[sku].categories),
                "brand": BY_SKU[sku].brand,
                "quantity": units or quantity,
                "unit_price": BY_SKU[sku].price,
            }
            for at, (sku, quantity) in enumerate(wanted, start=1)
        ],
        "codes": list(codes),
    }
