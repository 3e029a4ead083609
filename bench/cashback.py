"""Cashback: earning against PostgreSQL running the same statements alone, maturing, statements, the proof."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from statistics import median
from subprocess import Popen
from typing import Any, NamedTuple

from bench import books, inside
from bench.capture import whole
from bench.cpu import backend_pids, cpu_seconds, ended_backends_seconds
from bench.figures import Figure, Report
from bench.inside import PROCESSES
from bench.pgbench import seconds_of
from bench.service import Service
from bench.sizes import Sizes
from bench.statements import logged, statements_in
from stack.testing import Stack

_ENDING_SECONDS = 10
#: Orders of one transaction.
ONE, HUNDRED = 1, 100
#: Whose statement it is: beyond those who earn.
READER = 1


@dataclass(frozen=True, slots=True)
class Arm:
    """Both ways to write the same postings, a round after the other: seconds, and CPU of PostgreSQL."""

    postings: int
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"ours": [], "pgbench": []})
    postgres: dict[str, list[float]] = field(default_factory=lambda: {"ours": [], "pgbench": []})
    #: Of our processes.
    python: list[float] = field(default_factory=list)

    def ratio(self, of: dict[str, list[float]]) -> float:
        """The median of the rounds' ratios of ours to pgbench's."""
        return median(a / b for a, b in zip(of["ours"], of["pgbench"], strict=True))

    def per_second(self, way: str) -> float:
        return self.postings / median(self.seconds[way])


def benchmark(servers: Stack, sizes: Sizes) -> Report:
    """Earning in three copies of the same books, then the rest in books of its own."""
    customers = sizes.earning_customers
    with books.new_books(servers, "bench_earning") as empty:
        books.seed_people(empty.database_url, customers)
        books.seed_wallets(empty.database_url, customers)
        books.settle(empty.database_url)
        one = _earning(servers, empty, sizes, each=ONE, many=sizes.earnings)
        hundred = _earning(
            servers, empty, sizes, each=HUNDRED, many=sizes.earning_batches * HUNDRED
        )
        pages = inside.ended(
            inside.started(
                empty.database_url, "statement", READER, sizes.statement_entries, 10 * sizes.rounds
            )
        )
    with books.new_books(servers, "bench_due") as full:
        due = _due(full, sizes)
        proof = inside.ended(inside.started(full.database_url, "verify", sizes.rounds))
    return Report(
        name="cashback",
        figures=[
            *_earning_figures(one, "earning", share=0.35),
            *_earning_figures(hundred, "earning, 100 in a transaction", share=0.5),
            *_due_figures(due),
            Figure(
                name=f"statement of {sizes.statement_entries:,} entries: last page, times the first",
                value=median(pages["last"]) / median(pages["first"]),
                target=1.2,
            ),
            Figure(name="statement: first page", value=1000 * median(pages["first"]), unit="ms"),
            *_proof_figures(proof),
        ],
        detail={
            "earning": asdict(one),
            "earning_100": asdict(hundred),
            "due": due,
            "statement": pages,
            "verify": proof,
        },
    )


def _earning(servers: Stack, empty: Service, sizes: Sizes, *, each: int, many: int) -> Arm:
    """Each round is captured in one copy, then written in another by us, and in a third by pgbench."""
    arm = Arm(postings=PROCESSES * many)
    with (
        books.copy_of(empty, servers, "bench_captured") as captured,
        books.copy_of(empty, servers, "bench_ours") as ours,
        books.copy_of(empty, servers, "bench_theirs") as theirs,
        Earners.started(captured.database_url, each, sizes) as heard,
        Earners.started(ours.database_url, each, sizes) as earners,
    ):
        idle = _pgbench_cost(theirs, [["SELECT 1"]] * PROCESSES)
        # The first round only warms up.
        for number in range(sizes.rounds + 1):
            scripts = _captured(captured, heard, number * many, many)
            # Who begins changes, so that neither always meets the other's checkpoint.
            for way in sorted(arm.seconds, reverse=number % 2 == 0):
                if way == "ours":
                    cost = earners.earn(number * many, many)
                    arm.python.append(cost.python)
                else:
                    cost = _pgbench_cost(theirs, scripts)
                    # What connecting costs is taken off: ours have been connected before.
                    cost = cost._replace(postgres=cost.postgres - idle.postgres)
                arm.seconds[way].append(cost.seconds)
                arm.postgres[way].append(cost.postgres)
            if number == 0:
                # Statements and foreign keys were planned for empty tables, as no shop's are for long.
                for service in (captured, ours, theirs):
                    books.settle(service.database_url)
                for kept in (*arm.seconds.values(), *arm.postgres.values(), arm.python):
                    kept.clear()
    return arm


class Cost(NamedTuple):
    """Seconds of the slowest, and CPU seconds of all."""

    seconds: float
    postgres: float
    python: float = 0.0


class Earners:
    """Eight processes that earn when they are told to, all at once."""

    def __init__(self, running: Sequence[Popen[str]]) -> None:
        self._running = running
        self._backends = [one["backend"] for one in self._read()]

    @classmethod
    @contextmanager
    def started(cls, database_url: str, each: int, sizes: Sizes) -> Iterator["Earners"]:
        """Ready, each connected under a name of its own."""
        running = [
            inside.started(
                database_url, "earn", process, each, sizes.earning_customers, name=_name(process)
            )
            for process in range(PROCESSES)
        ]
        try:
            yield cls(running)
        finally:
            for one in running:
                one.communicate()

    def earn(self, first: int, many: int) -> Cost:
        """So many orders in each."""
        before = cpu_seconds(self._backends)
        for one in self._running:
            assert one.stdin is not None
            one.stdin.write(f"{first} {many}\n")
            one.stdin.flush()
        told = self._read()
        return Cost(
            max(one["seconds"] for one in told),
            cpu_seconds(self._backends) - before,
            sum(one["cpu"] for one in told),
        )

    def _read(self) -> list[Any]:
        lines = [one.stdout.readline() for one in self._running if one.stdout is not None]
        return [json.loads(line) for line in lines]


def _name(process: int) -> str:
    return f"earner-{process}"


def _captured(books_of: Service, heard: Earners, first: int, many: int) -> list[list[str]]:
    """What each process says to PostgreSQL."""
    with logged(books_of) as log:
        text = log.text_during(lambda: heard.earn(first, many))
    return [whole(statements_in(text, name=_name(process))) for process in range(PROCESSES)]


def _pgbench_cost(books_of: Service, scripts: Sequence[Sequence[str]]) -> Cost:
    """Of as many clients; their backends have ended when it has."""
    url = books_of.database_url
    before = ended_backends_seconds(url)
    seconds = seconds_of(scripts, database_url=url)
    deadline = time.monotonic() + _ENDING_SECONDS
    while backend_pids(url):
        assert time.monotonic() < deadline, "somebody is still connected"
        time.sleep(0.02)
    return Cost(seconds, ended_backends_seconds(url) - before)


def _due(full: Service, sizes: Sizes) -> dict[str, dict[str, float]]:
    """All lots mature, then all expire."""
    url = full.database_url
    books.seed_people(url, sizes.due_customers)
    books.seed_wallets(url, sizes.due_customers)
    books.seed_pending_lots(url, sizes.due_customers)
    books.settle(url)
    lots = sizes.due_customers * books.LOTS_EACH
    done = {}
    for name, instant in (("maturing", books.ALL_MATURE), ("expiry", books.ALL_EXPIRED)):
        told = inside.ended(inside.started(url, "due", instant))
        assert told["postings"] == lots, told
        done[name] = told | {"per_second": lots / told["seconds"]}
    books.settle(url)
    return done


def _earning_figures(arm: Arm, name: str, *, share: float) -> list[Figure]:
    return [
        Figure(
            name=f"{name}: share of pgbench with the same statements",
            value=1 / arm.ratio(arm.seconds),
            target=share,
            at_least=True,
        ),
        Figure(
            name=f"{name}: CPU of PostgreSQL, times that with pgbench",
            value=arm.ratio(arm.postgres),
            target=1.5,
        ),
        Figure(name=f"{name}: {PROCESSES} processes", value=arm.per_second("ours"), unit="/s"),
        Figure(
            name=f"{name}: pgbench, {PROCESSES} clients", value=arm.per_second("pgbench"), unit="/s"
        ),
        Figure(
            name=f"{name}: CPU of Python a posting",
            value=1000 * median(arm.python) / arm.postings,
            unit="ms",
        ),
        Figure(
            name=f"{name}: CPU of PostgreSQL a posting",
            value=1000 * median(arm.postgres["ours"]) / arm.postings,
            unit="ms",
        ),
    ]


def _due_figures(due: dict[str, dict[str, float]]) -> list[Figure]:
    return [
        Figure(
            name=f"{name}: lots", value=done["per_second"], unit="/s", target=1_000, at_least=True
        )
        for name, done in due.items()
    ]


def _proof_figures(proof: dict[str, list[float]]) -> list[Figure]:
    bare = proof["bare"]

    def times(name: str) -> float:
        return median(a / b for a, b in zip(proof[name], bare, strict=True))

    return [
        Figure(name="verify_ledger: times a bare GROUP BY", value=times("sums"), target=6),
        Figure(name="verify_ledger: the seal, times a bare GROUP BY", value=times("seal")),
        Figure(name="bare GROUP BY of the transfers", value=1000 * median(bare), unit="ms"),
        Figure(name="sealing all that was booked", value=proof["sealing"][0], unit="s"),
    ]
