"""Cashback of the tea shop: what orders earn, who pays a share of it, and what staff have given."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from cashback.actions.adjust import adjust
from cashback.actions.partners import put_partner
from cashback.actions.rules import put_rule
from cashback.domain.rules import PartnerDefinition, RuleDefinition
from config.demo.offers.offer import CLUB
from config.demo.people import Person
from customers.queries.people import customer_by_reference

BASE = "treue-2"
HANAMI = "hanami"
PARTNER = PartnerDefinition(name="Hanami Teegärten", share_percent="50")
RULES: dict[str, dict[str, Any]] = {
    BASE: {
        "name": "2 % auf alles, der Teeclub 4 %",
        "percent": "2",
        "tiers": [{"segment": CLUB, "percent": "4"}],
        "currency": "EUR",
        "max_per_order": 1000,
        "terms": {"de": "Nicht auf Versandkosten.", "en": "Not on delivery."},
    },
    "hanami-6": {
        "name": "Hanami-Wochen",
        "percent": "6",
        "currency": "EUR",
        "partner_id": HANAMI,
        "items": {"include": {"brands": ["Hanami"]}},
        "max_per_customer_month": 2000,
        "clawback": "offset_refund",
    },
}
#: Of how many orders one is paid with the cashback there is.
ONE_IN = 3
#: So many readers of the newsletter were given so much for two weeks.
_READERS, _GREETING = 9, 300
_GREETED_FOR = timedelta(days=14)
_GIVEN = ((500, "Ihre Lieferung kam zu spät. Verzeihung!"), (250, "Danke für Ihre Teeprobe"))


def write_rules(*, actor: str, now: datetime) -> None:
    """The partner, and what is earned. Part of the caller's transaction."""
    put_partner(partner_id=HANAMI, definition=PARTNER, actor=actor, now=now)
    for rule_id, words in RULES.items():
        definition = msgspec.convert(words, RuleDefinition)
        put_rule(rule_id=rule_id, definition=definition, actor=actor, now=now)


def give(everybody: Sequence[Person], *, actor: str, now: datetime) -> None:
    """What staff have given to the first customers, each time the same. Part of the caller's transaction."""
    for person, (amount, reason) in zip(everybody, _GIVEN, strict=False):
        _give(person, amount, reason, actor=actor, now=now)


def greet(everybody: Sequence[Person], *, today: datetime, actor: str, now: datetime) -> None:
    """What readers have to spend before it expires, at the end of the thirteenth day from `today`. Part of the
    caller's transaction.
    """
    readers = [person for person in everybody[len(_GIVEN) :] if person.reads_newsletter]
    for person in readers[:_READERS]:
        ends = today + _GREETED_FOR
        _give(person, _GREETING, "Ein Gruß an treue Leser", expires_at=ends, actor=actor, now=now)


def _give(
    person: Person,
    amount: int,
    reason: str,
    *,
    expires_at: datetime | None = None,
    actor: str,
    now: datetime,
) -> None:
    customer = customer_by_reference(person.customer_id)
    assert customer is not None
    adjust(
        adjustment_id=uuid5(NAMESPACE_URL, person.customer_id),
        customer_key=customer.pk,
        currency="EUR",
        amount=amount,
        reason=reason,
        expires_at=expires_at,
        actor=actor,
        now=now,
    )
