"""What Stripe's webhooks say of payouts. Repeated, late or in any order they change nothing twice."""

import logging
from datetime import datetime

from django.db import transaction

from cashback.actions.payout_sending import record_declined, record_paid
from cashback.actions.payout_states import Status
from cashback.channels.providers import ReportedTransfer
from cashback.queries.payouts import payout_by_id
from common.ids import parse_public_id

logger = logging.getLogger(__name__)

_TOLD = (Status.SUBMITTED, Status.PAID, Status.FAILED)


def note_transfer(*, transfer: ReportedTransfer, now: datetime) -> bool:
    """Record what has become of a transfer; False where it is none of ours, or not what we asked for."""
    payout_id = parse_public_id("pay", transfer.payout_id)
    with transaction.atomic():
        payout = payout_by_id(payout_id) if payout_id else None
        if payout is None or payout.provider != "stripe" or payout.status not in _TOLD:
            return False
        asked = (payout.amount, payout.wallet.currency)
        if asked != (transfer.amount, transfer.currency):
            logger.error(
                "transfer %s is not what payout %s asks for", transfer.reference, payout.pk
            )
            return False
        if transfer.is_reversed:
            record_declined(
                payout_id=payout.pk, failure="reversed", reference=transfer.reference, now=now
            )
        else:
            record_paid(payout_id=payout.pk, reference=transfer.reference, now=now)
    return True
