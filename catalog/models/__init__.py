"""Tables: products, what is bought together and most, files of products."""

from catalog.models.figures import Bestseller, Pair, Refresh
from catalog.models.imports import ProductImport, ProductImportRow
from catalog.models.products import Product

__all__ = ["Bestseller", "Pair", "Product", "ProductImport", "ProductImportRow", "Refresh"]
