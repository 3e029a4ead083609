"""Payouts in a few words, over HTTP, for tests."""

from datetime import datetime
from typing import Any
from uuid import UUID

from common.ids import parse_public_id
from journal.models import AuditEntry, OutboxEvent
from tests.api import NOON, Api, Got

PAYOUTS = "/cashback/payouts"
FILES = "/cashback/sepa-files"
IBAN = "DE89370400440532013000"
MASKED = "DE****************3000"
BANK = {"kind": "sepa", "iban": IBAN, "name": "Ada Lovelace"}
STRIPE = {"kind": "stripe", "account": "acct_1032D82eZvKYlo2C"}


def asked(**changes: Any) -> dict[str, Any]:
    """The body of a request for 5.00."""
    return {
        "customer_id": "ada", "currency": "EUR", "amount": 500, "destination": BANK,
        "at": NOON.isoformat(), **changes,
    }  # fmt: skip


def ask(clerk: Api, **changes: Any) -> str:
    """Ask for a payout of 5.00; its id."""
    got = clerk.post(PAYOUTS, asked(**changes))
    assert got.status == 202, got
    return got["payout_id"]


def act(api: Api, payout_id: str, verb: str, *, at: datetime = NOON, **body: Any) -> Got:
    """`approve`, `reject`, `paid` or `failed`."""
    if verb in {"reject", "failed"}:
        body = {"reason": "so it is"} | body
    return api.post(f"{PAYOUTS}/{payout_id}/{verb}", {**body, "at": at.isoformat()})


def make_file(api: Api, *, at: datetime = NOON, **body: Any) -> Got:
    return api.post(FILES, {**body, "at": at.isoformat()})


def key_of(payout_id: str) -> UUID:
    key = parse_public_id("pay", payout_id)
    assert key is not None
    return key


def told() -> list[tuple[str, int]]:
    """Events of payouts, in order, each with its amount."""
    rows = OutboxEvent.objects.order_by("id").filter(type__startswith="payout.")
    return [(row.type.removeprefix("payout."), row.payload["amount"]) for row in rows]


def trail(payout_id: str) -> list[str]:
    """What the audit trail says was done with it, in order."""
    rows = AuditEntry.objects.filter(subject_kind="payout", subject_id=payout_id).order_by("id")
    return [row.action.removeprefix("payout.") for row in rows]
