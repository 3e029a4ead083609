"""Where each field of a promotion stands on its page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

#: Shown only where the chosen effect has them.
CONDITIONAL_FIELDS = {
    "percent": "effect_kind == 'percentage'",
    "percentage_on": "effect_kind == 'percentage'",
    "max_discount": "effect_kind == 'percentage'",
    "amount": "effect_kind == 'fixed_amount'",
    "amount_on": "effect_kind == 'fixed_amount'",
    "max_units": "effect_kind == 'fixed_amount' && amount_on == 'unit'",
}


def fieldsets(*, id_field: str) -> list[tuple[Any, dict[str, Any]]]:
    """Name and effect first, the rest behind tabs; two fields of a tuple share a line."""
    return [
        (None, {"fields": ["name", id_field, ("status", "activation"), "currency"]}),
        (
            _("What it gives"),
            {
                "fields": [
                    "effect_kind", "percent", "percentage_on", "max_discount",
                    "amount", "amount_on", "max_units",
                ]
            },
        ),
        (
            _("On what"),
            {
                "classes": ["tab"],
                "fields": [
                    ("include_categories", "include_brands"), ("include_tags", "include_skus"),
                    ("exclude_categories", "exclude_brands"), ("exclude_tags", "exclude_skus"),
                    "skip_reduced", ("min_unit_price", "max_unit_price"),
                ],
            },
        ),
        (
            _("Conditions"),
            {
                "classes": ["tab"],
                "fields": [
                    ("min_subtotal", "max_subtotal"), ("min_quantity", "nth_order"), "contains",
                    ("channels", "countries"), ("payment_methods", "shipping_methods"),
                ],
            },
        ),
        (
            _("For whom"),
            {"classes": ["tab"], "fields": ["segments", "exclude_segments", "registered"]},
        ),
        (
            _("When"),
            {
                "classes": ["tab"],
                "fields": ["starts_at", "ends_at", "weekly", "timezone"],
            },
        ),
        (
            _("How often"),
            {
                "classes": ["tab"],
                "fields": [
                    ("redemptions", "per_customer"), ("per_code", "discount_budget"),
                    "after_cancel", "exclusive", ("group", "priority"),
                ],
            },
        ),
        (
            _("Texts"),
            {
                "classes": ["tab"],
                "fields": ["title_de", "title_en", "terms_de", "terms_en"],
            },
        ),
    ]  # fmt: skip
