"""Reads: code batches, how guessable their codes are, and the codes for a download."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Min, Q, QuerySet, Sum, Value
from django.db.models.functions import Replace

from promotions.models import Code, CodeBatch

_ROWS_A_READ = 5_000


def batch_by_id(batch_id: UUID) -> CodeBatch | None:
    """The batch, with the ids of its promotion and segment."""
    return _batches().filter(batch_id=batch_id).first()


def batches_after(key: int | None, *, promotion_key: int, limit: int) -> QuerySet[CodeBatch]:
    """Up to `limit` batches of a promotion in the order in which they were asked for."""
    rows = _batches().filter(promotion_id=promotion_key).order_by("id")
    return (rows if key is None else rows.filter(id__gt=key))[:limit]


def live_codes_like(pattern: str, *, now: datetime) -> int:
    """How many codes of unexpired batches a guess by this pattern (upper case) may hit."""
    rows = CodeBatch.objects.annotate(compared=Replace("pattern", Value("-"), Value(""))).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=now), compared=pattern.replace("-", "")
    )
    return rows.aggregate(codes=Sum("count"))["codes"] or 0


def live_codes_by_pattern(promotion_key: int, *, now: datetime) -> dict[str, int]:
    """Of each pattern that the promotion has unexpired batches of, how many codes a guess may hit:
    those of other promotions as well.
    """
    compared = Replace("pattern", Value("-"), Value(""))
    unexpired = CodeBatch.objects.annotate(compared=compared).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=now)
    )
    own = unexpired.filter(promotion_id=promotion_key).values("compared")
    rows = unexpired.filter(compared__in=own).values("compared")
    told = rows.annotate(shown=Min("pattern"), live=Sum("count")).order_by("compared")
    return dict(told.values_list("shown", "live"))


def code_rows(batch_key: int) -> Iterator[tuple[Any, ...]]:
    """Spelling, customer's id, window, own limit, uses and status of each code, by code.

    Reads by keyset in pieces, without a cursor on the server: a connection pool between the two does
    no harm, and a slow reader holds no transaction open.
    """
    rows = Code.objects.filter(batch_id=batch_key).order_by("code")
    after = ""
    while True:
        read = list(
            rows.filter(code__gt=after).values_list(
                "code", "spelling", "customer__reference", "valid_from", "valid_until",
                "max_redemptions", "used", "status",
            )[:_ROWS_A_READ]
        )  # fmt: skip
        for row in read:
            yield row[1:]
        if len(read) < _ROWS_A_READ:
            return
        after = read[-1][0]


def _batches() -> QuerySet[CodeBatch]:
    return CodeBatch.objects.select_related("promotion", "segment").only(
        "batch_id", "job_id", "pattern", "count", "valid_until", "created_at",
        "promotion__reference", "segment__reference",
    )  # fmt: skip
