"""Every type of event that the service tells the outside: the one list of them.

Whoever adds an event adds its type here; `record_event` takes no other.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class EventType(NamedTuple):
    """What has happened, in both languages, and what `data` of such a message looks like.

    Empty: nothing tells it yet.
    """

    en: str
    de: str
    example: Mapping[str, Any] = {}


_RUN = {
    "promotion_id": "spring",
    "starts_at": "2026-03-10T12:00:00+00:00",
    "ends_at": None,
}
_RED = "red_0199a1b2c3d47e5f8a9b0c1d2e000001"
_PAYOUT = {
    "payout_id": "pay_0199a1b2c3d47e5f8a9b0c1d2e000001",
    "amount": 1500,
    "currency": "EUR",
    "customer_id": "c1",
}

EVENT_TYPES: Mapping[str, EventType] = {
    "promotion.activated": EventType("A promotion has begun.", "Eine Aktion hat begonnen.", _RUN),
    "promotion.ended": EventType("A promotion is over.", "Eine Aktion ist zu Ende.", _RUN),
    "promotion.budget_threshold": EventType(
        "50, 80 or 100 % of a promotion's budget are spent.",
        "50, 80 oder 100 % des Budgets einer Aktion sind ausgegeben.",
        {
            "promotion_id": "spring",
            "percent": 80,
            "budget": 500000,
            "spent": 400120,
            "currency": "EUR",
        },
    ),
    "code.issued": EventType(
        "A code was made, or a whole batch or import of codes.",
        "Ein Code wurde ausgegeben, oder eine ganze Serie oder ein Import von Codes.",
        {"promotion_id": "spring", "code": "SPRING-7KQ2", "customer_id": "c1"},
    ),
    "redemption.created": EventType(
        "Offers were redeemed.",
        "Angebote wurden eingelöst.",
        {
            "redemption_id": _RED,
            "order_id": "o1",
            "discount_total": 520,
            "currency": "EUR",
            "promotion_ids": ["spring"],
            "customer_id": "c1",
        },
    ),
    "redemption.cancelled": EventType(
        "A redemption was cancelled.",
        "Eine Einlösung wurde storniert.",
        {"redemption_id": _RED, "order_id": "o1", "customer_id": "c1"},
    ),
    "order.returned": EventType(
        "Something of an order came back.",
        "Von einer Bestellung kam etwas zurück.",
        {
            "order_id": "o1",
            "return_id": "r1",
            "refund_amount": 1039,
            "discount_reversed": 260,
            "currency": "EUR",
            "customer_id": "c1",
        },
    ),
    "cashback.earned": EventType(
        "An order earned cashback.",
        "Eine Bestellung brachte Cashback.",
        {"amount": 84, "currency": "EUR", "order_id": "o1", "customer_id": "c1"},
    ),
    "cashback.available": EventType(
        "Cashback can be spent now.",
        "Cashback kann jetzt ausgegeben werden.",
        {
            "amount": 84,
            "currency": "EUR",
            "order_id": "o1",
            "expires_at": "2027-03-24T23:00:00+00:00",
            "customer_id": "c1",
        },
    ),
    "cashback.expired": EventType(
        "Cashback has expired.",
        "Cashback ist verfallen.",
        {"amount": 84, "currency": "EUR", "order_id": "o1", "customer_id": "c1"},
    ),
    "payout.requested": EventType(
        "A payout was asked for.", "Eine Auszahlung wurde beantragt.", _PAYOUT
    ),
    "payout.rejected": EventType(
        "A payout was rejected.", "Eine Auszahlung wurde abgelehnt.", _PAYOUT
    ),
    "payout.paid": EventType("A payout was paid.", "Eine Auszahlung wurde ausgezahlt.", _PAYOUT),
    "payout.failed": EventType(
        "A payout has failed.",
        "Eine Auszahlung ist gescheitert.",
        {**_PAYOUT, "failure": "balance_insufficient"},
    ),
    "campaign.paused": EventType(
        "A campaign has stopped by itself, since too much bounced or too many complained.",
        "Eine Kampagne hat sich selbst angehalten, weil zu viel zurückkam oder zu viele sich beschwerten.",
        {"campaign_id": "win-back", "reason": "bounces"},
    ),
    "campaign.finished": EventType("A campaign is finished.", "Eine Kampagne ist abgeschlossen."),
    "customer.unsubscribed": EventType(
        "Somebody wants no more mail.",
        "Jemand möchte keine Post mehr.",
        {"customer_id": "c1", "channel": "email", "purpose": "marketing"},
    ),
    "customer.erased": EventType(
        "A customer's personal values were erased.",
        "Die persönlichen Daten einer Kundin oder eines Kunden wurden gelöscht.",
        {"customer_id": "c1"},
    ),
}
