"""Reads: who was erased, and which addresses may not be mailed. Of both only keyed hashes are known."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.conf import settings

from access.domain.keys import keyed_hash
from customers.domain.emails import normalised_email
from customers.domain.reach import SuppressionReason
from customers.models import Erasure, Suppression


def is_suppressed(email: str) -> bool:
    """Whether no mail for marketing may be sent to this address, however it is written."""
    return Suppression.objects.filter(email_hash=email_hash(email)).exists()


def suppressed_hashes(
    emails: Collection[str],
) -> Mapping[bytes, frozenset[SuppressionReason]]:
    """Why each of these addresses gets no mail, by its keyed hash; others are left out. 1 statement."""
    hashes = sorted({email_hash(email) for email in emails})
    found: defaultdict[bytes, set[SuppressionReason]] = defaultdict(set)
    rows = (
        Suppression.objects.filter(email_hash__in=hashes) if hashes else Suppression.objects.none()
    )
    for hashed, reason in rows.values_list("email_hash", "reason"):
        found[bytes(hashed)].add(reason)  # type: ignore[arg-type]  # held by the column's choices
    return {hashed: frozenset(reasons) for hashed, reasons in found.items()}


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
