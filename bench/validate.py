"""Validate: its CPU against that of the least that a view of REST framework can cost."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

from bench.carts import PreparedCart
from bench.figures import Figure, Report
from bench.load import send
from bench.measure import Sample, measure, median_of
from bench.service import Service
from bench.sizes import Sizes
from bench.statements import logged
from bench.twelve import twelve_candidates
from bench.yardstick import measure_bare

MOST_STATEMENTS = 4
SAMPLED = 20
#: The bare view costs so little that many calls are needed to tell how much.
BARE_TIMES = 4


def benchmark(
    service: Service, *, bare_port: int, carts: Sequence[PreparedCart], sizes: Sizes
) -> Report:
    """Rounds of the yardstick and of the service in turn; then what the service tells PostgreSQL."""
    requests = [service.request("POST", "/checkout/validate", cart.body) for cart in carts]
    _validate(service, carts, requests, 0, sizes.warm_up)
    measure_bare(bare_port, requests[: sizes.warm_up])
    bare, ours = [], []
    for number in range(sizes.price_rounds):
        part = _part(requests, number, sizes.requests)
        bare.append(measure_bare(bare_port, part * BARE_TIMES))
        ours.append(_validate(service, carts, requests, number * sizes.requests, sizes.requests))
    ratios = [one.cpu_ms / other.cpu_ms for one, other in zip(ours, bare, strict=True)]
    told = _statements(service, requests)
    twelve = twelve_candidates(service, rounds=sizes.price_rounds, requests=sizes.requests // 4)
    return Report(
        name="validate",
        figures=_figures(ours, bare, ratios, told) + _twelve_figures(twelve, bare),
        detail={
            "bare": [asdict(sample) for sample in bare],
            "validate": [asdict(sample) for sample in ours],
            "twelve_candidates": [asdict(sample) for sample in twelve],
            "ratios": ratios,
            "statements_of_one_call": told[0],
        },
    )


def _figures(
    ours: list[Sample], bare: list[Sample], ratios: list[float], told: list[list[str]]
) -> list[Figure]:
    return [
        Figure(
            name="validate: CPU, times that of a bare view",
            value=sorted(ratios)[len(ratios) // 2],
            target=7,
            aim=4,
        ),
        Figure(
            name="validate: SQL statements",
            value=max(len(statements) for statements in told),
            target=MOST_STATEMENTS,
        ),
        Figure(name="validate: CPU of web", value=median_of(ours, lambda s: s.web_ms), unit="ms"),
        Figure(
            name="validate: CPU of PostgreSQL",
            value=median_of(ours, lambda s: s.postgres_ms),
            unit="ms",
        ),
        Figure(name="a bare view: CPU", value=median_of(bare, lambda s: s.cpu_ms), unit="ms"),
        Figure(name="validate: p50", value=median_of(ours, lambda s: s.p50_ms), unit="ms"),
        Figure(name="validate: p99", value=median_of(ours, lambda s: s.p99_ms), unit="ms"),
        Figure(
            name="validate: 8 clients", value=median_of(ours, lambda s: s.per_second), unit="/s"
        ),
    ]


def _twelve_figures(twelve: list[Sample], bare: list[Sample]) -> list[Figure]:
    cpu, yardstick = median_of(twelve, lambda s: s.cpu_ms), median_of(bare, lambda s: s.cpu_ms)
    return [
        Figure(name="12 candidates with an effect: CPU, times", value=cpu / yardstick),
        Figure(name="12 candidates: p50", value=median_of(twelve, lambda s: s.p50_ms), unit="ms"),
        Figure(name="12 candidates: p99", value=median_of(twelve, lambda s: s.p99_ms), unit="ms"),
    ]


def _validate(
    service: Service,
    carts: Sequence[PreparedCart],
    requests: Sequence[bytes],
    first: int,
    count: int,
) -> Sample:
    """`count` carts from the `first` on, round and round, every answer checked.

    Whoever reads a decision has those that wait written down first: that is part of what they cost.
    """
    chosen = [(first + at) % len(carts) for at in range(count)]
    return measure(
        service,
        [requests[at] for at in chosen],
        check=lambda number, exchange: carts[chosen[number]].check(exchange),
        closing=service.request("GET", f"/decisions/dec_{0:032x}", None),
    )


def _part(requests: Sequence[bytes], number: int, count: int) -> list[bytes]:
    return [requests[(number * count + at) % len(requests)] for at in range(count)]


def _statements(service: Service, requests: Sequence[bytes]) -> list[list[str]]:
    """What each of some calls, one after another, tells PostgreSQL."""
    with logged(service) as log:
        return [
            [told.text for told in log.during(partial(_send_one, service, request)) if told.counts]
            for request in requests[:SAMPLED]
        ]


def _send_one(service: Service, request: bytes) -> None:
    send([request], port=service.port, clients=1)
