"""The order of work: in which turn an effect is applied."""

from enum import IntEnum


class Lane(IntEnum):
    """Lanes are worked through in this order; what a lane takes is gone for the next."""

    ITEMS = 1
    ORDER = 2
    SHIPPING = 3
    #: Gifts and bonus cashback: they take nothing from the price.
    EXTRAS = 4
