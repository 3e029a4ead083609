"""Acts: write notes as a provider takes them. They write nothing down."""

import hmac
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from campaigns.actions.addresses import unsubscribe_url
from campaigns.domain.letters.values import RenderFailed
from campaigns.domain.notes.note import Told
from campaigns.domain.notes.sms import phone_number, sms_text
from campaigns.domain.push import LARGEST, push_payload
from campaigns.models import Campaign, Delivery, PushSubscription
from customers.domain.reach import Reachable

#: Push services keep what cannot be shown yet for four weeks at most.
_LONGEST = timedelta(days=28)


def text_of(
    told: Told, person: Reachable, campaign: Campaign, *, delivery_key: int, now: datetime
) -> str:
    """The whole text message; of marketing with the way out."""
    way_out = None
    if campaign.purpose == Campaign.Purpose.MARKETING:
        way_out = settings.SMS_STOP_TEXT or unsubscribe_url(
            customer_key=person.customer_key, delivery_key=delivery_key, now=now
        )
    return sms_text(told, way_out=way_out)


def sms_message(
    told: Told, person: Reachable, campaign: Campaign, *, delivery_key: int, now: datetime
) -> tuple[str, bytes]:
    """The number, and what is sent to the provider.

    Raises:
        ValueError: the customer's phone is no number.
    """
    number = phone_number(person.phone, country=person.country)
    if number is None:
        raise ValueError("no number")
    text = text_of(told, person, campaign, delivery_key=delivery_key, now=now)
    sent = {"to": number, "text": text, "id": message_mark(delivery_key)}
    return number, json.dumps(sent, ensure_ascii=False).encode()


def push_message(
    told: Told, subscriptions: Sequence[PushSubscription], row: Delivery, *, now: datetime
) -> tuple[str, bytes]:
    """How many browsers a customer has, as the recipient, and what is handed over for all of them.

    Raises:
        RenderFailed: it is more than a push service takes ("size").
    """
    payload = push_payload(told, mark=message_mark(row.pk))
    if len(payload) > LARGEST:
        raise RenderFailed("size")
    lasts = _LONGEST if row.expires_at is None else min(row.expires_at - now, _LONGEST)
    sent = {
        "payload": payload.decode(),
        "ttl": max(int(lasts.total_seconds()), 0),
        "subscriptions": [
            {"key": each.pk, "endpoint": each.endpoint, "p256dh": each.p256dh, "auth": each.auth}
            for each in subscriptions
        ],
    }
    return f"{len(subscriptions)} browsers", json.dumps(sent, ensure_ascii=False).encode()


def message_mark(delivery_key: int) -> str:
    """The same for a row whenever it is asked for, and guessed by nobody."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"note:{delivery_key}".encode(), "sha256")
    return f"d{delivery_key}.{digest.hexdigest()[:16]}"
