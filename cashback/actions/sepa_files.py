"""Files of credit transfers: made of approved payouts, handed to the bank by finance, told as paid."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from cashback.actions import payouts
from cashback.actions.payout_outcomes import mark_paid
from cashback.actions.payout_states import Status, TransitionNotAllowed
from cashback.channels.providers import PaymentOrder, check_set_up
from cashback.channels.sepa import write_file
from cashback.models import Payout, SepaFile
from cashback.queries.payouts import FILES_SEALED_FOR, content_of, destination_of
from cashback.queries.shop import shop_zone
from common.errors import NotFound
from common.ids import public_id
from common.seals import BrokenSeal, seal
from journal.actions import record_audit, record_same

#: So many at most in a file: it is made within one call.
MOST = 500
FILES_KEPT_FOR = timedelta(days=90)


def make_sepa_file(*, limit: int = MOST, actor: str, now: datetime) -> SepaFile:
    """Put approved payouts, the first ones first, into a file for the bank: they are submitted by that.

    Part of the caller's transaction. What another file is being made of is passed over.

    Raises:
        ProviderNotSetUp: the settings do not say whose account pays.
        TransitionNotAllowed: none is approved.
    """
    check_set_up("sepa")
    # Locked before their wallets, which are locked in the order of their keys.
    picked = list(
        Payout.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(status=Status.APPROVED, provider=Payout.Provider.SEPA)
        .order_by("pk")[:limit]
    )
    orders = {payout.pk: order for payout in picked if (order := _order(payout))}
    if not orders:
        raise TransitionNotAllowed("No approved payout waits for a file.")
    written = write_file(list(orders.values()), on=now.astimezone(shop_zone()).date())
    file = SepaFile.objects.create(
        message_id=written.message_id,
        payouts_count=len(orders),
        total=sum(order.amount for order in orders.values()),
        content=seal(written.content, purpose=FILES_SEALED_FOR),
        created_by=actor,
        created_at=now,
    )
    _submit([payout for payout in picked if payout.pk in orders], file, actor=actor, now=now)
    _note(file, action="make", actor=actor, now=now, sha256=_digest(written.content))
    return file


def _order(payout: Payout) -> PaymentOrder | None:
    destination = destination_of(payout)
    if destination is None:
        return None  # it was logged; the others need not wait
    return PaymentOrder(payout.pk, payout.amount, "EUR", destination)


def _submit(picked: Sequence[Payout], file: SepaFile, *, actor: str, now: datetime) -> None:
    rows = Payout.objects.filter(pk__in=[payout.pk for payout in picked], status=Status.APPROVED)
    changed = rows.update(status=Status.SUBMITTED, submitted_at=now, sepa_file=file)
    assert changed == len(picked), "their rows are locked, and were approved"
    record_same(
        actor=actor,
        action="payout.submit",
        subject_kind="payout",
        subject_ids=[public_id("pay", payout.pk) for payout in picked],
        after={"status": Status.SUBMITTED, "file": public_id("sep", file.pk)},
        now=now,
    )
    # Last, for as short as may be: whoever spends waits for a wallet that is locked.
    for payout in sorted(picked, key=_turn):
        payouts.submit(reference=payout.pk, now=now)


def _turn(payout: Payout) -> tuple[int, UUID]:
    """Wallets are locked in the order of their keys."""
    return payout.wallet_id, payout.pk


def hand_out(*, file: SepaFile, actor: str, now: datetime) -> bytes:
    """The file as the bank takes it; who had it is in the audit trail.

    Raises:
        NotFound: it is not kept any more, or was sealed with another SECRET_KEY.
    """
    try:
        content = content_of(file)
    except BrokenSeal:
        raise NotFound("The content of this file can no longer be read.") from None
    if content is None:
        raise NotFound("The content of this file is not kept any more.")
    _note(file, action="hand_out", actor=actor, now=now, sha256=_digest(content))
    return content


def mark_file_paid(*, file: SepaFile, actor: str, now: datetime) -> int:
    """The bank has carried out the file: all of it that has not failed is paid; how many that were.

    Repeated, it does nothing. Part of the caller's transaction.
    """
    waiting = _submitted_of(file)
    for payout in waiting:
        mark_paid(payout_id=payout.pk, actor=actor, now=now)
    if waiting:
        _note(file, action="pay", actor=actor, now=now, payouts=len(waiting))
    return len(waiting)


def _submitted_of(file: SepaFile) -> Sequence[Payout]:
    rows = Payout.objects.select_for_update(no_key=True)
    return sorted(rows.filter(sepa_file=file, status=Status.SUBMITTED).order_by("pk"), key=_turn)


def forget_files(*, now: datetime) -> int:
    """Empty files that were made long ago; how many. The payouts themselves stay."""
    return (
        SepaFile.objects.filter(created_at__lt=now - FILES_KEPT_FOR)
        .exclude(content=b"")
        .update(content=b"")
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _note(file: SepaFile, *, action: str, actor: str, now: datetime, **after: object) -> None:
    record_audit(
        actor=actor,
        action=f"sepa_file.{action}",
        subject_kind="sepa_file",
        subject_id=public_id("sep", file.pk),
        after=after,
        now=now,
    )
