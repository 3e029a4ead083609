"""Acts: know by which browsers a customer gets push messages, and forget those that are gone."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import connection

from campaigns.channels.push import is_key_on_curve
from campaigns.domain.push import PushKeys, is_push_service
from campaigns.models import PushSubscription
from common.errors import FieldError, NotFound, ValidationFailed
from customers.queries.people import customer_by_reference

#: Of more the oldest are forgotten: nobody has so many browsers at hand.
MOST = 20
_TURN = "SELECT pg_advisory_xact_lock(hashint8extended(%s, 8))"
# A browser that somebody else signs in with is theirs from then on.
_PUT = """
    INSERT INTO campaigns_pushsubscription (customer_id, reference, endpoint, p256dh, auth, created_at)
    VALUES (%(customer)s, %(reference)s, %(endpoint)s, %(p256dh)s, %(auth)s, %(now)s)
    ON CONFLICT (endpoint) DO UPDATE SET customer_id = excluded.customer_id,
        reference = excluded.reference, p256dh = excluded.p256dh, auth = excluded.auth,
        created_at = CASE WHEN campaigns_pushsubscription.customer_id = excluded.customer_id
            THEN campaigns_pushsubscription.created_at ELSE excluded.created_at END
    RETURNING id
"""


def put_subscription(
    *, customer_id: str, subscription_id: str, endpoint: str, keys: PushKeys, now: datetime
) -> tuple[PushSubscription, bool]:
    """Note a browser of the customer's; whether it is new. Part of the caller's transaction.

    Raises:
        NotFound: there is no such customer.
        ValidationFailed: the endpoint is no push service's, or the key is none.
    """
    customer_key = known_customer(customer_id)
    errors = []
    if not is_push_service(endpoint, settings.PUSH_SERVICES):
        detail = "This is no push service that the shop knows."
        errors.append(FieldError("/endpoint", "not_allowed", detail))
    if not is_key_on_curve(keys.p256dh):
        detail = "A public key on the curve P-256: 87 characters of base64url."
        errors.append(FieldError("/keys/p256dh", "invalid", detail))
    if errors:
        raise ValidationFailed(errors=errors)
    with connection.cursor() as cursor:
        cursor.execute(_TURN, [customer_key])
    own = PushSubscription.objects.filter(customer_id=customer_key)
    was_there = own.filter(reference=subscription_id).exists()
    own.filter(reference=subscription_id).exclude(endpoint=endpoint).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            _PUT,
            {
                "customer": customer_key,
                "reference": subscription_id,
                "endpoint": endpoint,
                "p256dh": keys.p256dh,
                "auth": keys.auth,
                "now": now,
            },
        )
        row = PushSubscription.objects.get(pk=cursor.fetchone()[0])
    newest = own.order_by("-created_at", "-pk").values_list("pk", flat=True)[:MOST]
    own.exclude(pk__in=[*newest, row.pk]).delete()
    return row, not was_there


def delete_subscription(*, customer_id: str, subscription_id: str) -> None:
    """The customer wants no more messages there. Part of the caller's transaction.

    Raises:
        NotFound
    """
    rows = PushSubscription.objects.filter(customer_id=known_customer(customer_id))
    deleted, _ = rows.filter(reference=subscription_id).delete()
    if not deleted:
        raise NotFound("There is no such subscription.")


def forget_subscriptions(keys: Collection[int]) -> None:
    """Forget browsers of which their push service says that there are no more."""
    if keys:
        PushSubscription.objects.filter(pk__in=keys).delete()


def known_customer(customer_id: str) -> int:
    """The customer's key.

    Raises:
        NotFound
    """
    customer = customer_by_reference(customer_id)
    if customer is None:
        raise NotFound("There is no such customer.")
    return customer.pk
