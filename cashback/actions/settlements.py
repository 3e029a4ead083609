"""Acts: record what a partner has paid."""

from datetime import datetime
from uuid import UUID

from cashback.actions.opening import open_shop_accounts, partner_accounts
from cashback.models import Account, Partner, Posting, Settlement, Transfer
from common.errors import FieldError, NotFound, ValidationFailed
from common.instants import instant_errors
from journal.actions import record_audit


def settle(
    *,
    settlement_id: UUID,
    partner_id: str,
    currency: str,
    amount: int,
    reference: str,
    received_at: datetime | None = None,
    actor: str,
    now: datetime,
) -> Settlement:
    """The partner has paid so much (minor units) of what is owed; below zero it went back.

    Nothing is refused for being more than is owed: then the shop owes the partner. `received_at` is for
    finance; the books, and so a month's statement, go by `now`. Part of the caller's transaction.

    Raises:
        NotFound: there is no such partner.
        ValidationFailed: the amount is 0, the reference is blank, or the instant is to come.
    """
    _check(amount, reference, received_at, now)
    # Not deleted meanwhile; a partner's payments take turns.
    partner = Partner.objects.select_for_update(no_key=True).filter(reference=partner_id).first()
    if partner is None:
        raise NotFound("There is no such partner.")
    settlement = Settlement.objects.create(
        settlement_id=settlement_id,
        partner=partner,
        currency=currency,
        amount=amount,
        reference=reference,
        received_at=received_at or now,
        actor=actor,
        created_at=now,
    )
    _book(settlement, actor=actor, now=now)
    record_audit(
        actor=actor,
        action="cashback_partner.settled",
        subject_kind="cashback_partner",
        subject_id=partner.reference,
        after={"settlement_id": str(settlement_id), "currency": currency, "amount": amount},
        now=now,
    )
    return settlement


def _book(settlement: Settlement, *, actor: str, now: datetime) -> None:
    """From `settled` to the partner's account, or back: money changed hands outside, and not here."""
    owner = (settlement.partner_id, settlement.currency)
    of_partner = partner_accounts({owner})[owner]
    open_shop_accounts([settlement.currency])
    of_shop = Account.objects.get(
        kind=Account.Kind.SETTLED,
        currency=settlement.currency,
        wallet__isnull=True,
        partner__isnull=True,
    ).pk
    has_paid = settlement.amount > 0
    posting = Posting.objects.create(
        wallet=None,
        kind=Posting.Kind.SETTLE,
        source_kind=Posting.Source.SETTLEMENT,
        source_ref=str(settlement.settlement_id),
        at=now,
        posted_at=now,
        actor=actor,
    )
    Transfer.objects.create(
        posting=posting,
        debit_account_id=of_shop if has_paid else of_partner,
        credit_account_id=of_partner if has_paid else of_shop,
        currency=settlement.currency,
        amount=abs(settlement.amount),
    )


def _check(amount: int, reference: str, received_at: datetime | None, now: datetime) -> None:
    errors = instant_errors({"/received_at": received_at})
    if amount == 0:
        errors.append(FieldError("/amount", "out_of_range", "An amount above or below zero."))
    if not reference.strip():
        errors.append(FieldError("/reference", "required", "What the payment is found by."))
    if not errors and received_at is not None and received_at > now:
        errors.append(FieldError("/received_at", "out_of_range", "This instant is still to come."))
    if errors:
        raise ValidationFailed(errors=errors)
