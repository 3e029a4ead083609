"""Recommendations in a large shop with three years behind it: the refresh, and what a call costs."""

import random
import re
from collections.abc import Sequence
from typing import Any

from bench import sql
from bench.figures import Figure, Report
from bench.load import Exchange, send
from bench.measure import Sample, measure, median_of
from bench.seed import customer_of
from bench.service import Service, decoded
from bench.sizes import Sizes
from bench.statements import logged

LIMIT = 10
_SAID = re.compile(r"(\d+) orders, (\d+) rows written, ([\d.]+) s")


def benchmark(service: Service, *, sizes: Sizes) -> Report:
    """Refresh from nothing and once more unchanged, then look-ups of customers drawn at random.

    The service's shop has products and a past.
    """
    chance = random.Random(5)
    first, again = _refresh(service), _refresh(service)
    numbers = [chance.randint(1, sizes.history_customers) for _ in range(sizes.requests)]
    requests = [
        service.request(
            "GET", f"/customers/{customer_of(number)}/recommendations?limit={LIMIT}", None
        )
        for number in numbers
    ]
    measure(service, requests[: sizes.warm_up], check=_ten)
    samples = [measure(service, requests, check=_ten) for _ in range(sizes.rounds)]
    with logged(service) as log:
        told = log.during(lambda: send([requests[0]], port=service.port, clients=1))
    pairs = sql.rows(service.database_url, "SELECT count(*) FROM catalog_pair")[0][0]
    return Report(
        name="recommendations",
        figures=_figures(sizes, first, again, samples, told, pairs=pairs),
        detail={"first": first, "again": again, "samples": [_record(one) for one in samples]},
    )


def _figures(
    sizes: Sizes,
    first: tuple[int, int, float],
    again: tuple[int, int, float],
    samples: Sequence[Sample],
    told: Sequence[Any],
    *,
    pairs: int,
) -> list[Figure]:
    return [
        Figure(name="orders in all", value=sizes.history_orders),
        Figure(name="refresh: orders of the last year", value=first[0]),
        Figure(name="refresh: from nothing", value=first[2], unit="s"),
        Figure(name="refresh: rows written", value=first[1]),
        Figure(name="refresh: unchanged", value=again[2], unit="s"),
        Figure(name="pairs found, each from both sides", value=pairs),
        Figure(name="look-up: p50", value=median_of(samples, lambda s: s.p50_ms), unit="ms"),
        Figure(name="look-up: p99", value=median_of(samples, lambda s: s.p99_ms), unit="ms"),
        Figure(name="look-ups at 8 clients", value=median_of(samples, lambda s: s.per_second), unit="/s"),
        Figure(name="look-up: CPU of web and PostgreSQL", value=median_of(samples, lambda s: s.cpu_ms), unit="ms"),
        Figure(name="look-up: SQL statements", value=sum(1 for one in told if one.counts)),
    ]  # fmt: skip


def _refresh(service: Service) -> tuple[int, int, float]:
    """By the command: orders, rows written, seconds without the start of the process."""
    said = service.servers.manage("refresh_recommendations")
    found = _SAID.search(said)
    assert found is not None, said
    return int(found[1]), int(found[2]), float(found[3])


def _ten(_number: int, exchange: Exchange) -> None:
    assert len(decoded(exchange)["results"]) == LIMIT


def _record(sample: Sample) -> dict[str, float]:
    return {name: getattr(sample, name) for name in Sample.__slots__}
