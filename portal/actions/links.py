"""Acts: make the address of a customer's own pages, and end all that were made."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings

from access.actions.links import end_links, make_link
from common.errors import NotFound
from customers.queries.people import customer_by_reference
from journal.actions import record_audit


class PortalLink(NamedTuple):
    """An address that opens without a key, until `expires_at`."""

    url: str
    expires_at: datetime
    customer_key: int


def make_portal_link(*, customer_id: str, now: datetime) -> PortalLink:
    """The address of a customer's pages, for PORTAL_LINK_DAYS. Writes nothing.

    Raises:
        NotFound
    """
    key = _key_of(customer_id)
    lasts = timedelta(days=settings.PORTAL_LINK_DAYS)
    token, expires_at = make_link(subject_key=key, purpose="account", lasts=lasts, now=now)
    return PortalLink(f"{settings.PUBLIC_URL}/account/{token}", expires_at, key)


def end_portal_links(*, customer_id: str, actor: str, now: datetime) -> None:
    """No address that was made until now opens the customer's pages any more.

    Part of the caller's transaction.

    Raises:
        NotFound
    """
    key = _key_of(customer_id)
    end_links(subject_key=key, purpose="account", now=now)
    record_audit(
        actor=actor, action="portal_links.ended", subject_kind="customer", subject_id=str(key),
        now=now,
    )  # fmt: skip


def _key_of(customer_id: str) -> int:
    customer = customer_by_reference(customer_id)
    if customer is None:
        raise NotFound("There is no such customer.")
    return customer.pk
