"""Reads: products."""

from collections.abc import Collection

from django.db.models import QuerySet

from catalog.domain.products import ProductName, ProductState
from catalog.models import Product


def state_of(product: Product) -> ProductState:
    """The row in the contract's words, every field filled."""
    return ProductState(
        name=ProductName(de=product.name_de or None, en=product.name_en or None),
        url=product.url or None,
        image_url=product.image_url or None,
        categories=product.categories,
        brand=product.brand or None,
        tags=product.tags,
        price=product.price,
        list_price=product.list_price,
        unit_cost=product.unit_cost,
        currency=product.currency or None,
        available=product.available,
    )


def product_by_sku(sku: str, *, lock: bool = False) -> Product | None:
    """The product with this id of the shop's; `lock` holds the row until the transaction ends."""
    return _locked(Product.objects.filter(sku=sku), lock=lock).first()


def products_by_sku(skus: Collection[str], *, lock: bool = False) -> dict[str, Product]:
    """Those of the products that exist, by SKU; locked in the order of their SKUs."""
    rows = Product.objects.filter(sku__in=skus).order_by("sku")
    return {product.sku: product for product in _locked(rows, lock=lock)}


def products_page(*, after: str | None, limit: int) -> list[Product]:
    """The next products by SKU, one more than `limit`."""
    rows = Product.objects.order_by("sku")
    if after is not None:
        rows = rows.filter(sku__gt=after)
    return list(rows[: limit + 1])


def unit_costs() -> str:
    """SQL of what a unit of each product costs the shop, where it says so.

    Columns: `sku`, `currency`, `unit_cost` (minor units).
    """
    return """
        SELECT sku, currency, unit_cost FROM catalog_product WHERE unit_cost IS NOT NULL
    """


def _locked(rows: "QuerySet[Product]", *, lock: bool) -> "QuerySet[Product]":
    return rows.select_for_update(no_key=True) if lock else rows
