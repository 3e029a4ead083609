"""The rights of customers over REST: to get all that is held of them, and to be erased."""

from access.authentication import once
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.paths import known_id_in_path
from common.errors import NotFound
from customers.actions.erase import erase_customer
from customers.actions.export import export_customer
from customers.queries.people import customer_by_reference
from customers.serializers.privacy import ErasedResponse, ExportResponse


class ExportView(Endpoint):
    """Everything that is held of a customer."""

    scope = "customers"

    @operation(
        "Export everything that is held of a customer",
        answers={200: ExportResponse},
        problems=["not_found"],
        description=(
            "GDPR art. 15 and 20, in one call: profile, consents with their evidence, events, "
            "memberships, segments, orders with lines and returns, codes, uses, reservations, "
            "redemptions, decisions, kept answers, and what the outbox and the audit trail say. Each "
            "is a list, empty where there is nothing. It is sent as it is read, and noted in the "
            "audit trail."
        ),
    )
    def get(self, call: Call, *, customer_id: str) -> Answer:
        customer = customer_by_reference(known_id_in_path(customer_id))
        if customer is None:
            raise NotFound("There is no such customer.")
        chunks = export_customer(customer, actor=call.caller.actor, now=call.now)
        return Answer(200, b"", chunks=chunks)


class ErasureView(Endpoint):
    """Erase a customer."""

    scope = "customers"

    @operation(
        "Erase a customer",
        answers={200: ErasedResponse},
        problems=["not_found"],
        description=(
            "GDPR art. 17, at once and for good. Profile, addresses, attributes, events, "
            "memberships, consents and their evidence, places in segments, decisions and kept "
            "answers are gone; holds of active reservations are given back, personal codes are "
            "disabled. Orders and redemptions keep their sums under a pseudonym, which they show as "
            "`customer_id`; a later `PUT` of such an order may tell the former `customer_id`, or "
            "none, and changes nothing of that. The e-mail address is suppressed: only a keyed hash "
            "of it is kept, so that it gets no mail even if it is imported again. From then on the "
            "id is not found; a `PUT` of it makes a new customer, who has nothing to do with this "
            "one. Asked again, the answer is the same. Raises the event `customer.erased`."
        ),
    )
    def post(self, call: Call, *, customer_id: str) -> Answer:
        known_id_in_path(customer_id)

        def act() -> Answer:
            done = erase_customer(reference=customer_id, actor=call.caller.actor, now=call.now)
            return answer(200, ErasedResponse(done.erased_at), closing=done.closing)

        return once(call, act)
