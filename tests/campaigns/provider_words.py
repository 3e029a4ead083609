"""What Postmark and Mailgun say of messages: payloads of the forms that they document, signed as they sign."""

import base64
import hmac
import json
from datetime import datetime
from typing import Any

from django.test import Client

from campaigns.channels.message import delivery_mark
from tests.api import NOON

SIGNING_KEY = "mailgun-signing-key"
BASIC = "Basic " + base64.b64encode(b"shop:secret").decode()


def postmark(kind: str, delivery_key: int, **more: Any) -> dict[str, Any]:
    """An event of Postmark's: `Delivery`, `SpamComplaint`, or a bounce by its type."""
    shared = {
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483", "Tag": "hello", "MessageStream": "outbound",
        "ServerID": 23, "Metadata": {"delivery": delivery_mark(delivery_key)},
    }  # fmt: skip
    if kind == "Delivery":
        own = {"RecordType": "Delivery", "Recipient": "ada@example.org",
               "DeliveredAt": "2026-03-10T12:00:05Z", "Details": "Test delivery webhook details"}  # fmt: skip
    elif kind == "SubscriptionChange":
        own = {"RecordType": kind, "Recipient": "ada@example.org", "SuppressSending": True,
               "SuppressionReason": "ManualSuppression", "Origin": "Recipient",
               "ChangedAt": "2026-03-10T12:00:30Z"}  # fmt: skip
    else:
        own = {
            "RecordType": "SpamComplaint" if kind == "SpamComplaint" else "Bounce", "ID": 4323372036854775807,
            "Type": kind, "TypeCode": 1, "Name": kind, "Description": "words", "Details": "words",
            "Email": "ada@example.org", "From": "post@tea.example", "BouncedAt": "2026-03-10T12:00:20Z",
            "DumpAvailable": True, "Inactive": True, "CanActivate": True, "Subject": "Hello",
        }  # fmt: skip
    return {**shared, **own, **more}


def mailgun(kind: str, delivery_key: int, *, token: str = "t1", **more: Any) -> dict[str, Any]:
    """An event of Mailgun's, with its block of signature; each retry has another token."""
    timestamp = str(int(NOON.timestamp()) + 20)
    signature = hmac.new(SIGNING_KEY.encode(), f"{timestamp}{token}".encode(), "sha256").hexdigest()
    data = {
        "event": kind, "id": "Ase7i2zsRYeDXztHGENqRA", "timestamp": NOON.timestamp() + 20,
        "recipient": "ada@example.org", "recipient-domain": "example.org", "tags": ["hello"],
        "user-variables": {"delivery": delivery_mark(delivery_key)}, "log-level": "info",
        "message": {"headers": {"message-id": "x@tea.example", "to": "Ada <ada@example.org>"}},
        "delivery-status": {"code": 250, "message": "OK", "description": ""},
        **more,
    }  # fmt: skip
    return {
        "signature": {"timestamp": timestamp, "token": token, "signature": signature},
        "event-data": data,
    }


def tell(
    name: str, event: Any, *, secret: str | None = BASIC, at: datetime = NOON, raw: bytes = b""
) -> Any:
    """The answer of the service to the provider."""
    headers = {"HTTP_AUTHORIZATION": secret} if secret else {}
    return Client(enforce_csrf_checks=True).generic(
        "POST",
        f"/hooks/mail/{name}?at={at.isoformat().replace('+', '%2B')}",
        raw or json.dumps(event),
        content_type="application/json",
        **headers,
    )
