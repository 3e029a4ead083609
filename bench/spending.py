"""Redemptions that spend cashback and earn some, beside the same ones that do neither."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import count, islice
from statistics import median
from typing import Any

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


def benchmark(servers: Stack, sizes: Sizes) -> Report:
    """Each order is of another customer, who has five lots that may be spent."""
    arms: dict[str, list[Sample]] = {"without": [], "with": []}
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
                taken = list(islice(numbers, sizes.spendings))
                sample = _redeem(service, taken, spent=SPENT if way == "with" else 0)
                # The first round only warms up.
                if number:
                    arms[way].append(sample)
    ratios = [a.cpu_ms / b.cpu_ms for a, b in zip(arms["with"], arms["without"], strict=True)]
    return Report(
        name="spending",
        figures=[
            Figure(
                name="redeem with cashback: CPU, times that without",
                value=median(ratios),
                target=1.5,
            ),
            *[
                Figure(
                    name=f"redeem {way} cashback: CPU",
                    value=median_of(samples, lambda sample: sample.cpu_ms),
                    unit="ms",
                )
                for way, samples in arms.items()
            ],
        ],
        detail={way: [asdict(sample) for sample in samples] for way, samples in arms.items()},
    )


def _redeem(service: Service, numbers: Sequence[int], *, spent: int) -> Sample:
    def check(_number: int, exchange: Exchange) -> None:
        told = decoded(exchange)
        assert (told["cashback_spent"], told["total"]) == (spent, _TOTAL - spent), told
        assert bool(told["cashback"]["earned"]) == bool(spent), told

    requests = [
        service.request(
            "POST",
            "/checkout/redemptions",
            _cart(number, spent=spent),
            key=f"spending-{number:016}",
        )
        for number in numbers
    ]
    return measure(service, requests, check=check, clients=CLIENTS)


def _cart(number: int, *, spent: int) -> dict[str, Any]:
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
                "categories": [TEA if spent else POTS],
                "quantity": 1,
                "unit_price": price,
            }
            for at, price in enumerate(inside.PRICES, start=1)
        ],
        "cashback_amount": spent,
    }
