"""A million codes as one job, against Django's own way to write rows.

    SCALE=1 python -m bench.codes      # a tenth of it by default; prints JSON

Both write into the same table with all its indexes, emptied before each, in a database of the
benchmark's own, and take turns. Each run is a process of its own, which says how long it took, what
CPU it and its PostgreSQL backend used, and how much memory it had on the way:

- ours: from the call that orders the batch to the end of the job that makes the codes;
- bulk_create: of ready rows, 1,000 at a time.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import psycopg2

from stack.paths import CHECKOUT
from stack.processes import manage_command
from stack.testing import servers, with_database

CODES = 1_000_000
ROUNDS = 3
DATABASE = "promotions_bench_codes"
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def measure(*, database_url: str, scale: float, rounds: int = ROUNDS) -> dict[str, Any]:
    """The figures, over a server on this machine; uses and drops a database of its own."""
    count = int(CODES * scale)
    with _scratch_database(database_url) as url:
        runs: dict[str, list[dict[str, float]]] = {"ours": [], "bulk_create": []}
        for number in range(rounds):
            # Who begins changes, so that neither always meets the other's checkpoint.
            for way in sorted(runs, reverse=number % 2 == 0):
                _empty(url)
                runs[way].append(_run(way, count=count, url=url))
    rates = {
        way: statistics.median(count / run["seconds"] for run in found)
        for way, found in runs.items()
    }
    cpu = {way: statistics.median(run["cpu"] for run in found) for way, found in runs.items()}
    growth = statistics.median(run["mb_at_end"] - run["mb_at_a_tenth"] for run in runs["ours"])
    return {
        "codes": count,
        "rows_a_second": {way: round(rate) for way, rate in rates.items()},
        "ratio": round(rates["ours"] / rates["bulk_create"], 2),
        "cpu_ratio": round(cpu["bulk_create"] / cpu["ours"], 2),
        "memory_growth_mb": round(growth, 1),
        "aims": {"ratio": 3, "memory_growth_mb": 20},
        "runs": runs,
    }


@contextmanager
def _scratch_database(url: str) -> Iterator[str]:
    scratch = with_database(url, DATABASE)
    _execute(url, f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)", f"CREATE DATABASE {DATABASE}")
    try:
        subprocess.run(
            manage_command("migrate", "-v0"), cwd=CHECKOUT, env=_environment(scratch), check=True
        )
        yield scratch
    finally:
        _execute(url, f"DROP DATABASE {DATABASE} WITH (FORCE)")


def _empty(url: str) -> None:
    _execute(url, "TRUNCATE promotions_code, promotions_codebatch CASCADE", "CHECKPOINT")


def _execute(url: str, *statements: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.close()


def _run(way: str, *, count: int, url: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.codes", way, str(count)]
    done = subprocess.run(
        command, cwd=CHECKOUT, env=_environment(url), check=True, stdout=subprocess.PIPE
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _environment(url: str) -> dict[str, str]:
    return dict(os.environ) | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}


# Inside of a run


def _inside(way: str, count: int) -> dict[str, float]:
    import django

    django.setup()
    from django.db import connection

    make = {"ours": _ours, "bulk_create": _bulk_create}[way](count)
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    cpu_before = _cpu_seconds(os.getpid()) + _cpu_seconds(backend)
    memory: list[float] = []
    began = time.perf_counter()
    make(lambda: memory.append(_memory_mb()))
    seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "cpu": _cpu_seconds(os.getpid()) + _cpu_seconds(backend) - cpu_before,
        "mb_at_a_tenth": memory[len(memory) // 10] if memory else 0.0,
        "mb_at_end": _memory_mb(),
    }


Make = Callable[[Callable[[], None]], None]


def _ours(count: int) -> Make:
    from django.db import transaction

    from journal.actions import run_next_job
    from promotions.actions.batches import BatchOrder, order_batch

    _promotion()

    def make(look: Callable[[], None]) -> None:
        def clock() -> datetime:
            look()
            return datetime.now(UTC)

        with transaction.atomic():
            order_batch(
                promotion_id="bench",
                order=BatchOrder(count=count),
                actor="bench",
                now=datetime.now(UTC),
            )
        run_next_job(now=clock)

    return make


def _bulk_create(count: int) -> Make:
    from uuid import uuid4

    from promotions.domain.codes import DEFAULT_PATTERN, generate
    from promotions.models import Code, CodeBatch

    now = datetime.now(UTC)
    owner = _promotion()
    batch = CodeBatch.objects.create(
        batch_id=uuid4(), promotion_id=owner, pattern=DEFAULT_PATTERN, count=count,
        job_id=uuid4(), created_at=now, created_by="bench",
    )  # fmt: skip
    drawn = generate(pattern=DEFAULT_PATTERN, count=count, random_bytes=os.urandom)
    rows = [
        # Ready to the last column: a default of the database would cost bulk_create a third more.
        Code(
            promotion_id=owner, batch=batch, code=code, spelling=code, used_before=0, created_at=now
        )
        for code in drawn
    ]
    return lambda _look: _ignore(Code.objects.bulk_create(rows, batch_size=1_000))


def _ignore(_made: object) -> None:
    """A `Make` gives nothing back."""


def _promotion() -> int:
    """The key of the promotion that owns the codes."""
    import msgspec
    from django.db import transaction

    from promotions.actions.promotions import put_promotion
    from promotions.domain.definition import PromotionDefinition

    shape = {"name": "bench", "effect": {"kind": "percentage", "percent": "10"}}
    with transaction.atomic():
        written = put_promotion(
            promotion_id="bench",
            definition=msgspec.convert(shape, PromotionDefinition),
            actor="bench",
            now=datetime.now(UTC),
        )
    return int(written.promotion.pk)


def _cpu_seconds(pid: int) -> float:
    """User and system CPU of a process so far; 0 where it is not on this machine."""
    with suppress(FileNotFoundError), open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND
    return 0.0


def _memory_mb() -> float:
    with open("/proc/self/status") as file:
        [line] = [line for line in file if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


def main() -> None:
    """Over DATABASE_URL, or a PostgreSQL of our own that syncs to disk."""
    scale = float(os.environ.get("SCALE", "0.1"))
    with ExitStack() as stack:
        url = os.environ.get("DATABASE_URL")
        if url is None:
            url = stack.enter_context(servers(durable=True)).database_url
        print(json.dumps(measure(database_url=url, scale=scale), indent=2))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(_inside(sys.argv[1], int(sys.argv[2]))))
    else:
        main()
