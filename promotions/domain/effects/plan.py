"""What an effect does to one cart."""

from collections.abc import Sequence
from typing import Protocol

from common.cart import CartLine
from promotions.domain.basket import Basket, Cut
from promotions.domain.effects.lane import Lane


class Plan(Protocol):
    """An effect at one cart: what depends on the cart alone is found once, for all combinations."""

    @property
    def counts_units(self) -> bool:
        """Whether the units that it counts are lost to other promotions of this sort."""

    @property
    def ceiling(self) -> int | None:
        """The most it takes, whatever others took before; `None`: what it takes alone."""

    def cut(self, basket: Basket) -> Cut:
        """What it takes from what is left."""

    def most_of(self, left: int) -> int:
        """A bound of what it takes where `left` is left of the whole cart.

        `left - most_of(left)` never falls where `left` rises: the proof of the best rests on it.
        """


class Rule(Protocol):
    """An effect made ready, free of any cart."""

    @property
    def lane(self) -> Lane: ...

    @property
    def asks_customer(self) -> bool:
        """Whether there must be a customer who owns what it gives."""

    def plan(self, *, lines: Sequence[CartLine], eligible: Sequence[int]) -> Plan:
        """At a cart of which `eligible` lines (positions, at least one) are concerned."""


class TakingRule:
    """A rule that gives nothing to keep: guests may have it."""

    __slots__ = ()
    asks_customer = False


class PlainPlan:
    """A plan that counts no units and never takes more than it takes alone."""

    __slots__ = ()
    counts_units = False
    ceiling: int | None = None

    def most_of(self, left: int) -> int:
        """As in `Plan`."""
        return left
