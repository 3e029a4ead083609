"""Where each field of a promotion stands on its page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from promotions.forms.effect_shape import EFFECTS
from promotions.forms.effects import KINDS

#: Expressions over the fields of the page: where each holds, the field is shown.
CONDITIONAL_FIELDS = {
    name: f"{told.only[0]} == '{told.only[1]}'"
    for fields in EFFECTS.values()
    for name, told in fields.items()
    if told.only is not None
}
_EFFECT_ROWS: dict[str, list[Any]] = {
    "percentage": [("percent", "percentage_on"), "max_discount"],
    "fixed_amount": [("amount", "amount_on"), "max_units"],
    "fixed_price": ["fixed_price"],
    "bundle_price": [("bundle_quantity", "bundle_price"), "bundle_times"],
    "buy_x_get_y": [
        ("buy_quantity", "get_quantity"),
        ("get_percent", "get_times"),
        "get_from",
        ("get_include_categories", "get_include_brands"),
        ("get_include_tags", "get_include_skus"),
        ("get_exclude_categories", "get_exclude_brands"),
        ("get_exclude_tags", "get_exclude_skus"),
        "get_skip_reduced",
        ("get_min_unit_price", "get_max_unit_price"),
    ],
    "tiered": [("tiered_by", "tiered_gives"), "tiers", ("tiered_on", "tiered_max_discount")],
    "free_shipping": [
        "shipping_costs",
        "shipping_price",
        "shipping_percent",
        "shipping_max_discount",
    ],
    "gift": ["gift_sku", ("gift_quantity", "gift_unit_price")],
    "bonus_cashback": [
        "bonus_gives",
        "bonus_amount",
        "bonus_multiplier",
        ("bonus_pending_days", "bonus_expires_after_days"),
    ],
}


def fieldsets(*, id_field: str) -> list[tuple[Any, dict[str, Any]]]:
    """Name and effect first, the rest behind tabs; two fields of a tuple share a line.

    The fields of each effect are a fieldset of the class `effect` and of the effect's kind; the
    page shows that of the chosen kind.
    """
    effects = [
        (KINDS[kind], {"classes": ["effect", kind], "fields": rows})
        for kind, rows in _EFFECT_ROWS.items()
    ]
    return [
        (None, {"fields": [("name", id_field), ("status", "activation", "currency")]}),
        (_("What it gives"), {"classes": ["gives"], "fields": ["effect_kind"]}),
        *effects,
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
