"""The staff's pages: promotions, codes, batches and imports. They show, and call one action."""

from promotions.admin import batches, codes, imports, promotions

__all__ = ["batches", "codes", "imports", "promotions"]
