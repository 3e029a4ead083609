"""Acts: make the addresses that stand in mails. They write nothing."""

from datetime import datetime

from django.conf import settings

from access.actions.marks import make_mark
from campaigns.domain.tracking import key_of_link
from customers.domain.emails import normalised_email


def unsubscribe_url(*, customer_key: int, delivery_key: int = 0, now: datetime) -> str:
    """Where a POST withdraws the customer's consent to marketing by e-mail."""
    token = make_mark(
        customer_key=customer_key, other_key=delivery_key, purpose="unsubscribe", now=now
    )
    return f"{settings.PUBLIC_URL}/u/{token}"


def preferences_url(*, customer_key: int, delivery_key: int = 0, now: datetime) -> str:
    """Where the customer says what they want to hear, and how often."""
    token = make_mark(
        customer_key=customer_key, other_key=delivery_key, purpose="preferences", now=now
    )
    return f"{settings.PUBLIC_URL}/preferences/{token}"


def pixel_url(*, customer_key: int, delivery_key: int, now: datetime) -> str:
    """The picture of nothing by which a mail program tells that a message was opened."""
    token = make_mark(customer_key=customer_key, other_key=delivery_key, purpose="open", now=now)
    return f"{settings.PUBLIC_URL}/t/o/{token}"


def click_url(*, customer_key: int, delivery_key: int, number: int, now: datetime) -> str:
    """By way of us to the campaign's link with this number."""
    token = make_mark(
        customer_key=customer_key,
        other_key=key_of_link(delivery_key, number),
        purpose="click",
        now=now,
    )
    return f"{settings.PUBLIC_URL}/t/c/{token}"


def confirm_url(*, customer_key: int, record_key: int, email: str, now: datetime) -> str:
    """Where whoever reads mail at `email` confirms the request with this record, for seven days.

    Once the customer's address is another one, it opens nothing.
    """
    token = make_mark(
        customer_key=customer_key,
        other_key=record_key,
        purpose="confirm",
        bound_to=normalised_email(email),
        now=now,
    )
    return f"{settings.PUBLIC_URL}/confirm/{token}"
