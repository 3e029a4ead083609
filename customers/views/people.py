"""Customers over REST."""

from typing import Any

import msgspec

from access.authentication import once
from common.answers import Answer, answer, etag_of
from common.api.batches import RowsResponse, read_rows, told_errors
from common.api.bodies import convert
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf, cursor_of, limit_of, page
from common.api.paths import known_id_in_path, new_id_in_path
from common.errors import NotFound
from common.merge import merge_patch
from customers.actions import people
from customers.domain.people import Profile, profile_errors
from customers.models import Customer
from customers.queries.people import customer_by_reference, customers_page
from customers.serializers.people import (
    BatchCustomer,
    CustomerResponse,
    ImportCustomersRequest,
    PutCustomerRequest,
    customer_response,
    profile_of,
)


class CustomersView(Endpoint):
    """All customers."""

    scope = "customers"

    @operation("List customers by id", query=PAGE_QUERY, answers={200: PageOf[CustomerResponse]})
    def get(self, call: Call) -> Answer:
        rows = customers_page(after=cursor_of(call), limit=limit_of(call.query))
        shown = page(rows, call=call, key=lambda row: row.reference, show=customer_response)
        return answer(200, shown)


class CustomerView(Endpoint):
    """One customer."""

    scope = "customers"

    @operation("Read a customer", answers={200: CustomerResponse}, problems=["not_found"])
    def get(self, call: Call, *, customer_id: str) -> Answer:
        customer = customer_by_reference(known_id_in_path(customer_id))
        if customer is None:
            raise NotFound("There is no such customer.")
        return _shown(customer)

    @operation(
        "Create a customer, or replace what is known",
        body=PutCustomerRequest,
        answers={200: CustomerResponse, 201: CustomerResponse},
        problems=["precondition_failed"],
    )
    def put(self, call: Call, *, customer_id: str) -> Answer:
        new_id_in_path("customer_id", customer_id)
        return once(call, lambda: _put(call, customer_id, call.body))

    @operation(
        "Change what is known of a customer",
        body=PutCustomerRequest,
        is_patch=True,
        answers={200: CustomerResponse},
        problems=["not_found", "precondition_failed"],
    )
    def patch(self, call: Call, *, customer_id: str) -> Answer:
        known_id_in_path(customer_id)

        def act() -> Answer:
            current = msgspec.to_builtins(profile_of(people.lock_customer(customer_id)))
            merged = merge_patch(current, call.body)
            return _put(call, customer_id, convert(merged, PutCustomerRequest))

        return once(call, act)


class CustomerBatchView(Endpoint):
    """Many customers at once."""

    scope = "customers"

    @operation(
        "Create or replace up to 1,000 customers",
        body=ImportCustomersRequest,
        rows=BatchCustomer,
        answers={200: RowsResponse},
        description="Each good row is applied as `PUT` would; the others are reported.",
    )
    def post(self, call: Call) -> Answer:
        rows = read_rows(
            call.body.customers,
            BatchCustomer,
            id_name="customer_id",
            check=lambda row: profile_errors(row, now=call.now),
        )
        profiles: dict[str, Profile] = {row.customer_id: row for row in rows.good.values()}

        def act() -> Answer:
            written = people.import_customers(
                profiles=profiles, actor=call.caller.actor, now=call.now
            )
            return answer(
                200, RowsResponse(written.created, written.updated, told_errors(rows.errors))
            )

        return once(call, act)


def _put(call: Call, customer_id: str, profile: Profile) -> Answer:
    written = people.put_customer(
        reference=customer_id,
        profile=profile,
        if_match=call.if_match,
        actor=call.caller.actor,
        now=call.now,
    )
    return _shown(written.customer, status=201 if written.created else 200)


def _shown(customer: Customer, *, status: int = 200) -> Answer:
    content: Any = customer_response(customer)
    return answer(status, content, etag=etag_of(customer.pk, customer.revision))
