"""The whole shop: the till, and what happens to credit beside it."""

from dataclasses import dataclass, field
from datetime import datetime

from tests.reference.cashback.books import Hold, Refused
from tests.reference.cashback.earning import EXPIRES_AFTER_DAYS
from tests.reference.cashback.instants import end_of_day
from tests.reference.cashback.till import Till
from tests.reference.units import Json

# From which states a step leads to which.
STEPS = {
    "approved": ("requested",),
    # Silent: what a second person has approved is not rejected any more; it is submitted, and may
    # fail.
    "rejected": ("requested",),
    "submitted": ("approved",),
    "paid": ("submitted",),
    "failed": ("submitted",),
}


@dataclass
class Payout:
    """Credit on its way to a bank account."""

    payout_id: str
    hold: Hold
    status: str = "requested"


@dataclass
class Shop(Till):
    """Payouts, adjustments by staff, and what a customer sees."""

    payouts: dict[str, Payout] = field(default_factory=dict)

    def request_payout(
        self,
        *,
        key: str,
        payout_id: str,
        customer_id: str,
        currency: str,
        amount: int,
        at: datetime,
    ) -> Json:
        """ "Held from the request on; more than available: `cashback_insufficient`."""

        def act() -> Json:
            wallet = self.wallet(customer_id, currency)
            if amount > wallet.balance("available"):
                raise Refused("cashback_insufficient")
            hold = self.hold(wallet, amount, event=f"payout:{payout_id}:requested")
            self.payouts[payout_id] = Payout(payout_id, hold)
            return {"status": "requested"}

        return self.once(key, ("payout", customer_id, currency, amount), act, at)

    def move_payout(self, *, key: str, payout_id: str, to: str, at: datetime) -> Json:
        """`to`: approved, rejected, submitted, paid or failed."""

        def act() -> Json:
            payout = self.payouts[payout_id]
            if payout.status not in STEPS[to]:
                raise Refused("state_transition_not_allowed")
            payout.status = to
            event = f"payout:{payout_id}:{to}"
            if to == "submitted":
                self.pass_on(payout.hold, event=event, source="held", target="payout_clearing")
            elif to == "paid":
                self.pass_on(payout.hold, event=event, source="payout_clearing", target="settled")
            elif to == "rejected":
                self.release(payout.hold, event=event)
            elif to == "failed":
                # "Back to available, to the original lots": with their own expiry, as all that was
                # held. Silent on one whose day has passed; only what an order restores gets 30 days.
                self.release(payout.hold, event=event, source="payout_clearing")
            return {"status": to}

        return self.once(key, ("move", payout_id, to), act, at)

    def adjust(
        self,
        *,
        key: str,
        customer_id: str,
        currency: str,
        amount: int,
        expires_at: datetime | None = None,
        at: datetime,
    ) -> Json:
        """ "Adjustment by staff, with reason": a lot of its own, or less of what is available."""

        def act() -> Json:
            wallet = self.wallet(customer_id, currency)
            event = f"adjust:{key}"
            if amount < -wallet.balance("available"):
                raise Refused("cashback_insufficient")
            self.ledger.happens(event)
            if amount < 0:
                wallet.take(-amount, event=event, target="expense", at=self.moment)
            else:
                # Silent: without `expires_at` it lasts as long as what rules give.
                ends = expires_at or end_of_day(self.moment, EXPIRES_AFTER_DAYS, self.shop_zone)
                wallet.grant(amount, expires_at=ends, event=event, at=self.moment)
            return {}

        return self.once(key, ("adjust", customer_id, currency, amount, expires_at), act, at)

    def balances(self, customer_id: str, *, at: datetime) -> dict[str, Json]:
        """By currency, as `GET /customers/{id}/cashback` has them."""
        self.book_due(at)
        return {
            wallet.currency: wallet.shown()
            for wallet in self.wallets.values()
            if wallet.customer_id == customer_id
        }

    def breaches(self) -> list[str]:
        """ "Always true": every line of it that is not."""
        return list(self.ledger.breaches())
