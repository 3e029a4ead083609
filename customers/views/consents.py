"""Consents over REST."""

from datetime import datetime

from access.authentication import once
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.paths import known_id_in_path
from common.errors import NotFound
from customers.actions.consents import record_consent
from customers.models import Channel, Purpose
from customers.queries.people import consent_history_of, consents_of, customer_by_reference
from customers.serializers.people import (
    ConsentProofResponse,
    ConsentResponse,
    ConsentsResponse,
    PutConsentRequest,
    consent_proof,
    consent_response,
    consents_response,
)


class ConsentsView(Endpoint):
    """What a customer agreed to."""

    scope = "customers"

    @operation(
        "Read a customer's consents and their history",
        answers={200: ConsentsResponse},
        problems=["not_found"],
    )
    def get(self, call: Call, *, customer_id: str) -> Answer:
        customer = customer_by_reference(known_id_in_path(customer_id))
        if customer is None:
            raise NotFound("There is no such customer.")
        consents = consents_of(customer.pk)
        return answer(200, consents_response(consents, consent_history_of(customer.pk)))


class ConsentProofView(Endpoint):
    """What can be shown of a customer's consents."""

    scope = "customers"

    @operation(
        "Prove a customer's consents",
        answers={200: ConsentProofResponse},
        problems=["not_found"],
        description=(
            "GDPR art. 7: every record with its source, the version of the text and the address that "
            "it came from (cut short where the service took it), and when the service got to know of "
            "it. The history is append-only, held by the database; an erasure blanks the evidence."
        ),
    )
    def get(self, call: Call, *, customer_id: str) -> Answer:
        return answer(200, _proof_of(customer_id, now=call.now))


class ConsentProofPdfView(Endpoint):
    """The same to print."""

    scope = "customers"

    @operation(
        "Prove a customer's consents on paper",
        answers={200: bytes},
        answer_type="application/pdf",
        problems=["not_found"],
        description="What the proof as JSON says, as PDF in the language of `Accept-Language`.",
    )
    def get(self, call: Call, *, customer_id: str) -> Answer:
        # Inside: what draws it takes 16 MB.
        from customers.serializers.consent_sheet import consent_sheet

        content = consent_sheet(_proof_of(customer_id, now=call.now))
        named = f'attachment; filename="consents-{customer_id}.pdf"'
        headers = {"Content-Disposition": named, "Cache-Control": "no-store"}
        return Answer(200, content, headers, content_type="application/pdf")


class ConsentView(Endpoint):
    """One channel and purpose of a customer."""

    scope = "customers"

    @operation(
        "Record what a customer said",
        body=PutConsentRequest,
        answers={200: ConsentResponse, 201: ConsentResponse},
        problems=["not_found"],
        description=(
            "Each call is one more record of the history. The newest by `recorded_at` counts, "
            "however late it arrives; `requested` counts as `none`, and never undoes a grant. For "
            "`email` a request sends a mail that asks for the confirmation (double opt-in), once an "
            "hour at most; its link holds for seven days."
        ),
    )
    def put(self, call: Call, *, customer_id: str, channel: str, purpose: str) -> Answer:
        known_id_in_path(customer_id)
        if channel not in Channel.values or purpose not in Purpose.values:
            raise NotFound("There is no such channel or purpose.")
        told: PutConsentRequest = call.body

        def act() -> Answer:
            consent, created = record_consent(
                customer=customer_id,
                channel=channel,
                purpose=purpose,
                state=told.state,
                source=told.source or "",
                text_version=told.text_version or "",
                ip_address=told.ip_address or "",
                recorded_at=told.recorded_at,
                actor=call.caller.actor,
                now=call.now,
            )
            return answer(201 if created else 200, consent_response(consent))

        return once(call, act)


def _proof_of(customer_id: str, *, now: datetime) -> ConsentProofResponse:
    customer = customer_by_reference(known_id_in_path(customer_id))
    if customer is None:
        raise NotFound("There is no such customer.")
    return consent_proof(customer, now=now)
