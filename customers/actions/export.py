"""Acts: export a customer's data, which leaves a trace."""

from collections.abc import Iterator
from datetime import datetime

from customers.models import Customer
from customers.queries.personal_data import export_of
from journal.actions import record_audit


def export_customer(customer: Customer, *, actor: str, now: datetime) -> Iterator[bytes]:
    """Everything that is held of the customer as JSON, a piece at a time; noted before it is read."""
    record_audit(
        actor=actor, action="customer.exported", subject_kind="customer",
        subject_id=str(customer.pk), now=now,
    )  # fmt: skip
    return export_of(customer, now=now)
