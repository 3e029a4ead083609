"""The staff's pages of the checkout: redemptions, reports of promotions, and why."""

from checkout.admin import redemptions, reports, why

__all__ = ["redemptions", "reports", "why"]
