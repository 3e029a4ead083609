"""Mistakes put into our own ledger, one at a time: the state machine must notice each.

A mutant changes source by its exact text. It is put into this process: functions of the loaded module
get the code that the changed source compiles to, and its statements their changed SQL; afterwards all
is as before.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from django.db import connection

from common.statements import Statement

BOOKING = "cashback.domain.booking"
CLAWBACK = "cashback.domain.clawback"
EARNING = "cashback.domain.earning"
LIFE = "cashback.domain.life"
LOTS = "cashback.domain.lots"
HOLDS = "cashback.actions.holds"
RETURNS = "cashback.actions.returns"
DATES = "cashback.actions.dates"
READ_LOTS = "cashback.queries.lots"


@dataclass(frozen=True)
class Mutant:
    """In the source of `module` stands `old` once; `new` stands there instead."""

    mistake: str
    module: str
    old: str
    new: str

    @cached_property
    def loaded(self) -> ModuleType:
        return import_module(self.module)

    @property
    def source(self) -> str:
        return Path(str(self.loaded.__file__)).read_text()

    @contextmanager
    def applied(self) -> Iterator[None]:
        """The mistake is made as long as this lasts."""
        assert self.source.count(self.old) == 1, f"{self.module} does not hold {self.old!r} once"
        name = str(self.loaded.__file__)
        twin: dict[str, Any] = {"__name__": self.module, "__file__": name}
        # The source is our own.
        exec(compile(self.source.replace(self.old, self.new), name, "exec"), twin)  # noqa: S102
        undo = list(_exchange(vars(self.loaded), twin, self.module))
        assert undo, f"{self.mistake}: nothing has changed"
        # What a connection has prepared it keeps.
        connection.close()
        try:
            yield
        finally:
            for target, attribute, was in undo:
                setattr(target, attribute, was)
            connection.close()


def _exchange(
    names: dict[str, Any], twins: dict[str, Any], module: str
) -> Iterator[tuple[Any, str, Any]]:
    """Put what the twins have into what is loaded; what that was before."""
    for name, loaded in names.items():
        twin = twins.get(name)
        if isinstance(loaded, property):
            loaded, twin = loaded.fget, getattr(twin, "fget", None)
        if isinstance(loaded, FunctionType) and isinstance(twin, FunctionType):
            if loaded.__module__ == module and loaded.__code__ != twin.__code__:
                yield loaded, "__code__", loaded.__code__
                loaded.__code__ = twin.__code__
        elif isinstance(loaded, Statement) and isinstance(twin, Statement):
            for attribute in ("text", "_preparation"):
                yield loaded, attribute, getattr(loaded, attribute)
                setattr(loaded, attribute, getattr(twin, attribute))
        elif isinstance(loaded, type) and isinstance(twin, type) and loaded.__module__ == module:
            yield from _exchange(dict(vars(loaded)), dict(vars(twin)), module)


MUTANTS = [
    Mutant(
        "what expires last is spent first",
        BOOKING,
        "return sorted(lots, key=lambda lot: lot.turn)",
        "return sorted(lots, key=lambda lot: lot.turn, reverse=True)",
    ),
    Mutant(
        "the oldest is spent first",
        BOOKING,
        "return sorted(lots, key=lambda lot: lot.turn)",
        "return sorted(lots, key=lambda lot: lot.key)",
    ),
    Mutant(
        "a wallet does not know when a hold ends",
        BOOKING,
        "        instants += [hold.expires_at for hold in self.holds]\n",
        "",
    ),
    Mutant(
        "what is due counts a moment later",
        LIFE,
        "return lot.due_at is not None and lot.due_at <= now",
        "return lot.due_at is not None and lot.due_at < now",
    ),
    Mutant(
        "what matures repays no debt",
        LIFE,
        "    repaid = min(booking.debt, lot.remaining)\n",
        "    repaid = 0\n",
    ),
    Mutant(
        "what comes back repays no debt",
        LIFE,
        "owed = sum(held.kept.values()), booking.debt",
        "owed = sum(held.kept.values()), 0",
    ),
    Mutant(
        "what a person gives repays no debt",
        LIFE,
        "rest = amount - min(booking.debt, amount)",
        "rest = amount",
    ),
    Mutant(
        "a hold lasts for ever",
        LIFE,
        "if held.expires_at is not None and held.expires_at <= now",
        "if held.expires_at is None",
    ),
    Mutant(
        "a lot that is over is restored as it was",
        LIFE,
        "    over = {key for key in held.kept if now is not None and booking.lots[key].turn[0] <= now}\n",
        "    over: set[int] = set()\n",
    ),
    Mutant(
        "what was spent first comes back first",
        LIFE,
        "for key in reversed(_in_turn(booking, spent.kept)):",
        "for key in _in_turn(booking, spent.kept):",
    ),
    Mutant(
        "what goes on in a new lot forgets its order",
        LIFE,
        "                order_key=lot.order_key,\n                origin_key=key,\n",
        "                origin_key=key,\n",
    ),
    Mutant(
        "what an order had spent is not restored",
        RETURNS,
        "    if restored:\n        booking = due_booking(",
        "    if False:\n        booking = due_booking(",
    ),
    Mutant(
        "what expired at this touch is asked for",
        CLAWBACK,
        "    just_expired = booking.expired()\n",
        "    just_expired: dict[int, int] = {}\n",
    ),
    Mutant(
        "what has expired is asked for",
        CLAWBACK,
        "    part = min(claim.left, expired)\n",
        "    part = 0\n",
    ),
    Mutant(
        "other credit is spared",
        CLAWBACK,
        "    for lot in ours_first:\n",
        "    for lot in ours_first[:0]:\n",
    ),
    Mutant(
        "the order's own lots do not come first",
        CLAWBACK,
        "key=lambda lot: lot.order_key != order_key)",
        "key=lambda lot: lot.turn)",
    ),
    Mutant(
        "a partner's share is rounded by each step",
        CLAWBACK,
        "share = percent_of(self._earned, percent) - percent_of(self._earned - amount, percent)",
        "share = percent_of(amount, percent)",
    ),
    Mutant(
        "a partner gets back what it has not paid",
        CLAWBACK,
        "before = {lot.key: -lot.absorbed for lot in lots}",
        "before = {lot.key: 0 for lot in lots}",
    ),
    Mutant(
        "the refund is not reduced",
        CLAWBACK,
        "min(missing, refund - offset) if claim.lot.clawback",
        "0 if claim.lot.clawback",
    ),
    Mutant(
        "what is absorbed is owed",
        CLAWBACK,
        '        if claim.lot.clawback == "absorb":\n',
        "        if not claim.lot.clawback:\n",
    ),
    Mutant(
        "an order earns as often as it is told",
        EARNING,
        'booking.post("earn", Source("order", str(order_key)), at=now',
        'booking.post("earn", Source("order", str(order_key), booking.balances.pending % 999), at=now',
    ),
    Mutant(
        "an order's partner pays nothing of a rule without one",
        EARNING,
        "partner = (rule.partner if rule else None) or purchase.partner",
        "partner = rule.partner if rule else None",
    ),
    Mutant(
        "a rule gives without end in a month",
        EARNING,
        "amount = min(amount, max(rule.max_per_customer_month - given, 0))",
        "amount = min(amount, rule.max_per_customer_month)",
    ),
    Mutant(
        "what was taken back counts towards the month",
        READ_LOTS,
        "SELECT sum(amount - taken_back) FROM",
        "SELECT sum(amount) FROM",
    ),
    Mutant(
        "delivery is not heard after payment",
        LOTS,
        "begins = delivered_at or paid_at",
        "begins = paid_at or delivered_at",
    ),
    Mutant(
        "days end by Greenwich",
        LOTS,
        "day = available_at.astimezone(zone).date()",
        "day = available_at.astimezone(UTC).date()",
    ),
    Mutant(
        "what is available already is dated anew",
        DATES,
        "if lot.is_available or available_at == lot.available_at:",
        "if available_at == lot.available_at:",
    ),
    Mutant(
        "a changed reservation stands in its own way",
        HOLDS,
        "    _release_in(bookings, former, now=now)\n    held = None\n",
        "    held = None\n",
    ),
]
