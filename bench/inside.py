"""Acts of cashback in a process of their own, without HTTP; prints JSON.

    python -m bench.inside earn PROCESS EACH CUSTOMERS
    python -m bench.inside due INSTANT
    python -m bench.inside statement CUSTOMER ENTRIES ROUNDS
    python -m bench.inside verify ROUNDS

Over DATABASE_URL. `earn` says that it is ready; for each line `FIRST MANY` that it reads it earns once more.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bench.seed import FIRST_CUSTOMER, FIRST_ORDER
from stack.paths import CHECKOUT

PRICES = (1_099, 2_499, 899, 3_999, 1_549)
PROCESSES = 8
#: As many entries as the API shows at once.
PAGE = 100
_FIRST_EARNED = FIRST_ORDER * 100


def started(database_url: str, *arguments: object, name: str = "bench") -> subprocess.Popen[str]:
    """Such a process; `name` is how it names itself to PostgreSQL."""
    return subprocess.Popen(
        [sys.executable, "-m", "bench.inside", *map(str, arguments)],
        cwd=CHECKOUT,
        env=dict(os.environ)
        | {
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PROCESS_NAME": name,
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> Any:
    """What it printed last, once it has ended well."""
    told, _ = process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"{process.args!r} failed")
    return json.loads(told.splitlines()[-1])


# Inside of it


def _earn(process: int, each: int, customers: int) -> None:
    """Orders with the numbers that are asked for, `each` in a transaction; no two processes share a customer."""
    from django.db import connection, transaction

    from cashback.actions.earn import EarningOrder, earn, earn_all
    from cashback.queries.rule_book import current_rules

    rules, now = current_rules().rules, datetime.now(UTC)
    own = customers // PROCESSES

    def post(some: Sequence[EarningOrder]) -> None:
        with transaction.atomic():
            if each == 1:
                earn(order=some[0], rules=rules, now=now)
            else:
                earn_all(orders=some, rules=rules, now=now)

    print(json.dumps({"backend": connection.connection.info.backend_pid}), flush=True)
    for asked in sys.stdin:
        first, many = map(int, asked.split())
        orders = [
            _order(PROCESSES * number + process, customer=1 + PROCESSES * (number % own) + process)
            for number in range(first, first + many)
        ]
        began, used = time.perf_counter(), time.process_time()
        for at in range(0, many, each):
            post(orders[at : at + each])
        spent = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - used}
        print(json.dumps(spent), flush=True)


def _order(number: int, *, customer: int) -> Any:
    """Five lines of tea, whose order is not in the database: nobody asks for it."""
    import msgspec

    from cashback.actions.earn import EarningOrder
    from cashback.domain.earning import Purchase
    from common.cart import CartLine

    lines = [
        {
            "line_id": str(at),
            "sku": f"TEA-{at}",
            "categories": ["tea"],
            "quantity": 1,
            "unit_price": price,
        }
        for at, price in enumerate(PRICES, start=1)
    ]
    return EarningOrder(
        order_key=_FIRST_EARNED + number,
        order_id=f"earned-{number}",
        customer_key=FIRST_CUSTOMER + customer,
        purchase=Purchase(
            currency="EUR", lines=msgspec.convert(lines, list[CartLine]), bases=PRICES
        ),
    )


def _due(instant: str) -> dict[str, float]:
    """Book all that is due then."""
    from cashback.actions.due import book_due

    began = time.perf_counter()
    done = book_due(now=datetime.fromisoformat(instant))
    return {"seconds": time.perf_counter() - began, **done._asdict()}


def _statement(customer: int, count: int, rounds: int) -> dict[str, list[float]]:
    """Seconds for the first page and for the last of a customer's statement, in turn."""
    from django.db import connection, transaction

    from cashback.actions.earn import earn_all
    from cashback.queries.rule_book import current_rules
    from cashback.queries.statement import entries

    rules, now = current_rules().rules, datetime.now(UTC)
    for at in range(0, count, PAGE):
        orders = [_order(at + place, customer=customer) for place in range(PAGE)]
        with transaction.atomic():
            earn_all(orders=orders, rules=rules, now=now)

    with connection.cursor() as cursor:
        # Plans that were made while nothing had been earned would read whole tables ever after.
        cursor.execute("ANALYZE")

    def page(after: tuple[int, int] | None) -> list[Any]:
        return entries(
            customer_key=FIRST_CUSTOMER + customer, currency="EUR", after=after, limit=PAGE
        )

    after, last, shown = None, None, 0
    while found := page(after):
        shown += len(found)
        last, after = after, (found[-1].posting_key, found[-1].place)
    assert shown == count, f"{shown} entries, not {count}"
    seconds: dict[str, list[float]] = {"first": [], "last": []}
    for _ in range(rounds):
        for name, place in (("first", None), ("last", last)):
            seconds[name].append(_seconds(partial(page, place)))
    return seconds


def _verify(rounds: int) -> dict[str, list[float]]:
    """Seconds of a bare GROUP BY, of the proof of the sums, and of that of the seal, in turn."""
    from django.db import connection, transaction

    from cashback.actions.seal import seal
    from cashback.actions.totals import roll_up
    from cashback.queries.verify import breaches
    from cashback.queries.verify_seal import seal_breaches

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT debit_account_id, credit_account_id, sum(amount) FROM cashback_transfer"
                " GROUP BY debit_account_id, credit_account_id"
            )
            cursor.fetchall()

    def prove(breaches: Callable[[], Iterable[object]]) -> None:
        """As the command does."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '64MB'")
            found = list(breaches())
        assert not found, found[:5]

    roll_up()
    seal_seconds = _seconds(lambda: seal(now=datetime.now(UTC)))
    seconds: dict[str, list[float]] = {"bare": [], "sums": [], "seal": []}
    for _ in range(rounds):
        seconds["bare"].append(_seconds(bare))
        seconds["sums"].append(_seconds(lambda: prove(breaches)))
        seconds["seal"].append(_seconds(lambda: prove(seal_breaches)))
    return seconds | {"sealing": [seal_seconds]}


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def main(act: str, *arguments: str) -> None:
    """Do it, and say how long it took."""
    import django

    django.setup()
    if act == "earn":
        _earn(*map(int, arguments))
    elif act == "due":
        print(json.dumps(_due(*arguments)))
    else:
        acts: dict[str, Callable[..., Any]] = {"statement": _statement, "verify": _verify}
        print(json.dumps(acts[act](*map(int, arguments))))


if __name__ == "__main__":
    main(*sys.argv[1:])
