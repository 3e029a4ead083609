"""Fields of segment rules about a customer's personal codes."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from msgspec import Meta, Struct

from common.fields import ShopId
from customers.domain.rules import Leaf, Words
from customers.queries.fields.field import NOW, Field, Found, Source, literal

Days = Annotated[int, Meta(ge=1, le=36_500)]


class CodeOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """Codes of one promotion, or of any."""

    promotion_id: ShopId | None = None


class ExpiringOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """Codes that end within so many times 24 hours."""

    within_days: Days
    promotion_id: ShopId | None = None


Options = CodeOptions | ExpiringOptions
#: A code ends with its promotion, where that is earlier; `least` passes over a null.
_ENDS = "least(code.valid_until, promotion.ends_at)"
_UNUSED = (
    "code.used = 0 AND code.status = 'active' AND promotion.status <> 'archived'"
    f" AND coalesce({_ENDS} > {NOW}, true)"
)


def fields() -> list[Field]:
    """How many codes are unused, were redeemed, or are about to end unused."""
    return [
        Field(
            "codes.unused",
            "number",
            Words("Unused codes", "Unbenutzte Codes"),
            partial(_codes, lambda options: _UNUSED),
            CodeOptions,
            is_plural=True,
        ),
        Field(
            "codes.redeemed",
            "number",
            Words("Redeemed codes", "Eingelöste Codes"),
            partial(_codes, lambda options: "code.used > 0"),
            CodeOptions,
            is_plural=True,
        ),
        Field(
            "codes.expiring",
            "number",
            Words("Codes about to expire", "Bald ablaufende Codes"),
            partial(_codes, _expiring),
            ExpiringOptions,
            is_plural=True,
        ),
    ]


def _expiring(options: ExpiringOptions) -> str:
    within = f"{NOW} + {options.within_days} * interval '24 hours'"
    return f"{_UNUSED} AND {_ENDS} <= {within}"


def _codes(condition_of: Callable[[Any], str], leaf: Leaf) -> Found:
    options: Options = leaf.options
    conditions = ["code.customer_id IS NOT NULL", condition_of(options)]
    if options.promotion_id is not None:
        conditions.append(f"promotion.reference = {literal(options.promotion_id)}")
    return Found(
        "coalesce({s}.codes, 0)",
        Source(
            f"""
            SELECT code.customer_id, count(*) AS codes FROM promotions_code AS code
            JOIN promotions_promotion AS promotion ON promotion.id = code.promotion_id
            WHERE {" AND ".join(conditions)} {{one}} GROUP BY code.customer_id
            """,
            key="code.customer_id",
        ),
    )
