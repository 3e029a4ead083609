"""What membership plans and memberships look like from outside."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from customers.domain.memberships import (
    MembershipPeriod,
    PlanName,
    PlanTerms,
    Status,
    status_at,
)
from customers.models import Membership, MembershipPlan
from customers.queries.memberships import terms_of


class PutMembershipPlanRequest(PlanTerms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A membership that the shop sells. The shop collects the fee."""


class MembershipPlanResponse(Struct, frozen=True, kw_only=True):
    """A membership plan; the price is that of one period, in minor units."""

    plan_id: str
    name: PlanName
    benefits: dict[str, Any]
    price: int
    currency: str
    period: str


class PutMembershipRequest(MembershipPeriod, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From when to when. A start left out is the instant of the call, or what stands already."""


class MembershipResponse(Struct, frozen=True, kw_only=True):
    """A membership, and how it stands at the instant of the call."""

    plan_id: str
    name: PlanName
    starts_at: datetime
    ends_at: datetime | None
    status: Status


def plan_request(plan: MembershipPlan) -> dict[str, Any]:
    """The plan as `PUT` takes it."""
    return {name: getattr(plan, name) for name in PlanTerms.__struct_fields__}


def plan_response(plan: MembershipPlan) -> MembershipPlanResponse:
    """The plan as an answer."""
    terms = terms_of(plan)
    return MembershipPlanResponse(
        plan_id=plan.reference,
        **{name: getattr(terms, name) for name in PlanTerms.__struct_fields__},
    )


def membership_response(membership: Membership, *, now: datetime) -> MembershipResponse:
    """The membership as an answer."""
    return MembershipResponse(
        plan_id=membership.plan.reference,
        name=terms_of(membership.plan).name,
        starts_at=membership.starts_at,
        ends_at=membership.ends_at,
        status=status_at(membership.starts_at, membership.ends_at, now=now),
    )
