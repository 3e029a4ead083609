"""Reads: people and what they agreed to."""

from collections.abc import Sequence

from django.db.models import QuerySet

from customers.models import Consent, ConsentRecord, Customer


def customer_by_reference(reference: str, *, lock: bool = False) -> Customer | None:
    """The customer with this id of the shop's; `lock` holds the row until the transaction ends."""
    return _locked(Customer.objects.filter(reference=reference), lock=lock).first()


def customer_by_key(customer_key: int) -> Customer | None:
    """The customer with this row, unless they were erased."""
    return Customer.objects.filter(pk=customer_key, erased_at=None).first()


def customer_by_email(email: str) -> Customer | None:
    """The customer with this e-mail address; None where several share it, or nobody has it."""
    found = list(Customer.objects.filter(email__iexact=email)[:2]) if email else []
    return found[0] if len(found) == 1 else None


def customers_by_reference(references: Sequence[str], *, lock: bool = False) -> dict[str, Customer]:
    """Those of the customers that exist, by id; locked in the order of their ids."""
    rows = Customer.objects.filter(reference__in=references).order_by("reference")
    return {customer.reference: customer for customer in _locked(rows, lock=lock)}


def customers_page(*, after: str | None, limit: int) -> list[Customer]:
    """The next customers by id, one more than `limit`."""
    rows = Customer.objects.filter(erased_at__isnull=True).order_by("reference")
    if after is not None:
        rows = rows.filter(reference__gt=after)
    return list(rows[: limit + 1])


def references_of(customer_keys: Sequence[int]) -> dict[int, str]:
    """The shop's ids of customers, by key."""
    return dict(Customer.objects.filter(pk__in=customer_keys).values_list("pk", "reference"))


def ids_in_the_shop(customer_keys: Sequence[int]) -> dict[int, str]:
    """As `references_of`, but of those only who were not erased: the others' pseudonyms lead nowhere."""
    rows = Customer.objects.filter(pk__in=customer_keys, erased_at=None)
    return dict(rows.values_list("pk", "reference"))


def consents_of(customer_key: int) -> list[Consent]:
    """What the customer's history comes to, per channel and purpose."""
    return list(Consent.objects.filter(customer_id=customer_key).order_by("channel", "purpose"))


def consent_history_of(customer_key: int) -> list[ConsentRecord]:
    """Everything that was recorded, oldest first."""
    rows = ConsentRecord.objects.filter(customer_id=customer_key)
    return list(rows.order_by("recorded_at", "id"))


def _locked(rows: "QuerySet[Customer]", *, lock: bool) -> "QuerySet[Customer]":
    # Rows that only refer to the customer need not wait.
    return rows.select_for_update(no_key=True) if lock else rows
