"""Why something is recommended, and how that is said."""

from dataclasses import dataclass
from typing import Literal

from common.money import Language

#: Chances are counted in a million.
MILLION = 1_000_000

Ground = Literal["together", "again", "category", "shop"]
#: By their numbers in SQL.
GROUNDS: tuple[Ground, ...] = ("together", "again", "category", "shop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When two products count as bought together: neither once by accident, nor because everybody
    buys both.
    """

    #: Orders that have both.
    orders: int = 5
    #: So many times what chance would bring.
    lift: float = 2.5
    #: So sure that it is no luck, as standard deviations (of the log-likelihood, which holds for small
    #: numbers too): among many pairs some are seen more than twice as often by chance.
    deviations: int = 4


def reason(ground: Ground, *, because: str, language: Language) -> str:
    """A short sentence for the customer; `because` names a product or a category.

    >>> reason("together", because="Green tea", language="en")
    'Often bought with Green tea'
    >>> reason("shop", because="", language="de")
    'Bei unseren Kunden besonders beliebt'
    """
    return _REASONS[ground][language].format(because)


_REASONS: dict[Ground, dict[Language, str]] = {
    "together": {"en": "Often bought with {}", "de": "Wird oft zusammen gekauft mit {}"},
    "again": {"en": "You buy this again and again", "de": "Das kaufen Sie immer wieder"},
    "category": {"en": "Popular in {}", "de": "Beliebt in {}"},
    "shop": {"en": "A favourite with our customers", "de": "Bei unseren Kunden besonders beliebt"},
}
