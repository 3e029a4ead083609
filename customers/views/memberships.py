"""Membership plans and memberships over REST."""

from typing import Any

from access.authentication import once
from common.answers import Answer, answer, etag_of
from common.api.bodies import convert
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf, cursor_of, limit_of, page
from common.api.paths import known_id_in_path, new_id_in_path
from common.errors import NotFound
from common.merge import merge_patch
from customers.actions import memberships, plans
from customers.domain.memberships import Status
from customers.models import Membership, MembershipPlan
from customers.queries.memberships import (
    membership_of,
    memberships_page,
    plan_by_reference,
    plans_page,
)
from customers.queries.people import customer_by_reference
from customers.serializers.memberships import (
    MembershipPlanResponse,
    MembershipResponse,
    PutMembershipPlanRequest,
    PutMembershipRequest,
    membership_response,
    plan_request,
    plan_response,
)


class MembershipPlansView(Endpoint):
    """All membership plans."""

    scope = "customers"

    @operation(
        "List membership plans by id",
        query=PAGE_QUERY,
        answers={200: PageOf[MembershipPlanResponse]},
    )
    def get(self, call: Call) -> Answer:
        rows = plans_page(after=cursor_of(call), limit=limit_of(call.query))
        shown = page(rows, call=call, key=lambda row: row.reference, show=plan_response)
        return answer(200, shown)


class MembershipPlanView(Endpoint):
    """One membership plan."""

    scope = "customers"

    @operation(
        "Read a membership plan", answers={200: MembershipPlanResponse}, problems=["not_found"]
    )
    def get(self, call: Call, *, plan_id: str) -> Answer:
        plan = plan_by_reference(known_id_in_path(plan_id))
        if plan is None:
            raise NotFound("There is no such membership plan.")
        return _shown_plan(plan)

    @operation(
        "Create a membership plan, or replace what it is",
        body=PutMembershipPlanRequest,
        answers={200: MembershipPlanResponse, 201: MembershipPlanResponse},
        problems=["precondition_failed"],
        description="Memberships stay as they are: what members pay is between them and the shop.",
    )
    def put(self, call: Call, *, plan_id: str) -> Answer:
        new_id_in_path("plan_id", plan_id)
        return once(call, lambda: _put_plan(call, plan_id, call.body))

    @operation(
        "Change a membership plan",
        body=PutMembershipPlanRequest,
        is_patch=True,
        answers={200: MembershipPlanResponse},
        problems=["not_found", "precondition_failed"],
    )
    def patch(self, call: Call, *, plan_id: str) -> Answer:
        known_id_in_path(plan_id)

        def act() -> Answer:
            merged = merge_patch(plan_request(plans.lock_plan(plan_id)), call.body)
            return _put_plan(call, plan_id, convert(merged, PutMembershipPlanRequest))

        return once(call, act)

    @operation(
        "Delete a membership plan that nothing names",
        answers={204: None},
        problems=["not_found", "in_use", "precondition_failed"],
        description="One that somebody is or was a member of stays.",
    )
    def delete(self, call: Call, *, plan_id: str) -> Answer:
        known_id_in_path(plan_id)

        def act() -> Answer:
            plans.delete_plan(
                reference=plan_id, if_match=call.if_match, actor=call.caller.actor, now=call.now
            )
            return answer(204)

        return once(call, act)


class MembershipsView(Endpoint):
    """A customer's memberships."""

    scope = "customers"

    @operation(
        "List a customer's memberships by plan",
        query={"status": Status, **PAGE_QUERY},
        answers={200: PageOf[MembershipResponse]},
        problems=["not_found"],
    )
    def get(self, call: Call, *, customer_id: str) -> Answer:
        rows = memberships_page(
            customer_key=_customer_key(customer_id),
            status=call.query.get("status"),
            now=call.now,
            after=cursor_of(call),
            limit=limit_of(call.query),
        )
        shown = page(
            rows,
            call=call,
            key=lambda row: row.plan.reference,
            show=lambda row: membership_response(row, now=call.now),
        )
        return answer(200, shown)


class MembershipView(Endpoint):
    """A customer's membership of one plan."""

    scope = "customers"

    @operation(
        "Read a customer's membership", answers={200: MembershipResponse}, problems=["not_found"]
    )
    def get(self, call: Call, *, customer_id: str, plan_id: str) -> Answer:
        key = _customer_key(customer_id)
        membership = membership_of(customer_key=key, plan=known_id_in_path(plan_id))
        if membership is None:
            raise NotFound("There is no such membership.")
        return _shown(call, membership)

    @operation(
        "Record a membership, or replace its period",
        body=PutMembershipRequest,
        answers={200: MembershipResponse, 201: MembershipResponse},
        problems=["not_found", "precondition_failed"],
        description=(
            "The shop has collected the fee; here it says from when to when that holds. "
            "`ends_at` null is open."
        ),
    )
    def put(self, call: Call, *, customer_id: str, plan_id: str) -> Answer:
        known_id_in_path(customer_id)
        known_id_in_path(plan_id)
        return once(call, lambda: _put(call, customer_id, plan_id, call.body))

    @operation(
        "Change the period of a membership",
        body=PutMembershipRequest,
        is_patch=True,
        answers={200: MembershipResponse},
        problems=["not_found", "precondition_failed"],
    )
    def patch(self, call: Call, *, customer_id: str, plan_id: str) -> Answer:
        known_id_in_path(customer_id)
        known_id_in_path(plan_id)

        def act() -> Answer:
            known = memberships.lock_membership(customer=customer_id, plan=plan_id)
            current = {
                "starts_at": known.starts_at.isoformat(),
                "ends_at": known.ends_at.isoformat() if known.ends_at else None,
            }
            merged = merge_patch(current, call.body)
            return _put(call, customer_id, plan_id, convert(merged, PutMembershipRequest))

        return once(call, act)

    @operation(
        "End a membership",
        answers={204: None},
        problems=["not_found", "precondition_failed"],
        description="At once. It stays on record; one that has ended stays as it is.",
    )
    def delete(self, call: Call, *, customer_id: str, plan_id: str) -> Answer:
        known_id_in_path(customer_id)
        known_id_in_path(plan_id)

        def act() -> Answer:
            memberships.end_membership(
                customer=customer_id,
                plan=plan_id,
                if_match=call.if_match,
                actor=call.caller.actor,
                now=call.now,
            )
            return answer(204)

        return once(call, act)


def _customer_key(reference: str) -> int:
    customer = customer_by_reference(known_id_in_path(reference))
    if customer is None:
        raise NotFound("There is no such customer.")
    return customer.pk


def _put_plan(call: Call, plan_id: str, terms: PutMembershipPlanRequest) -> Answer:
    written = plans.put_plan(
        reference=plan_id,
        terms=terms,
        if_match=call.if_match,
        actor=call.caller.actor,
        now=call.now,
    )
    return _shown_plan(written.plan, status=201 if written.created else 200)


def _shown_plan(plan: MembershipPlan, *, status: int = 200) -> Answer:
    content: Any = plan_response(plan)
    return answer(status, content, etag=etag_of(plan.pk, plan.revision))


def _put(call: Call, customer_id: str, plan_id: str, period: PutMembershipRequest) -> Answer:
    written = memberships.put_membership(
        customer=customer_id,
        plan=plan_id,
        period=period,
        if_match=call.if_match,
        actor=call.caller.actor,
        now=call.now,
    )
    return _shown(call, written.membership, status=201 if written.created else 200)


def _shown(call: Call, membership: Membership, *, status: int = 200) -> Answer:
    content = membership_response(membership, now=call.now)
    return answer(status, content, etag=etag_of(membership.pk, membership.revision))
