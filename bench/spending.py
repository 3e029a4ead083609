"""Redemptions that spend cashback, or earn some, or both, beside the same ones that do neither."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import count, islice
from statistics import median
from typing import Any, NamedTuple

from bench import books, inside
from bench.figures import Figure, Report
from bench.load import Exchange
from bench.measure import CLIENTS, Sample, measure, median_of
from bench.seed import customer_of
from bench.service import Service, decoded, new_service
from bench.sizes import Sizes
from stack.testing import Stack

SPENT = 300
#: What the rule gives on, and what it does not.
TEA, POTS = "tea", "pots"
_TOTAL = sum(inside.PRICES) + 495


class Way(NamedTuple):
    """What becomes of an order."""

    spends: bool
    earns: bool

    def __str__(self) -> str:
        return {
            (False, False): "alone",
            (True, False): "that spends",
            (False, True): "that earns",
        }.get(self, "that spends and earns")


NEITHER, SPENDS, EARNS, BOTH = (
    Way(spends=False, earns=False),
    Way(spends=True, earns=False),
    Way(spends=False, earns=True),
    Way(spends=True, earns=True),
)
#: Which is held against which, and by what limit. Cashback is spent where orders earn, or where they do not.
_HELD_AGAINST = (
    (SPENDS, NEITHER, 1.5),
    (BOTH, EARNS, 1.5),
    (EARNS, NEITHER, None),
    (BOTH, NEITHER, None),
)


def benchmark(servers: Stack, sizes: Sizes) -> Report:
    """Each order is of another customer, who has five lots that may be spent."""
    arms: dict[Way, list[Sample]] = {way: [] for way in (NEITHER, SPENDS, EARNS, BOTH)}
    orders = (1 + sizes.rounds) * len(arms) * sizes.spendings
    with new_service(servers, "bench_spending") as service:
        books.seed_people(service.database_url, orders)
        books.seed_wallets(service.database_url, orders)
        books.seed_pending_lots(service.database_url, orders)
        inside.ended(inside.started(service.database_url, "due", books.ALL_MATURE))
        books.settle(service.database_url)
        numbers = count(1)
        for number in range(sizes.rounds + 1):
            for way in sorted(arms, reverse=number % 2 == 0):
                sample = _redeem(service, list(islice(numbers, sizes.spendings)), way)
                # The first round only warms up.
                if number:
                    arms[way].append(sample)
            if not number:
                # Statements were planned for empty tables, as no shop's are for long.
                books.settle(service.database_url)
    return Report(
        name="spending",
        figures=[
            *[
                Figure(
                    name=f"redeem {way}: CPU, times {other}",
                    value=median(
                        a.cpu_ms / b.cpu_ms for a, b in zip(arms[way], arms[other], strict=True)
                    ),
                    target=limit,
                )
                for way, other, limit in _HELD_AGAINST
            ],
            *[
                Figure(
                    name=f"redeem {way}: CPU",
                    value=median_of(samples, lambda sample: sample.cpu_ms),
                    unit="ms",
                )
                for way, samples in arms.items()
            ],
        ],
        detail={str(way): [asdict(sample) for sample in samples] for way, samples in arms.items()},
    )


def _redeem(service: Service, numbers: Sequence[int], way: Way) -> Sample:
    spent = SPENT if way.spends else 0

    def check(_number: int, exchange: Exchange) -> None:
        told = decoded(exchange)
        assert (told["cashback_spent"], told["total"]) == (spent, _TOTAL - spent), told
        assert bool(told["cashback"]["earned"]) == way.earns, told

    requests = [
        service.request(
            "POST", "/checkout/redemptions", _cart(number, way), key=f"spending-{number:016}"
        )
        for number in numbers
    ]
    return measure(service, requests, check=check, clients=CLIENTS)


def _cart(number: int, way: Way) -> dict[str, Any]:
    return {
        "order_id": f"spending-{number}",
        "customer_id": customer_of(number),
        "currency": "EUR",
        "channel": "web",
        "shipping_amount": 495,
        "lines": [
            {
                "line_id": str(at),
                "sku": f"SKU-{at}",
                "categories": [TEA if way.earns else POTS],
                "quantity": 1,
                "unit_price": price,
            }
            for at, price in enumerate(inside.PRICES, start=1)
        ],
        "cashback_amount": SPENT if way.spends else 0,
    }
