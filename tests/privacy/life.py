"""One customer's whole life in the shop, with values that would be recognised anywhere."""

import base64
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import msgspec
from django.db import connection

from campaigns.actions.running import enlist_all
from campaigns.models import Delivery, Response
from cashback.actions.adjust import adjust
from cashback.actions.holds import hold
from cashback.actions.payout_requests import reject, request_payout
from cashback.domain.payouts import SepaDestination
from customers.actions.preferences import set_contact_preference
from customers.actions.refresh import FRESH_FOR, refresh_due
from customers.models import Customer
from journal.models import OutboxEvent, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from tests.api import NOON, Api, Got, make_key

CUSTOMER = "ada-planted-4711"
EMAIL = "Ada.Planted@Example.org"
#: What leads to the person, wherever it is kept.
PLANTED = {
    "customer id": CUSTOMER,
    "e-mail": EMAIL,
    "first name": "Adaplanted",
    "last name": "Jürgensen-Planted",
    "phone": "+49 30 98765017",
    "birth date": "1987-03-29",
    "gender": "gender-planted",
    "postal code": "P-10999",
    "city": "Plantedstadt",
    "an attribute's name": "shoe_size_planted",
    "an attribute": "thirty-nine-planted",
    "an entry of an attribute": "darjeeling-planted",
    "where consent was given": "newsletter-form-planted",
    "to which text": "text-v7-planted",
    "from which address": "203.0.113.77",
    "an event's id": "event-planted-1",
    "an event's name": "searched_planted",
    "a property's name": "query_planted",
    "a property": "birthday present planted",
    "where the parcel is": "https://parcel.example/track/planted-1",
    "the address of the cart": "198.51.100.177",
    "what was typed as a code": "TYPEDPLANTED1",
    "why staff gave cashback": "sorry for the broken pot, Ada (planted)",
    "where a payout goes": "DE02120300000000202051",
    "whose account that is": "Augusta Planted-King",
    "why a payout was rejected": "not her own account (planted)",
    "what a receiver answered": "thanks, we mail her at once (planted)",
}
PROFILE = {
    "email": EMAIL, "first_name": PLANTED["first name"], "last_name": PLANTED["last name"],
    "phone": PLANTED["phone"], "birth_date": PLANTED["birth date"], "gender": PLANTED["gender"],
    "postal_code": PLANTED["postal code"], "city": PLANTED["city"], "country": "DE",
    "locale": "de", "timezone": "Europe/Berlin", "registered_at": "2026-01-05T09:00:00+01:00",
    "attributes": {
        PLANTED["an attribute's name"]: PLANTED["an attribute"],
        "interests": ["tea", PLANTED["an entry of an attribute"]],
    },
}  # fmt: skip
LINE = {"line_id": "1", "sku": "TEA-1", "categories": ["tea"], "quantity": 2, "unit_price": 1500}
THREE_OFF = {"kind": "fixed_amount", "amount": 300}
AT = NOON.isoformat()


def live(api: Api) -> None:
    """Everything that the service can be told of a customer, told of this one, at noon."""
    _offers(api)
    path = f"/customers/{CUSTOMER}"
    # Somebody with the same address was erased before.
    api.put("/customers/earlier", {"email": EMAIL})
    _good(api.post("/customers/earlier/erase", {"at": AT}))
    _good(api.put(path, PROFILE))
    _good(
        api.put(
            f"{path}/consents/email/marketing",
            {
                "state": "granted",
                "source": PLANTED["where consent was given"],
                "text_version": PLANTED["to which text"],
                "ip_address": PLANTED["from which address"],
            },
        )
    )
    set_contact_preference(
        customer_key=Customer.objects.get(reference=CUSTOMER).pk,
        most_per_days=7,
        paused_until=None,
        now=NOON,
    )
    event = {
        "event_id": PLANTED["an event's id"], "customer_id": CUSTOMER,
        "name": PLANTED["an event's name"], "occurred_at": AT,
        "properties": {PLANTED["a property's name"]: [PLANTED["a property"]]},
    }  # fmt: skip
    _good(api.post("/events", {"events": [event], "at": AT}))
    _good(api.put(f"{path}/memberships/club", {"at": AT}))
    _good(api.put("/segments/regulars/members", {"customer_ids": ["bob", CUSTOMER]}))
    own = {"code": "ADASOWN1", "customer_id": CUSTOMER, "max_redemptions": 5}
    _good(api.post("/promotions/tea/codes", own))
    _good(api.post(f"{path}/portal-links", {"at": AT}))
    _good(api.call("DELETE", f"{path}/portal-links", {"at": AT}))
    _buy(api)
    refresh_due(now=NOON + FRESH_FOR)
    _be_told_of(api)
    _be_given_cashback()
    _be_written_to(api)


def _be_written_to(api: Api) -> None:
    """A campaign that is to reach everybody, enlisted and not sent yet; and it was opened, as if it were."""
    shape = {
        "name": "Hello", "trigger": {"kind": "once", "at": AT},
        "content": {"en": {"subject": "Hello", "body": "Good to have you."}},
    }  # fmt: skip
    _good(api.put("/campaigns/hello", shape))
    second = Api(make_key(name="second"))
    for caller, act in ((api, "submit"), (second, "approve"), (second, "schedule")):
        _good(caller.post(f"/campaigns/hello/{act}", {"at": AT}))
    enlist_all(now=NOON, wall=lambda: NOON)
    delivery = Delivery.objects.get(customer__reference=CUSTOMER)
    Response.objects.create(delivery=delivery, kind="open", agent="human", at=NOON)


def _offers(api: Api) -> None:
    api.put("/customers/bob", {})
    api.put("/segments/regulars", {"name": "Regulars"})
    buyers = {"field": "orders.count", "op": "gte", "value": 1}
    _good(
        api.put("/segments/buyers", {"name": "Buyers", "kind": "dynamic", "rule": buyers, "at": AT})
    )
    plan = {"name": {"en": "Club"}, "price": 4900, "currency": "EUR", "period": "year"}
    api.put("/membership-plans/club", plan)
    shape = {"name": "Tea", "status": "active", "currency": "EUR", "effect": THREE_OFF}
    limits = {"redemptions": 10, "per_customer": 5, "discount_budget": 3000}
    _good(api.put("/promotions/tea", {**shape, "limits": limits}))
    _good(api.post("/promotions/tea/codes", {"code": "SHARED1"}))


def _buy(api: Api) -> None:
    """Orders with and without a redemption, a return, holds, refusals."""
    _good(api.put("/orders/o1", order(tracking_url=PLANTED["where the parcel is"])))
    _good(api.post("/checkout/redemptions", {**cart("SHARED1"), "order_id": "o2"}))
    back = {"return_id": "r1", "lines": [{"line_id": "1", "quantity": 1}], "at": AT}
    _good(api.post("/orders/o2/returns", back))
    held = _good(api.post("/checkout/reservations", cart("ADASOWN1")))
    redeemed = {"reservation_id": held["reservation_id"], "order_id": "o3", "at": AT}
    _good(api.post("/checkout/redemptions", redeemed))
    _good(api.post("/checkout/reservations", cart("ADASOWN1", ttl_seconds=86_400)))
    wrong = cart(PLANTED["what was typed as a code"])
    assert api.post("/checkout/reservations", wrong).status == 422
    _good(api.post("/checkout/validate", cart("SHARED1")))
    _good(api.post("/checkout/validate", wrong, idempotency_key=None))


def _be_told_of(api: Api) -> None:
    """A webhook whose receiver was talkative, as a sender records it: it sends what is committed."""
    body = {"url": "https://crm.example/", "event_types": ["redemption.created"]}
    _good(api.put("/webhook-endpoints/crm", body))
    delivery = WebhookDelivery.objects.create(
        endpoint=WebhookEndpoint.objects.get(), state="delivered", attempts=1, due_at=NOON,
        event=OutboxEvent.objects.filter(type="redemption.created").earliest("pk"),
        give_up_at=NOON, finished_at=NOON,
    )  # fmt: skip
    WebhookAttempt.objects.create(
        delivery=delivery, number=1, at=NOON, status_code=200, milliseconds=20,
        answer=PLANTED["what a receiver answered"],
    )  # fmt: skip


def _be_given_cashback() -> None:
    customer = Customer.objects.get(reference=CUSTOMER).pk
    adjust(
        adjustment_id=uuid4(), customer_key=customer, currency="EUR", amount=500,
        reason=PLANTED["why staff gave cashback"], actor="staff:1", now=NOON,
    )  # fmt: skip
    hold(customer_key=customer, currency="EUR", amount=200, reference=uuid4(), now=NOON)
    account = SepaDestination(
        iban=PLANTED["where a payout goes"], name=PLANTED["whose account that is"]
    )
    payout = request_payout(
        customer_id=CUSTOMER, currency="EUR", amount=100, destination=account, actor="key:1",
        now=NOON,
    )  # fmt: skip
    why = PLANTED["why a payout was rejected"]
    reject(payout_id=payout.pk, reason=why, actor="staff:1", now=NOON)


def order(**more: Any) -> dict[str, Any]:
    """A shipped order of two packets of tea."""
    return {
        "customer_id": CUSTOMER, "currency": "EUR", "status": "shipped", "placed_at": AT,
        "lines": [LINE], "at": AT, **more,
    }  # fmt: skip


def cart(*codes: str, **more: Any) -> dict[str, Any]:
    """Two packets of tea with the codes given."""
    return {
        "customer_id": CUSTOMER, "currency": "EUR", "lines": [LINE], "codes": list(codes),
        "client_ip": PLANTED["the address of the cart"], "at": AT, **more,
    }  # fmt: skip


def _good(got: Got) -> Got:
    assert got.status < 300, got
    return got


def found_in(dump: bytes) -> dict[str, list[str]]:
    """Which planted values are in the dump, each with the ways in which it is written there."""
    lower = dump.lower()
    found = {}
    for name, value in PLANTED.items():
        ways = [way for way, text in _ways(value) if text.lower() in lower]
        if ways:
            found[name] = ways
    return found


def _ways(value: str) -> Iterator[tuple[str, bytes]]:
    raw = value.encode()
    yield "plain, in whatever case", raw
    yield "hex", raw.hex().encode()
    # Wherever it begins within other bytes: base64 knows three places.
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + raw)
        yield f"base64 at {before}", coded[(0, 2, 3)[before] : -4]
    yield "base64 of the lower case", base64.b64encode(raw.lower()).rstrip(b"=")
    yield "JSON", msgspec.json.encode(value)[1:-1]


def dump() -> bytes:
    """All rows of all tables as text, each with the name of its table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class AS c"
            " JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
            " ORDER BY 1"
        )
        return b"".join(table_dump(table) for (table,) in cursor.fetchall())


def table_dump(table: str) -> bytes:
    """The rows of one table as text, each line with the table's name."""
    pieces = _Pieces()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} TO STDOUT", pieces)
    return b"".join(table.encode() + b"\t" + line + b"\n" for line in pieces.lines())


class _Pieces:
    """A file that is written to and remembers."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._written.append(bytes(piece))
        return len(piece)

    def lines(self) -> list[bytes]:
        return b"".join(self._written).splitlines()
