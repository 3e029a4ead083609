"""Reads: the codes of a promotion, one by one and page by page, at any number of them."""

from uuid import UUID

from django.db.models import QuerySet

from promotions.domain.codes import limit_in_force, normalise
from promotions.models import Code


def code_of(*, promotion_id: str, given: str) -> Code | None:
    """The promotion's code in any spelling."""
    code = normalise(given)
    if code is None:
        return None
    return _rows().filter(promotion__reference=promotion_id, code=code).first()


def is_taken(given: str) -> bool:
    """Whether some promotion has this code; only the constraint is sure of it."""
    return Code.objects.filter(code=normalise(given) or "").exists()


def codes_after(
    code: str | None,
    *,
    promotion_key: int,
    customer_id: str | None = None,
    status: str | None = None,
    batch_id: UUID | None = None,
    limit: int,
) -> QuerySet[Code]:
    """Up to `limit` codes in the order in which they are compared, from the one after `code`.

    Each filter has an index that ends with the code, so that a page costs the same everywhere.
    """
    rows = _rows().filter(promotion_id=promotion_key).order_by("code")
    if code is not None:
        rows = rows.filter(code__gt=code)
    if customer_id is not None:
        rows = rows.filter(customer__reference=customer_id)
    if status is not None:
        rows = rows.filter(status=status)
    if batch_id is not None:
        rows = rows.filter(batch__batch_id=batch_id)
    return rows[:limit]


def effective_limit(code: Code) -> int | None:
    """How often the code may be used; None: without end."""
    return limit_in_force(
        own=code.max_redemptions,
        per_code=code.promotion.per_code_limit,
        personal=code.customer_id is not None,
        in_batch=code.batch_id is not None,
    )


def _rows() -> QuerySet[Code]:
    """With what their answers show of the promotion, the customer and the batch, and no more."""
    return Code.objects.select_related("promotion", "customer", "batch").only(
        "code",
        "spelling",
        "status",
        "valid_from",
        "valid_until",
        "max_redemptions",
        "used",
        "held",
        "created_at",
        "revision",
        "promotion__reference",
        "promotion__per_code_limit",
        "customer__reference",
        "batch__batch_id",
    )
