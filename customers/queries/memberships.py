"""Reads: membership plans, and who is a member when."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import F, Q, QuerySet

from customers.domain.memberships import PlanTerms, Status
from customers.models import Membership, MembershipPlan


def plan_by_reference(reference: str, *, lock: bool = False) -> MembershipPlan | None:
    """The plan with this id of the shop's; `lock` holds the row until the transaction ends."""
    rows = MembershipPlan.objects.filter(reference=reference)
    return (rows.select_for_update(no_key=True) if lock else rows).first()


def plans_page(*, after: str | None, limit: int) -> list[MembershipPlan]:
    """The next plans by id, one more than `limit`."""
    rows = MembershipPlan.objects.order_by("reference")
    if after is not None:
        rows = rows.filter(reference__gt=after)
    return list(rows[: limit + 1])


def plans_named(references: Collection[str]) -> list[MembershipPlan]:
    """Those of the plans that there are."""
    return list(MembershipPlan.objects.filter(reference__in=references)) if references else []


def terms_of(plan: MembershipPlan) -> PlanTerms:
    """The plan as `PUT` takes it."""
    told = {name: getattr(plan, name) for name in PlanTerms.__struct_fields__}
    return msgspec.convert(told, PlanTerms)


def membership_of(*, customer_key: int, plan: str) -> Membership | None:
    """The customer's membership of this plan, whenever it was or will be."""
    rows = Membership.objects.filter(customer_id=customer_key, plan__reference=plan)
    return rows.select_related("plan").first()


def has_memberships(*, customer_key: int) -> bool:
    """Whether the customer is, was or will be a member of anything."""
    return Membership.objects.filter(customer_id=customer_key).exists()


def memberships(
    *, customer_key: int, at: datetime, with_upcoming: bool = False
) -> list[Membership]:
    """The memberships that the customer has at this instant, by plan, each with its plan."""
    wanted = _standing("active", at)
    if with_upcoming:
        wanted |= _standing("upcoming", at)
    return list(_of(customer_key).filter(wanted))


def memberships_page(
    *, customer_key: int, status: Status | None, now: datetime, after: str | None, limit: int
) -> list[Membership]:
    """The next of the customer's memberships by plan, one more than `limit`."""
    rows = _of(customer_key)
    if status is not None:
        rows = rows.filter(_standing(status, now))
    if after is not None:
        rows = rows.filter(plan__reference__gt=after)
    return list(rows[: limit + 1])


def _of(customer_key: int) -> "QuerySet[Membership]":
    rows = Membership.objects.filter(customer_id=customer_key)
    return rows.select_related("plan").order_by("plan__reference")


def _standing(status: Status, at: datetime) -> Any:
    """The condition in SQL for what `customers.domain.memberships.status_at` says."""
    ended = Q(ends_at__lte=at) | Q(ends_at__lte=F("starts_at"))
    match status:
        case "ended":
            return ended
        case "active":
            return Q(starts_at__lte=at) & (Q(ends_at__isnull=True) | Q(ends_at__gt=at))
        case "upcoming":
            return Q(starts_at__gt=at) & (Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")))
