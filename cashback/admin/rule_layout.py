"""Where each field of a cashback rule stands on its page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cashback.forms.rule_shape import AMOUNT, PERCENT

#: Expressions over the fields of the page: where each holds, the field is shown.
CONDITIONAL_FIELDS = {
    "percent": f"gives == '{PERCENT}'",
    "tiers": f"gives == '{PERCENT}'",
    "amount": f"gives == '{AMOUNT}'",
}


def fieldsets(*, id_field: str) -> list[tuple[Any, dict[str, Any]]]:
    """Name and gift first, the rest behind tabs; two fields of a tuple share a line."""
    return [
        (None, {"fields": [("name", id_field), ("status", "currency")]}),
        (_("What it gives"), {"fields": ["gives", "percent", "amount", "tiers"]}),
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
        (_("For whom"), {"classes": ["tab"], "fields": ["segments", "min_subtotal"]}),
        (
            _("Limits"),
            {
                "classes": ["tab"],
                "fields": [("max_per_order", "max_per_customer_month"), "partner_id"],
            },
        ),
        (
            _("How long"),
            {
                "classes": ["tab"],
                "fields": [("pending_days", "expires_after_days"), "clawback"],
            },
        ),
        (
            _("When"),
            {"classes": ["tab"], "fields": ["starts_at", "ends_at", "weekly", "timezone"]},
        ),
        (_("Terms"), {"classes": ["tab"], "fields": ["terms_de", "terms_en"]}),
    ]  # fmt: skip
