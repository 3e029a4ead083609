"""Redeem: whole carts at one hot promotion, against PostgreSQL running the same statements alone."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import count, islice
from statistics import median
from typing import Any

from bench import seed, sql
from bench.capture import Script
from bench.cpu import backend_pids
from bench.figures import Figure, Report
from bench.load import Exchange, send
from bench.measure import CLIENTS, Sample, measure, median_of
from bench.pgbench import transactions_per_second
from bench.service import Service, decoded
from bench.sizes import Sizes
from bench.statements import Told, logged

MANY_CLIENTS = 32
MOST_STATEMENTS = 10
COLD_PROMOTIONS = 100
#: Numbers of codes: those of the hot promotion, and those of the hundred others.
HOT, COLD = 100_000_000, 200_000_000
#: Prime, so that customers come in no order and none twice.
STRIDE = 7_919
PRICES = (1_099, 2_499, 899, 3_999, 1_549)
TOTAL = sum(PRICES) + 495
_DISCOUNT = 300
_HOT_ROW = "UPDATE promotions_promotioncounter"
_SETTINGS = rf"""
\set i :i + 1
\set n :first + :client_id * :span + :i
\set number 1 + (:n * {STRIDE}) % :customers
\set customer {seed.FIRST_CUSTOMER} + :number
\set code_number {HOT} + :n
\set code {seed.FIRST_CODE} + :code_number
"""


@dataclass(frozen=True, slots=True)
class Captured:
    """The number of a redemption, and its statements from the key to the commit."""

    number: int
    told: Sequence[Told]


@dataclass(slots=True)
class Redemptions:
    """Redemptions that have not been made yet: each of another order, customer and code."""

    service: Service
    customers: int
    _numbers: "count[int]"

    def take(self, many: int) -> list[int]:
        """Numbers that nobody had before."""
        taken = list(islice(self._numbers, many))
        assert taken[-1] < self.customers, "there are no customers left who have not redeemed"
        return taken

    def requests(self, many: int, *, series: int) -> list[bytes]:
        """At the hot promotion or over the cold ones."""
        return [self.request(number, series=series) for number in self.take(many)]

    def request(self, number: int, *, series: int) -> bytes:
        body: dict[str, Any] = {
            "order_id": f"order-{number}",
            "customer_id": seed.customer_of(self.customer(number)),
            "currency": "EUR",
            "channel": "web",
            "shipping_amount": 495,
            "lines": [
                {
                    "line_id": str(at),
                    "sku": f"TEA-{at}",
                    "categories": ["tea"],
                    "quantity": 1,
                    "unit_price": price,
                }
                for at, price in enumerate(PRICES, start=1)
            ],
            "codes": [seed.code_of(series + number)],
        }
        key = f"redemption-{number:012}"
        return self.service.request("POST", "/checkout/redemptions", body, key=key)

    def customer(self, number: int) -> int:
        """As pgbench's script has it."""
        return 1 + (number * STRIDE) % self.customers


def benchmark(service: Service, *, sizes: Sizes) -> Report:
    """Rounds of pgbench and of the three loads in turn."""
    todo = Redemptions(service, sizes.customers, count(1))
    _make_promotions(service, sizes.customers)
    _redeem(todo, sizes.warm_up, series=HOT, clients=CLIENTS)
    # Plans that were made while nothing had been redeemed would read whole tables ever after.
    seed.settle(service)
    captured = _captured(todo)
    script, ceiling = _script(todo, captured), []
    arms: dict[str, list[Sample]] = {"hot": [], "hundred": [], "many": []}
    for _ in range(sizes.rounds):
        ceiling.append(_ceiling(todo, script, sizes))
        many = sizes.redemptions
        arms["hot"].append(_redeem(todo, many, series=HOT, clients=CLIENTS))
        arms["hundred"].append(_redeem(todo, many, series=COLD, clients=CLIENTS))
        arms["many"].append(_redeem(todo, many, series=HOT, clients=MANY_CLIENTS))
    return Report(
        name="redeem",
        figures=_figures(arms, ceiling, captured.told),
        detail={
            "pgbench_per_second": ceiling,
            **{name: [asdict(sample) for sample in samples] for name, samples in arms.items()},
            "statements_of_one_call": [one.text for one in captured.told],
            "script": script.lines,
        },
    )


def _figures(
    arms: dict[str, list[Sample]], ceiling: list[float], told: Sequence[Told]
) -> list[Figure]:
    rates = {name: [sample.per_second for sample in samples] for name, samples in arms.items()}
    return [
        _share(
            "redeem: share of pgbench with the same statements", rates["hot"], ceiling, 0.25, 0.4
        ),
        _share("redeem: one hot promotion, share of 100", rates["hot"], rates["hundred"], 0.7),
        _share("redeem: 32 clients, share of 8", rates["many"], rates["hot"], 0.9),
        Figure(
            name="redeem: SQL statements",
            value=sum(one.counts for one in told),
            target=MOST_STATEMENTS,
        ),
        Figure(name="redeem: 8 clients", value=median(rates["hot"]), unit="/s"),
        Figure(name="pgbench: 8 clients", value=median(ceiling), unit="/s"),
        Figure(
            name="redeem: CPU of web", value=median_of(arms["hot"], lambda s: s.web_ms), unit="ms"
        ),
        Figure(
            name="redeem: CPU of PostgreSQL",
            value=median_of(arms["hot"], lambda s: s.postgres_ms),
            unit="ms",
        ),
        Figure(name="redeem: p50", value=median_of(arms["hot"], lambda s: s.p50_ms), unit="ms"),
        Figure(name="redeem: p99", value=median_of(arms["hot"], lambda s: s.p99_ms), unit="ms"),
    ]


def _share(
    name: str, ours: list[float], theirs: list[float], target: float, aim: float | None = None
) -> Figure:
    """Round by round, then the median."""
    value = median(one / other for one, other in zip(ours, theirs, strict=True))
    return Figure(name=name, value=value, target=target, aim=aim, at_least=True)


def _make_promotions(service: Service, codes: int) -> None:
    """One with `codes` codes, and a hundred that share as many."""
    body = {
        "name": "Redeemed",
        "status": "active",
        "currency": "EUR",
        "effect": {"kind": "fixed_amount", "amount": _DISCOUNT},
        "limits": {"redemptions": 10**9, "per_customer": 1, "discount_budget": 10**12},
    }
    service.call("PUT", "/promotions/hot", body)
    seed.seed_codes(service, "hot", range(HOT, HOT + codes))
    for number in range(COLD_PROMOTIONS):
        service.call("PUT", f"/promotions/cold-{number}", body)
        numbers = range(COLD + number, COLD + codes, COLD_PROMOTIONS)
        seed.seed_codes(service, f"cold-{number}", numbers)
    seed.settle(service)


def _redeem(todo: Redemptions, many: int, *, series: int, clients: int) -> Sample:
    requests = todo.requests(many, series=series)
    return measure(todo.service, requests, check=_check, clients=clients)


def _check(_number: int, exchange: Exchange) -> None:
    told = decoded(exchange)
    assert (told["status"], told["total"]) == ("redeemed", TOTAL - _DISCOUNT), told


def _captured(todo: Redemptions) -> Captured:
    """One redemption, once every connection is warm."""
    service = todo.service
    with logged(service) as log:
        for request in todo.requests(2 * len(backend_pids(service.database_url)), series=HOT):
            send([request], port=service.port, clients=1)
        [number] = todo.take(1)
        request = todo.request(number, series=HOT)
        told = log.during(lambda: send([request], port=service.port, clients=1))
    return Captured(number, told)


def _script(todo: Redemptions, captured: Captured) -> Script:
    """Without the row that all redemptions of a promotion wait for."""
    script = Script(_keys(todo, captured.number))
    for one in captured.told:
        if _HOT_ROW not in one.text + one.preparation:
            script.add(one)
    return script


def _keys(todo: Redemptions, number: int) -> dict[str, str]:
    """What the captured redemption was about, and where the script takes its own from."""
    customer, code = todo.customer(number), HOT + number
    url = todo.service.database_url
    [(order,)] = sql.rows(
        url, "SELECT id FROM customers_order WHERE reference = %s", [f"order-{number}"]
    )
    [(scope,)] = sql.rows(
        url,
        "SELECT encode(scope_hash, 'hex') FROM access_keptanswer ORDER BY created_at DESC LIMIT 1",
    )
    return {
        f"order-{number}": "'order-' || :n",
        seed.customer_of(customer): "'c' || :number",
        str(seed.FIRST_CUSTOMER + customer): ":customer",
        seed.code_of(code): seed.CODE_SQL.format(number=":code_number"),
        str(seed.FIRST_CODE + code): ":code",
        str(order): "currval('customers_order_id_seq')",
        rf"\x{scope}": r"'\x' || md5(:n::text) || md5('key' || :n)",
    }


def _ceiling(todo: Redemptions, script: Script, sizes: Sizes) -> float:
    numbers = todo.take(CLIENTS * sizes.transactions + 1)
    before = _used_codes(todo.service)
    rate = transactions_per_second(
        script,
        settings=_SETTINGS,
        variables={
            "i": 0,
            "first": numbers[0],
            "span": sizes.transactions,
            "customers": todo.customers,
        },
        database_url=todo.service.database_url,
        clients=CLIENTS,
        transactions=sizes.transactions,
    )
    # Each has used a code: the script does what a redemption does.
    assert _used_codes(todo.service) - before == CLIENTS * sizes.transactions
    return rate


def _used_codes(service: Service) -> int:
    return int(sql.rows(service.database_url, "SELECT sum(used) FROM promotions_code")[0][0])
