"""Our ledger in tests of the state machine: its shop, its transactions, its answers, what it shows."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import local
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction

from cashback.actions.due import book_due, touch
from cashback.actions.holds import NotHeld
from cashback.actions.totals import roll_up
from cashback.domain.booking import Overdrawn
from cashback.domain.rules import EarningRule, Funder
from cashback.models import Partner, Rule, Wallet
from cashback.queries import verify
from cashback.queries.balances import balances
from cashback.queries.rule_book import definition_of
from cashback.queries.totals import shop_totals
from common.errors import DomainError
from common.money import parse_percent
from customers.models import Customer, Order
from tests.api import NOON
from tests.cashback.money import compile_rule
from tests.cashback.our_orders import Refusal
from tests.reference.units import Json

BINDING = {"offers_not_applicable", "return_exceeds_order", "cashback_insufficient"}
EMPTIED = """
    TRUNCATE cashback_posting, cashback_wallet, cashback_account, cashback_rollup,
        customers_order CASCADE
"""
#: Never booked because somebody asked for it twice.
ACTS = ("earn", "hold", "spend", "restore", "take_back", "adjust", "submit", "pay", "fail")
LOTS = """
    SELECT wallet.currency, lot.expires_at,
        CASE account.kind WHEN 'pending' THEN lot.remaining ELSE 0 END,
        CASE account.kind WHEN 'available' THEN lot.remaining ELSE 0 END, held.amount
    FROM cashback_lot AS lot
    JOIN cashback_account AS account ON account.id = lot.account_id
    JOIN cashback_wallet AS wallet ON wallet.id = lot.wallet_id
    CROSS JOIN LATERAL (
        SELECT coalesce(-sum(allocation.amount), 0)::bigint AS amount
        FROM cashback_allocation AS allocation
        WHERE allocation.lot_id = lot.id AND allocation.hold_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM cashback_holdoutcome WHERE hold_id = allocation.hold_id)) AS held
    WHERE wallet.customer_id = %s AND (lot.remaining > 0 OR held.amount > 0)
"""


class _Undone(Exception):
    """Takes back what was tried."""


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is as if it had not."""
    try:
        with transaction.atomic():
            yield
            raise _Undone
    except _Undone:
        pass


class OurBooks:
    """Customers by the shop's id, each call in a transaction of its own, and the kept answers."""

    def set_up(self, world: Json) -> None:
        with connection.cursor() as cursor:
            cursor.execute(EMPTIED)
        self.segments: dict[str, set[str]] = defaultdict(set)
        for segment, members in world["segments"].items():
            for customer_id in members:
                self.segments[customer_id].add(segment)
        self.partners = {name: _partner(name, body) for name, body in world["partners"].items()}
        self.rules = [
            _rule(name, body, self.partners) for name, body in sorted(world["rules"].items())
        ]
        self.customers: dict[str, int] = {}
        self.references: dict[str, UUID] = defaultdict(uuid4)
        self.answers: dict[str, tuple[Any, Json]] = {}
        self.booked: dict[str, list[tuple[Callable[..., Any], Json]]] = defaultdict(list)
        self.wrong: list[str] = []
        #: Races call from several threads at once.
        self.of_thread = local()
        self.now = datetime.min.replace(tzinfo=UTC)

    def customer_key(self, customer_id: str) -> int:
        if customer_id not in self.customers:
            row, _ = Customer.objects.get_or_create(
                reference=customer_id, defaults={"created_at": NOON}
            )
            self.customers[customer_id] = row.pk
        return self.customers[customer_id]

    def new_order_key(self, order_id: str, customer_id: str | None, currency: str) -> int:
        row = Order.objects.create(
            reference=order_id,
            customer_id=self.customer_key(customer_id) if customer_id else None,
            currency=currency,
            status="placed",
            placed_at=self.now,
            created_at=self.now,
        )
        return int(row.pk)

    def answer(self, act: Callable[[], Json], *, at: datetime) -> Json:
        """In a transaction of its own."""
        self.now = max(self.now, at)
        try:
            with transaction.atomic():
                return act()
        except Refusal as refusal:
            return {"refused": refusal.code}

    def once(self, key: str, body: Any, act: Callable[[], Json], *, at: datetime) -> Json:
        """The first answer again, where the key is bound; and the ledger, too, does it once."""
        self.now = max(self.now, at)
        if key in self.answers:
            kept_body, kept = self.answers[key]
            self.try_again(key)
            return kept if kept_body == body else {"refused": "idempotency_key_reused"}
        self.of_thread.key = key
        answer = self.answer(act, at=at)
        if answer.get("refused") in BINDING or "refused" not in answer:
            self.answers[key] = (body, answer)
        else:
            self.booked.pop(key, None)
        return answer

    def book(self, act: Callable[..., Any], *, name: str | None = None, **arguments: Any) -> Any:
        """An act of the ledger's, which is tried again when the call is repeated."""
        done = act(**arguments, now=self.now)
        self.booked[name or self.of_thread.key].append((act, arguments))
        return done

    def try_again(self, name: str) -> None:
        """Whoever calls the ledger a second time for the same thing gets nothing by it."""
        for act, arguments in self.booked[name]:
            before = _acts()
            after = before
            try:
                with undone():
                    act(**arguments, now=self.now)
                    after = _acts()
            except (IntegrityError, DomainError, NotHeld, Overdrawn):
                continue
            if after != before:
                self.wrong.append(f"{act.__name__} {arguments} was posted twice")

    def run_clock(self, *, at: datetime) -> Json:
        self.now = max(self.now, at)
        # Batches of one: that nothing is left over is the loop's doing.
        book_due(now=self.now, batch=1)
        roll_up()
        return {}

    def balances(self, *, customer_id: str, at: datetime) -> dict[str, Json]:
        """Told without booking anything."""
        return {
            balance.currency: {
                "pending": balance.pending,
                "available": balance.available,
                "held": balance.held,
                "debt": balance.debt,
                "expiring": [
                    {"amount": one.amount, "expires_at": one.expires_at} for one in balance.expiring
                ],
            }
            for balance in balances(customer_key=self.customer_key(customer_id), at=at)
        }

    def available(self, customer_id: str, currency: str) -> int:
        shown = self.balances(customer_id=customer_id, at=self.now).get(currency)
        return shown["available"] if shown else 0

    def lots(self, *, customer_id: str, at: datetime) -> list[Json]:
        """As they would be if somebody touched the wallet now; which nobody does."""
        told = self.balances(customer_id=customer_id, at=at)
        with undone():
            touch(customer_key=self.customer_key(customer_id), now=at)
            for wallet in Wallet.objects.filter(customer=self.customer_key(customer_id)):
                shown = told.get(wallet.currency, {})
                stands = {name: getattr(wallet, name) for name in shown if name != "expiring"}
                if shown | stands != shown:
                    self.wrong.append(f"{wallet} is told as {shown}, and books as {stands}")
            with connection.cursor() as cursor:
                cursor.execute(LOTS, [self.customer_key(customer_id)])
                found = cursor.fetchall()
        names = ("currency", "expires_at", "pending", "available", "held")
        return [dict(zip(names, row, strict=True)) for row in found]

    def shop_accounts(self, *, at: datetime) -> dict[str, int]:
        """Credits less debits of the accounts of the shop and its partners, all that is due booked."""
        with undone():
            for customer_key in self.customers.values():
                touch(customer_key=customer_key, now=at)
            return {
                f"{total.currency} {':'.join(filter(None, (total.kind, total.partner_id)))}": (
                    total.credits - total.debits
                )
                for total in shop_totals()
                if total.credits != total.debits
            }
        raise AssertionError

    def breaches(self, *, at: datetime) -> list[str]:
        return [*self.wrong, *map(str, verify.breaches(every_row=True))]


def _acts() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cashback_posting WHERE kind = ANY (%s)", [list(ACTS)])
        return int(cursor.fetchone()[0])


def _partner(name: str, body: Json) -> Funder:
    share_percent = parse_percent(body["share_percent"])
    row, _ = Partner.objects.get_or_create(
        reference=name,
        defaults={"name": body["name"], "share_percent": share_percent, "created_at": NOON},
    )
    return Funder(row.pk, name, share_percent)


def _rule(name: str, body: Json, partners: dict[str, Funder]) -> EarningRule:
    """As it stands in its row."""
    partner = partners.get(body.get("partner_id", ""))
    fields = {field: body[field] for field in body if field not in ("percent", "partner_id")}
    percent = parse_percent(body["percent"]) if "percent" in body else None
    row, _ = Rule.objects.get_or_create(
        reference=name,
        defaults=fields
        | {
            "percent": percent,
            "partner_id": partner.key if partner else None,
            "stamp": 1,
            "created_at": NOON,
        },
    )
    return compile_rule(
        key=row.pk, rule_id=name, revision=1, definition=definition_of(row), partner=partner
    )
