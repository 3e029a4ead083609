"""What people and consents look like from outside."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from common.api.batches import MAX_ROWS
from common.fields import Instant, IpAddress, ShopId, ShortText
from customers.domain.consents import State
from customers.domain.people import Profile
from customers.models import Consent, ConsentRecord, Customer
from customers.queries.people import consent_history_of, consents_of


class PutCustomerRequest(Profile, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the shop knows of a customer; what is left out is unknown."""


class BatchCustomer(Profile, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of a batch: as in `PUT /customers/{customer_id}`."""

    customer_id: ShopId


class ImportCustomersRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Rows of `BatchCustomer`, each read by itself."""

    customers: Annotated[list[Any], Meta(min_length=1, max_length=MAX_ROWS)]


class CustomerResponse(Struct, frozen=True, kw_only=True):
    """A customer; null is unknown."""

    customer_id: str
    email: str | None
    first_name: str | None
    last_name: str | None
    birth_date: date | None
    gender: str | None
    phone: str | None
    locale: str | None
    timezone: str | None
    country: str | None
    postal_code: str | None
    city: str | None
    registered_at: datetime | None
    attributes: dict[str, Any]
    is_restricted: bool


class PutConsentRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a customer said, and how that can be shown later."""

    state: State
    source: ShortText | None = None
    text_version: ShortText | None = None
    #: The instant of the call, unless told.
    recorded_at: Instant | None = None
    ip_address: IpAddress | None = None


class ConsentResponse(Struct, frozen=True, kw_only=True):
    """The state of one channel and purpose; a request without its confirmation is `none`."""

    channel: str
    purpose: str
    state: Literal["granted", "withdrawn", "none"]
    recorded_at: datetime


class ConsentRecordResponse(Struct, frozen=True, kw_only=True):
    """One record of the history."""

    channel: str
    purpose: str
    state: State
    source: str | None
    text_version: str | None
    ip_address: str | None
    address: Annotated[
        str | None,
        Meta(description="The e-mail address or phone number that we held when we received this."),
    ]
    recorded_at: datetime


class ConsentsResponse(Struct, frozen=True):
    """All that a customer said of consent, and what it comes to; the history is oldest first."""

    consents: list[ConsentResponse]
    history: list[ConsentRecordResponse]


class ProvenRecord(ConsentRecordResponse, frozen=True, kw_only=True):
    """One record, with when the service got to know of it: from then on it cannot be changed."""

    received_at: datetime


class ConsentProofResponse(Struct, frozen=True, kw_only=True):
    """What a customer agreed to and how that is known (GDPR art. 7); the records are oldest first."""

    customer_id: str
    issued_at: datetime
    consents: list[ConsentResponse]
    records: list[ProvenRecord]


def profile_of(customer: Customer) -> Profile:
    """What is known of a customer, as `PUT` takes it."""
    return Profile(
        email=customer.email or None,
        first_name=customer.first_name or None,
        last_name=customer.last_name or None,
        birth_date=customer.birth_date,
        gender=customer.gender or None,
        phone=customer.phone or None,
        locale=customer.locale or None,
        timezone=customer.timezone or None,
        country=customer.country or None,
        postal_code=customer.postal_code or None,
        city=customer.city or None,
        registered_at=customer.registered_at,
        attributes=customer.attributes,
        is_restricted=customer.is_restricted,
    )


def customer_response(customer: Customer) -> CustomerResponse:
    """The customer as an answer."""
    profile = profile_of(customer)
    told = {name: getattr(profile, name) for name in Profile.__struct_fields__}
    return CustomerResponse(customer_id=customer.reference, **told)


def consent_response(consent: Consent) -> ConsentResponse:
    """The consent as an answer."""
    state: Any = "none" if consent.state == "requested" else consent.state
    return ConsentResponse(
        channel=consent.channel,
        purpose=consent.purpose,
        state=state,
        recorded_at=consent.recorded_at,
    )


def consents_response(
    consents: Sequence[Consent], history: Sequence[ConsentRecord]
) -> ConsentsResponse:
    """All consents as an answer."""
    return ConsentsResponse(
        [consent_response(consent) for consent in consents],
        [ConsentRecordResponse(**_told(record)) for record in history],
    )


def consent_proof(customer: Customer, *, now: datetime) -> ConsentProofResponse:
    """All that can be shown of a customer's consents. 2 statements."""
    return ConsentProofResponse(
        customer_id=customer.reference,
        issued_at=now,
        consents=[consent_response(consent) for consent in consents_of(customer.pk)],
        records=[
            ProvenRecord(**_told(record), received_at=record.created_at)
            for record in consent_history_of(customer.pk)
        ],
    )


def _told(record: ConsentRecord) -> dict[str, Any]:
    return {
        "channel": record.channel,
        "purpose": record.purpose,
        "state": record.state,
        "source": record.source or None,
        "text_version": record.text_version or None,
        "ip_address": record.ip_address or None,
        "address": record.address or None,
        "recorded_at": record.recorded_at,
    }
