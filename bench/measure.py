"""One measurement: a load, and what it cost the processes that served it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from bench.cpu import backend_pids, cpu_seconds
from bench.load import Exchange, Load, send
from bench.service import Service

CLIENTS = 8

Check = Callable[[int, Exchange], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """CPU in milliseconds per request, latency in milliseconds."""

    requests: int
    web_ms: float
    postgres_ms: float
    per_second: float
    p50_ms: float
    p99_ms: float

    @property
    def cpu_ms(self) -> float:
        """Of web processes and PostgreSQL backends together."""
        return self.web_ms + self.postgres_ms


def measure(
    service: Service,
    requests: Sequence[bytes],
    *,
    check: Check,
    clients: int = CLIENTS,
    closing: bytes | None = None,
) -> Sample:
    """Send them all; `check` sees every answer, after the clock has stopped.

    `closing` is a call whose CPU counts as theirs: it does the work that they have put off.
    """
    web, backends = service.pids, backend_pids(service.database_url)
    before = cpu_seconds(web), cpu_seconds(backends)
    load = send(requests, port=service.port, clients=clients)
    if closing is not None:
        send([closing], port=service.port, clients=1)
    used = cpu_seconds(web) - before[0], cpu_seconds(backends) - before[1]
    for number, exchange in enumerate(load.exchanges):
        check(number, exchange)
    return sample_of(load, web_seconds=used[0], postgres_seconds=used[1])


def sample_of(load: Load, *, web_seconds: float, postgres_seconds: float = 0.0) -> Sample:
    """Seconds of all requests as milliseconds of one."""
    count = len(load.exchanges)
    return Sample(
        requests=count,
        web_ms=1000 * web_seconds / count,
        postgres_ms=1000 * postgres_seconds / count,
        per_second=load.per_second,
        p50_ms=load.milliseconds(50),
        p99_ms=load.milliseconds(99),
    )


def median_of(samples: Iterable[Sample], value: Callable[[Sample], float]) -> float:
    """The median round."""
    return median(value(sample) for sample in samples)
