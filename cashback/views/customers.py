"""What a customer has, and their statement."""

from typing import Annotated

from msgspec import Meta

from cashback.actions.statement import statement
from cashback.queries.balances import balances
from cashback.serializers.customers import (
    CashbackEntryResponse,
    CustomerCashbackResponse,
    entry_response,
)
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf, cursor_of, limit_of, page
from common.api.paths import known_id_in_path
from common.errors import NotFound
from common.fields import Currency
from customers.queries.people import customer_by_reference

_Key = Annotated[int, Meta(ge=0, le=2**62)]


class CustomerCashbackView(Endpoint):
    """A customer's balances."""

    scope = "cashback"

    @operation(
        "What a customer has of cashback, by currency",
        answers={200: CustomerCashbackResponse},
        problems=["not_found"],
        description=(
            "As of this instant, whether or not what is due has been booked: what has matured is "
            "`available`, what has expired is gone, what a hold kept until now is back. `expiring` sums to "
            "`available`; cashback is spent in that order. `debt` is repaid by whatever comes in next, "
            "never from money. Nothing is written by this call."
        ),
    )
    def get(self, call: Call, *, customer_id: str) -> Answer:
        key = _customer_key(customer_id)
        return answer(200, CustomerCashbackResponse(balances(customer_key=key, at=call.now)))


class CashbackEntriesView(Endpoint):
    """A customer's statement."""

    scope = "cashback"

    @operation(
        "A customer's cashback statement, newest first",
        query={"currency": Currency, **PAGE_QUERY},
        answers={200: PageOf[CashbackEntryResponse]},
        problems=["not_found"],
        description=(
            "One entry for each account that an event moved money in or out of: what became available left "
            "`pending`, so both are told. Of one `currency`, or of all. What is due is booked before it is "
            "told, so the first entry's `balance_after` is the balance of that account."
        ),
    )
    def get(self, call: Call, *, customer_id: str) -> Answer:
        rows = statement(
            customer_key=_customer_key(customer_id),
            currency=call.query.get("currency"),
            after=cursor_of(call, tuple[_Key, _Key]),
            limit=limit_of(call.query) + 1,
            now=call.now,
        )
        shown = page(
            rows,
            call=call,
            key=lambda row: (row.entry.posting_key, row.entry.place),
            show=entry_response,
        )
        return answer(200, shown)


def _customer_key(reference: str) -> int:
    customer = customer_by_reference(known_id_in_path(reference))
    if customer is None:
        raise NotFound("There is no such customer.")
    return customer.pk
