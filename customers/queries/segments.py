"""Reads: segments and who is in them."""

from datetime import datetime

from django.db.models import F

from customers.models import Segment, SegmentMember


def segment_by_reference(reference: str, *, lock: bool = False) -> Segment | None:
    """The segment with this id of the shop's; `lock` holds the row until the transaction ends."""
    rows = Segment.objects.filter(reference=reference)
    return (rows.select_for_update(no_key=True) if lock else rows).first()


def segments_page(*, after: str | None, limit: int) -> list[Segment]:
    """The next segments by id, one more than `limit`."""
    rows = Segment.objects.order_by("reference")
    if after is not None:
        rows = rows.filter(reference__gt=after)
    return list(rows[: limit + 1])


def members_keys(*, segment_key: int, after: int, limit: int) -> list[int]:
    """The keys of the next members, in order; `after` is the last key seen, 0 at first."""
    rows = SegmentMember.objects.filter(segment_id=segment_key, customer_id__gt=after)
    return list(rows.order_by("customer_id").values_list("customer_id", flat=True)[:limit])


def members_page(*, segment_key: int, after: int, limit: int) -> list[tuple[int, str, datetime]]:
    """Key, id and the beginning of the next memberships, one more than `limit`."""
    rows = SegmentMember.objects.filter(segment_id=segment_key, customer_id__gt=after)
    shown = rows.order_by("customer_id").annotate(reference=F("customer__reference"))
    return list(shown.values_list("customer_id", "reference", "since")[: limit + 1])


def segments_of_customer(*, customer_key: int, after: str | None, limit: int) -> list[Segment]:
    """The next segments, by id, that the customer is in, one more than `limit`."""
    rows = Segment.objects.filter(memberships__customer_id=customer_key).order_by("reference")
    if after is not None:
        rows = rows.filter(reference__gt=after)
    return list(rows[: limit + 1])
