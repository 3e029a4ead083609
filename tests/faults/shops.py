"""A shop with many customers and a campaign that gives each a code."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from customers.models import Consent, Customer
from tests.api import Api
from tests.campaigns.shop import Marketing, at
from tests.campaigns.sink import Sink

CODED = {"en": {"subject": "For you", "body": "Take {{ code }}."}}
CAMPAIGN = "coded"
#: Every so manieth customer wants no mail; of every so manieth no server knows the address: fewer than
#: would have a campaign pause itself.
SILENT_EVERY, AWAY_EVERY = 10, 30


def people(number: int, **fields: Any) -> None:
    """So many customers, of whom most consented."""
    now = timezone.now() - timedelta(days=2)
    made = Customer.objects.bulk_create(
        Customer(reference=f"c{n}", email=address(n), created_at=now, locale="en", **fields)
        for n in range(number)
    )
    Consent.objects.bulk_create(
        Consent(
            customer=each, channel="email", purpose="marketing", state="granted", recorded_at=now
        )
        for n, each in enumerate(made)
        if n % SILENT_EVERY
    )


def address(number: int) -> str:
    """Of the customer."""
    return f"away{number}@example.org" if number % AWAY_EVERY == 1 else f"c{number}@example.org"


def turns_away(recipient: str) -> str | None:
    """As the mail server does it to addresses that do not exist."""
    return "550 5.1.1 no such user" if recipient.startswith("away") else None


def coded_campaign(api: Api, sink: Sink, begins: datetime | None = None, **fields: Any) -> None:
    """Running, due, and with nobody enlisted yet, unless `fields` say otherwise."""
    sink.on_recipient = turns_away
    gift = {
        "name": "Gift", "status": "active", "title": {"en": "Ten percent off"},
        "effect": {"kind": "percentage", "percent": "10", "on": "order"},
    }  # fmt: skip
    assert api.put("/promotions/gift", gift).status == 201
    due = timezone.now() - timedelta(minutes=5)
    shop = Marketing(api)
    shop.campaign(
        CAMPAIGN,
        **{
            "promotion_id": "gift",
            "content": CODED,
            "trigger": {"kind": "once", "at": at(due)},
            **fields,
        },
    )
    shop.start(CAMPAIGN, now=begins or due)


def birthday_of(day: date) -> date:
    """Somebody of age who celebrates on that day."""
    return day.replace(year=day.year - 30)
