"""Acts: a customer asks for a payout at their own page, once however often the form is sent."""

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from uuid import uuid4

import msgspec
from django.conf import settings
from msgspec import Struct

from access.actions import answer_once
from access.domain.keys import keyed_hash
from cashback.actions.errors import CashbackInsufficient
from cashback.actions.payout_requests import request_payout
from cashback.domain.payouts import SepaDestination
from common.answers import Answer, answer
from common.api.call import Call
from common.reasons import Language

_REFUSED = 422
_ID_LENGTH = 32


class AskedPayout(Struct, frozen=True, kw_only=True):
    """What the customer asks for; minor units."""

    customer_id: str
    currency: str
    amount: int
    destination: SepaDestination


class HeldPayout(Struct, frozen=True):
    """What is held for it, and where it will go, masked."""

    amount: int
    currency: str
    masked: str


@dataclass(frozen=True, slots=True)
class _Asker:
    """Whose form it is, as an API key is whose call it is."""

    key_id: str


def new_form(token: str) -> str:
    """What a form of the page with this link carries: which one it is, and that it was made here."""
    form_id = uuid4().hex
    return f"{form_id}.{_mac(form_id, token)}"


def is_form_of(form: str, token: str) -> bool:
    """Whether the form was made for the page with this link. No other site knows either of them."""
    form_id, _, mac = form.partition(".")
    return (
        form.isascii() and len(form_id) == _ID_LENGTH and compare_digest(mac, _mac(form_id, token))
    )


def ask_for_payout(
    asked: AskedPayout,
    *,
    customer_key: int,
    form: str,
    language: Language,
    request_id: str,
    now: datetime,
) -> HeldPayout:
    """Hold the money, in a transaction of its own; sent again, the form tells of the same payout.

    Raises:
        CashbackInsufficient, ValidationFailed
        IdempotencyKeyReused: the form was sent before, and said something else.
        RequestInProgress
    """
    actor = f"customer:{customer_key}"

    def act() -> Answer:
        payout = request_payout(
            customer_id=asked.customer_id,
            currency=asked.currency,
            amount=asked.amount,
            destination=asked.destination,
            actor=actor,
            now=now,
        )
        held = HeldPayout(payout.amount, asked.currency, payout.masked)
        return answer(201, held, about=customer_key)

    call = Call(
        body=None,
        raw=msgspec.json.encode(asked),
        query={},
        now=now,
        at_given=False,
        caller=_Asker(actor),
        language=language,
        request_id=request_id,
        method="POST",
        path="/account/payouts",
        if_match=None,
        idempotency_key=form,
        key_rule="required",
    )
    made = answer_once(call, act, refuse=lambda _error: Answer(_REFUSED, b"{}"))
    if made.status == _REFUSED:
        raise CashbackInsufficient
    return msgspec.json.decode(made.body, type=HeldPayout)


def _mac(form_id: str, token: str) -> str:
    return keyed_hash(
        f"{form_id}\n{token}", secret=settings.SECRET_KEY, purpose="payout-form"
    ).hex()
