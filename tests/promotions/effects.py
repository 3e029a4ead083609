"""Effects as the contract has them, in a few words; `off` and `percent` are in `domain.shop`."""

from collections.abc import Mapping


def fixed_price(price: int) -> dict[str, object]:
    return {"kind": "fixed_price", "price": price}


def bundle_price(quantity: int, price: int, **more: object) -> dict[str, object]:
    return {"kind": "bundle_price", "quantity": quantity, "price": price, **more}


def buy_x_get_y(buy: int, get: int, **more: object) -> dict[str, object]:
    return {"kind": "buy_x_get_y", "buy_quantity": buy, "get_quantity": get, **more}


def tiered(
    tiers: Mapping[int, int | str], by: str = "subtotal", **more: object
) -> dict[str, object]:
    """From so much on: an amount (a number) or a percentage (a text)."""
    return {
        "kind": "tiered",
        "by": by,
        "tiers": [
            {"from": start, "percent" if isinstance(gives, str) else "amount": gives}
            for start, gives in tiers.items()
        ],
        **more,
    }


def free_shipping(**more: object) -> dict[str, object]:
    return {"kind": "free_shipping", **more}


def gift(sku: str = "MUG", unit_price: int = 400, **more: object) -> dict[str, object]:
    return {"kind": "gift", "sku": sku, "unit_price": unit_price, **more}


def bonus_cashback(**more: object) -> dict[str, object]:
    return {"kind": "bonus_cashback", **more}


#: Each kind once, with an effect on 5 units at 1.00 or more and some shipping.
ONE_OF_EACH = [
    {"kind": "percentage", "percent": "10"},
    {"kind": "fixed_amount", "amount": 50},
    fixed_price(60),
    bundle_price(2, 120),
    buy_x_get_y(1, 1),
    tiered({0: "10"}),
    free_shipping(),
    gift(),
    bonus_cashback(amount=50),
]
