"""The staff's pages: promotions, codes, batches, imports and forecasts. They show, and call one action."""

from promotions.admin import batches, codes, forecasts, imports, promotions

__all__ = ["batches", "codes", "forecasts", "imports", "promotions"]
