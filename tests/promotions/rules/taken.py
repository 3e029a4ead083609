"""What promotions take from a cart, for the rows."""

from tests.promotions.domain.shop import (
    ADA,
    applied,
    cart,
    code,
    line_discounts,
    offer,
    quote,
    rows,
)

#: Applied before those without priority.
FIRST = {"priority": 1}


def cut(effect, *lines, **fields):
    """What one promotion takes from each line."""
    return line_discounts(quote(cart(*lines), [offer(effect=effect, **fields)]))


def both(first, second, *lines, **more):
    """What the promotions a and b take, by id; who is left out is missing."""
    return applied(quote(cart(*lines, **more), [offer("a", **first), offer("b", **second)]))


def chosen(*offers, bought=None, **more):
    """What the chosen promotions take of 1 x 1000, by id; gifts and bonuses take 0."""
    return applied(quote(bought or cart((1, 1000)), offers, **more))


def grouped(name, effect, group="g", **stacking):
    """A promotion of a group."""
    return offer(name, effect=effect, stacking={"group": group, **stacking})


def by_code(name, effect, **more):
    """A promotion that waits for its code, CODE and its name."""
    return offer(name, effect=effect, activation="code", **more)


def coded(*offers, usage=None, lines=((1, 1000),), customer=ADA, **fields):
    """Status and reason of a code of each promotion, in their order."""
    names = [given.promotion_id for given in offers]
    bought = cart(*lines, codes=[f"CODE{name}" for name in names], **fields)
    codes = [code(f"CODE{name}".upper(), name) for name in names]
    return rows(quote(bought, offers, codes=codes, usage=usage, customer=customer))


def tenth(left):
    """Cashback rules that earn 10 % of what is left of each line, rounded down."""
    return [amount // 10 for amount in left]
