"""Reads: who was erased, and which addresses may not be mailed. Of both only keyed hashes are known."""

from django.conf import settings

from access.domain.keys import keyed_hash
from customers.domain.emails import normalised_email
from customers.models import Erasure, Suppression


def is_suppressed(email: str) -> bool:
    """Whether no mail may be sent to this address, however it is written."""
    return Suppression.objects.filter(email_hash=email_hash(email)).exists()


def email_hash(email: str) -> bytes:
    """An address as suppression remembers it."""
    return keyed_hash(normalised_email(email), secret=settings.SECRET_KEY, purpose="suppression")


def latest_erasure(reference: str) -> Erasure | None:
    """The latest erasure of whoever had this id of the shop's."""
    rows = Erasure.objects.filter(reference_hash=reference_hash(reference))
    return rows.order_by("-erased_at", "-id").first()


def reference_hash(reference: str) -> bytes:
    """An id of the shop's as its erasure remembers it."""
    return keyed_hash(reference, secret=settings.SECRET_KEY, purpose="erased-customer")
