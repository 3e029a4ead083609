"""Reads: what a link that asks for a confirmation is about."""

from access.domain.marks import Mark, claimed_mark
from access.queries import opened_mark
from customers.domain.emails import normalised_email
from customers.queries.people import customer_by_key


def opened_confirmation(token: str) -> Mark | None:
    """What the link asks, however old; None where it was changed, or went to another address."""
    claimed = claimed_mark(token)
    customer = customer_by_key(claimed.customer_key) if claimed else None
    if customer is None:
        return None
    return opened_mark(token, purpose="confirm", bound_to=normalised_email(customer.email))
