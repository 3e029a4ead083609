"""The staff's pages on products."""

from catalog.admin import imports, products

__all__ = ["imports", "products"]
