"""Names of turns that calls take one after another, and the advisory locks behind them."""

import hashlib


def turn_key(name: str) -> int:
    """The advisory lock of a turn, by the turn's name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def order_turn(reference: str) -> str:
    """The turn of one order of the shop, whether or not its row exists."""
    return f"order\n{reference}"
