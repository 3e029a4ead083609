"""Reads: payouts, and the files by which banks are told."""

import logging
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from cashback.domain.payouts import Destination
from cashback.models import Payout, SepaFile
from common.seals import BrokenSeal, unseal

SEALED_FOR = "payout-destination"
FILES_SEALED_FOR = "sepa-file"

logger = logging.getLogger(__name__)

#: What is always true of payouts: their money is where their status says. (What, row, says, counted.)
PAYOUTS_AND_HOLDS = """
    SELECT 'payout ' || payout.id, payout.status || ' ' || payout.amount,
        coalesce(cleared.outcome, held.outcome, CASE WHEN hold.id IS NULL THEN 'nothing held' ELSE 'held' END)
            || ' ' || coalesce(hold.amount, 0)
    FROM cashback_payout AS payout
    LEFT JOIN cashback_hold AS hold ON hold.reference = payout.id AND hold.purpose = 'payout'
    LEFT JOIN cashback_holdoutcome AS held ON held.hold_id = hold.id AND held.stage = 'held'
    LEFT JOIN cashback_holdoutcome AS cleared
        ON cleared.hold_id = hold.id AND cleared.stage = 'clearing'
    WHERE (hold.wallet_id, hold.amount) IS DISTINCT FROM (payout.wallet_id, payout.amount)
        OR concat_ws(' ', held.outcome, cleared.outcome) <> CASE payout.status
            WHEN 'rejected' THEN 'released' WHEN 'submitted' THEN 'submitted'
            WHEN 'paid' THEN 'submitted paid' WHEN 'failed' THEN 'submitted failed' ELSE '' END
    UNION ALL
    SELECT 'sepa file ' || file.id, format('%s payouts, %s', payouts_count, total),
        format('%s payouts, %s', count(payout.id), coalesce(sum(payout.amount), 0))
    FROM cashback_sepafile AS file
    LEFT JOIN cashback_payout AS payout ON payout.sepa_file_id = file.id
    GROUP BY file.id
    HAVING (payouts_count, total) <> (count(payout.id), coalesce(sum(payout.amount), 0))
"""


def payout_by_id(payout_id: UUID) -> Payout | None:
    """The payout with whose it is."""
    return _shown().filter(pk=payout_id).first()


def payouts_page(
    *, status: str | None, customer_id: str | None, after: UUID | None, limit: int
) -> list[Payout]:
    """The next payouts in the order in which they were asked for, one more than `limit`."""
    rows = _shown().order_by("pk")
    if status is not None:
        rows = rows.filter(status=status)
    if customer_id is not None:
        rows = rows.filter(wallet__customer__reference=customer_id)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows[: limit + 1])


def latest_payouts(*, customer_key: int, limit: int) -> list[Payout]:
    """What a customer has asked for, the latest first."""
    return list(_shown().filter(wallet__customer_id=customer_key).order_by("-pk")[:limit])


def sepa_file_by_id(file_id: UUID) -> SepaFile | None:
    """The file."""
    return SepaFile.objects.filter(pk=file_id).first()


def sepa_files_page(*, after: UUID | None, limit: int) -> list[SepaFile]:
    """The next files in the order in which they were made, one more than `limit`."""
    rows = SepaFile.objects.order_by("pk").defer("content")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows[: limit + 1])


def content_of(file: SepaFile) -> bytes | None:
    """What is in the file; None where it is not kept any more.

    Raises:
        BrokenSeal
    """
    sealed = bytes(file.content)
    return unseal(sealed, purpose=FILES_SEALED_FOR) if sealed else None


def destination_of(payout: Payout) -> Destination | None:
    """Where it goes, in full; None where that was erased, or was sealed with another SECRET_KEY."""
    sealed = bytes(payout.destination)
    if not sealed:
        return None
    try:
        opened = unseal(sealed, purpose=SEALED_FOR)
    except BrokenSeal:
        logger.error("the destination of payout %s is sealed with another SECRET_KEY", payout.pk)
        return None
    return msgspec.json.decode(opened, type=Destination)


def _shown() -> "QuerySet[Payout]":
    return Payout.objects.select_related("wallet__customer")
