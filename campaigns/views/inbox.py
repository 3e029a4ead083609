"""GET /customers/{customer_id}/inbox."""

from campaigns.queries.inbox import inbox_page
from campaigns.serializers.inbox import InboxMessageResponse, inbox_message_response
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf, cursor_of, limit_of, page
from common.api.paths import known_id_in_path
from common.errors import NotFound
from customers.queries.people import customer_by_reference


class InboxView(Endpoint):
    """What a customer finds in the shop."""

    scope = "customers"

    @operation(
        "The messages in a customer's inbox",
        description=(
            "What campaigns of the channel `in_app` have told the customer, newest first, in the customer's "
            "language, until each one's `expires_at`. Messages of purpose `marketing` come only to whoever "
            "has granted (`in_app`, `marketing`), and are not shown any more once that is withdrawn."
        ),
        query=PAGE_QUERY,
        answers={200: PageOf[InboxMessageResponse]},
        problems=["not_found"],
    )
    def get(self, call: Call, *, customer_id: str) -> Answer:
        customer = customer_by_reference(known_id_in_path(customer_id))
        if customer is None:
            raise NotFound("There is no such customer.")
        rows = inbox_page(
            customer_key=customer.pk,
            after=cursor_of(call, int),
            limit=limit_of(call.query),
            now=call.now,
        )
        shown = page(rows, call=call, key=lambda row: row.pk, show=inbox_message_response)
        return answer(200, shown)
