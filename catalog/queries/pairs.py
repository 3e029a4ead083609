"""Reads: what goes with a product, for the staff."""

from dataclasses import dataclass

from catalog.models import Pair, Product


@dataclass(frozen=True, slots=True)
class Companion:
    """A product that is bought together with another; `lift` is in thousandths."""

    product: Product
    together: int
    lift: int


def companions_of(product_key: int, *, limit: int) -> list[Companion]:
    """What is bought together with a product, most often first."""
    pairs = Pair.objects.filter(product_id=product_key, other__sku__isnull=False)
    found = pairs.select_related("other").order_by("-together", "other__sku")[:limit]
    return [Companion(pair.other, pair.together, pair.lift) for pair in found]
