"""The staff's pages: promotions, codes and batches. They show, and call one action."""

from promotions.admin import batches, codes, promotions

__all__ = ["batches", "codes", "promotions"]
