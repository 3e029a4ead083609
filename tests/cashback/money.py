"""Customers, orders and rules in a few words, for tests of the ledger."""

import itertools
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec

from cashback.actions import earn as earning
from cashback.actions import holds, returns
from cashback.actions.adjust import adjust
from cashback.actions.earn import EarningOrder
from cashback.domain.earning import Bonus, Purchase
from cashback.domain.rules import EarningRule, Funder, RuleDefinition, compile_rule
from cashback.models import Partner, Rule, Wallet
from common.cart import CartLine
from customers.models import Customer, Order
from tests.api import NOON

_numbers = itertools.count(1)


def line(line_id="1", unit_price=1000, quantity=1, **words) -> CartLine:
    shape = {"line_id": line_id, "sku": f"SKU-{line_id}", "unit_price": unit_price} | words
    return msgspec.convert(shape | {"quantity": quantity}, CartLine)


def rule(key=1, rule_id="two-percent", *, partner=None, **fields) -> EarningRule:
    """A rule that is not in the database."""
    shape = {"name": rule_id} | (
        {"percent": "2"} if not fields.keys() & {"amount", "tiers"} else {}
    )
    definition = msgspec.convert(shape | fields, RuleDefinition)
    return compile_rule(
        key=key, rule_id=rule_id, revision=1, definition=definition, partner=partner
    )


def kept_rule(rule_id="two-percent", *, partner: Funder | None = None, **fields) -> EarningRule:
    """A rule with a row."""
    row = Rule.objects.create(
        reference=rule_id, name=rule_id, percent=20_000, stamp=1, created_at=NOON,
        partner_id=partner.key if partner else None,
    )  # fmt: skip
    return rule(row.pk, rule_id, partner=partner, **fields)


def kept_partner(partner_id="acme", share_percent=500_000) -> Funder:
    row = Partner.objects.create(
        reference=partner_id, name=partner_id, share_percent=share_percent, created_at=NOON
    )
    return Funder(row.pk, partner_id, share_percent)


def customer(reference="ada") -> int:
    return Customer.objects.get_or_create(reference=reference, defaults={"created_at": NOON})[0].pk


def order(customer_key: int, *, currency="EUR") -> Order:
    return Order.objects.create(
        reference=f"o{next(_numbers)}", customer_id=customer_key, currency=currency,
        status="placed", placed_at=NOON, created_at=NOON,
    )  # fmt: skip


def buy(
    customer_key: int,
    *rules: EarningRule,
    lines: Sequence[CartLine] | None = None,
    bases: Sequence[int] | None = None,
    bonuses: Sequence[Bonus] = (),
    segments: frozenset[str] = frozenset(),
    partner: Funder | None = None,
    currency: str = "EUR",
    paid_at: datetime | None = None,
    delivered_at: datetime | None = None,
    now: datetime = NOON,
) -> EarningOrder:
    """An order that has earned by the rules; by default one line of 10.00."""
    bought = lines or [line()]
    row = order(customer_key, currency=currency)
    bought_by = EarningOrder(
        order_key=row.pk,
        order_id=row.reference,
        customer_key=customer_key,
        paid_at=paid_at,
        delivered_at=delivered_at,
        purchase=Purchase(
            currency=currency,
            lines=bought,
            bases=bases or [one.subtotal for one in bought],
            bonuses=bonuses,
            segments=segments,
            partner_id=partner.partner_id if partner else None,
            partner=partner,
        ),
    )
    earning.earn(order=bought_by, rules=rules, now=now)
    return bought_by


def pay_with(customer_key: int, amount: int, *, now: datetime, currency="EUR") -> Order:
    """An order that is paid with cashback."""
    row = order(customer_key, currency=currency)
    holds.spend_at_once(
        customer_key=customer_key, currency=currency, amount=amount, reference=uuid4(),
        order_key=row.pk, now=now,
    )  # fmt: skip
    return row


def give(customer_key: int, amount: int, *, now: datetime, **more: Any) -> None:
    """Staff give or take."""
    adjust(
        adjustment_id=uuid4(), customer_key=customer_key, currency="EUR", amount=amount,
        reason="sorry", actor="staff:1", now=now, **more,
    )  # fmt: skip


def hold(customer_key: int, amount: int, *, now: datetime, **more: Any) -> UUID:
    """A reservation that holds so much; its id."""
    reference = uuid4()
    holds.hold(
        customer_key=customer_key, currency="EUR", amount=amount, reference=reference, now=now,
        **more,
    )  # fmt: skip
    return reference


def cancel(
    order_key: int, customer_key: int, *, now: datetime, refund: int = 0, currency="EUR"
) -> tuple[int, returns.TakenBack]:
    """What was restored, and what was taken back, when the whole order is cancelled."""
    of_order = {"customer_key": customer_key, "currency": currency, "order_key": order_key}
    source = returns.cancel_source(order_key=order_key)
    restored = returns.restore(**of_order, source=source, now=now)
    return restored, returns.take_back(**of_order, source=source, refund=refund, now=now)


def wallet(customer_key: int, *, currency="EUR") -> tuple[int, int, int, int]:
    """Pending, available, held, debt, as they are booked."""
    found = Wallet.objects.get(customer_id=customer_key, currency=currency)
    return found.pending, found.available, found.held, found.debt
