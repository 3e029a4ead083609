"""Mails of a campaign by two workers, beside a plain loop that sends the same letters and asks nobody."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench import outgoing, sql
from bench.cpu import child_pids, cpu_seconds
from bench.figures import Figure, Report
from bench.outgoing import PROCESSES
from bench.seed import customers_sql
from bench.service import Service, new_service
from bench.sizes import Sizes
from stack.paths import CHECKOUT
from stack.ports import LOOPBACK
from stack.processes import worker_command
from stack.testing import Stack

SEGMENT, CAMPAIGN, PROMOTION = "everybody", "news", "spring"
PLAIN, OURS_WRITTEN = "plain", "plain_with_our_writer"
_PATIENCE_SECONDS = 900
#: A plain loop sends one letter in so many, which takes about as long as ours for all of them. It is
#: a little faster for it, as it holds fewer values ready.
_LOOP_SENDS_EVERY = 4

_BODY = """Dear {{ customer.first_name | "friend" }},

:::header
# Spring is here
:::

the first harvest has arrived, and we would like you to have it first: a green tea from the hills of
Shizuoka, picked by hand in April. As you have been with us for a while, it is ten per cent less for you.

:::code
:::

What you should know of it:

- It likes water of 70 degrees, and a minute and a half.
- It does not like to wait: six months after it was opened it is a tea like any other.
- The second infusion is better than the first.

:::button
[See the new teas](https://shop.example/teas/new?of=spring)
:::

We write of such things four times a year. The [notes on brewing](https://shop.example/notes) have grown,
and the shop in the Lindenstrasse is open on Saturdays again.
"""
_MEMBERS = f"""
    INSERT INTO customers_segmentmember (segment_id, customer_id, since)
    SELECT segment.id, customer.id, now() FROM customers_customer AS customer
    JOIN customers_segment AS segment ON segment.reference = '{SEGMENT}'
"""
# All agreed to mail, every second one to being measured.
_CONSENTS = """
    INSERT INTO customers_consent (customer_id, channel, purpose, state, recorded_at)
    SELECT id, 'email', purpose, 'granted', now() - interval '30 days'
    FROM customers_customer, unnest(ARRAY['marketing', 'tracking']) AS purpose
    WHERE purpose = 'marketing' OR id % 2 = 0
"""
_AS_BEFORE = (
    "TRUNCATE campaigns_delivery CASCADE",
    "UPDATE campaigns_occurrence SET enlisted_at = NULL, enlisted_through = 0",
)


def benchmark(servers: Stack, sizes: Sizes) -> Report:
    """In turn; each round begins with everybody enlisted anew, which is not measured."""
    rows = sizes.letters
    some = rows // _LOOP_SENDS_EVERY
    rounds: dict[str, list[Any]] = {"ours": [], PLAIN: [], OURS_WRITTEN: []}
    with new_service(servers, "bench_sending") as service, _taker() as (port, taken):
        url, mail = service.database_url, {"EMAIL_URL": f"smtp://{LOOPBACK}:{port}"}
        sql.run(url, customers_sql(rows), _CONSENTS)
        service.call("PUT", f"/segments/{SEGMENT}", {"name": SEGMENT, "kind": "static"})
        sql.run(url, _MEMBERS)
        _start_campaign(service)
        for number in range(sizes.rounds):
            names = list(rounds)
            for name in names[number % 3 :] + names[: number % 3]:
                _enlisted(url, rows)
                is_ours = name == "ours"
                told = outgoing.done_at_once(
                    url,
                    "send" if is_ours else name,
                    processes=PROCESSES if is_ours else 1,
                    BENCH_LETTERS=str(some),
                    **mail,
                )
                assert sum(each["rows"] for each in told) == (rows if is_ours else some), told
                if is_ours:
                    _must_all_be_accepted(url, rows)
                rounds[name].append(told)
        _enlisted(url, rows)
        by_celery = _by_celery(service, mail, rows)
        _must_all_be_accepted(url, rows)
        total = taken()
        assert total == rows * (sizes.rounds + 1) + some * sizes.rounds * 2, total
    return _report(rounds, by_celery)


def _report(rounds: dict[str, list[Any]], by_celery: dict[str, float]) -> Report:
    a_second = {name: [_rate(told) for told in each_round] for name, each_round in rounds.items()}

    def share(of: str) -> float:
        pairs = zip(a_second["ours"], a_second[of], strict=True)
        return median(ours / plain for ours, plain in pairs)

    grown = max(each["grown_mb"] for told in rounds["ours"] for each in told)
    return Report(
        name="sending",
        figures=[
            Figure(
                name="sending: messages a second beside a plain loop",
                value=share(PLAIN),
                target=0.9,
                aim=1.8,
                at_least=True,
            ),
            Figure(
                name="sending: the same, where the loop has our writer of messages",
                value=share(OURS_WRITTEN),
            ),
            Figure(name="sending: messages", value=median(a_second["ours"]), unit="/s"),
            Figure(
                name="sending: Celery's own share of its workers' CPU",
                value=1 - by_celery["inside"] / by_celery["cpu"],
                target=0.05,
            ),
            Figure(name="sending: a worker's growth", value=grown, unit="MB", target=10),
        ],
        detail={"rounds": rounds, "celery": by_celery},
    )


def _rate(told: list[Any]) -> float:
    """Letters a second, of processes that began at one moment."""
    rows: int = sum(each["rows"] for each in told)
    seconds: float = max(each["seconds"] for each in told)
    return rows / seconds


def _enlisted(url: str, rows: int) -> None:
    sql.run(url, *_AS_BEFORE)
    told = outgoing.done(url, "enlist")
    assert told["rows"] == rows, told
    sql.run(url, "VACUUM ANALYZE campaigns_delivery", "CHECKPOINT")


def _must_all_be_accepted(url: str, rows: int) -> None:
    found = sql.rows(url, "SELECT state, count(*) FROM campaigns_delivery GROUP BY state")
    assert found == [("accepted", rows)], found


def _by_celery(service: Service, mail: dict[str, str], rows: int) -> dict[str, float]:
    """CPU of Celery's worker while it sends all, and how much of it was spent in the tasks."""
    url = service.database_url
    with TemporaryDirectory() as folder:
        log = Path(folder) / "tasks"
        environment = dict(os.environ) | service.servers.variables | mail
        environment |= {"DATABASE_URL": url, "BENCH_TASK_LOG": str(log)}
        command = [
            part if part != "config.celery" else "bench.tasks"
            for part in worker_command(processes=PROCESSES, queues="mail")
        ]
        with subprocess.Popen(
            command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as worker:
            try:
                _until_ready(worker)
                before = cpu_seconds(child_pids(worker.pid))
                outgoing.done(url, "ring", REDIS_URL=environment["REDIS_URL"])
                _until_sent(url, rows)
                # The last task says what it cost.
                time.sleep(1)
                cpu = cpu_seconds(child_pids(worker.pid)) - before
            finally:
                worker.terminate()
        inside = sum(map(float, log.read_text("ascii").split()))
    return {"cpu": cpu, "inside": inside}


def _until_ready(worker: "subprocess.Popen[bytes]") -> None:
    assert worker.stdout is not None
    for line in worker.stdout:
        if b" ready." in line:
            return
    raise RuntimeError("Celery's worker has ended")


def _until_sent(url: str, rows: int) -> None:
    ends = time.monotonic() + _PATIENCE_SECONDS
    sent = "SELECT count(*) FROM campaigns_delivery WHERE state = 'accepted'"
    while sql.rows(url, sent) != [(rows,)]:
        if time.monotonic() > ends:
            raise TimeoutError(f"not all of {rows} mails were sent")
        time.sleep(0.5)


@contextmanager
def _taker() -> Iterator[tuple[int, Any]]:
    """The port of a mail server that keeps nothing, and what ends it and tells how many it took."""
    command: Sequence[str] = [sys.executable, "-m", "bench.taker"]
    with subprocess.Popen(
        command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None

        def taken() -> int:
            told, _ = process.communicate()
            return int(told)

        try:
            yield int(process.stdout.readline()), taken
        finally:
            process.kill()


def _start_campaign(service: Service) -> None:
    second = replace(service, api_key=service.servers.api_key("second"))
    offer = {
        "name": "Spring",
        "effect": {"kind": "percentage", "percent": "10"},
        "status": "active",
    }
    service.call("PUT", f"/promotions/{PROMOTION}", offer)
    body = {
        "name": CAMPAIGN,
        "channel": "email",
        "promotion_id": PROMOTION,
        "code_valid_days": 14,
        "audience": {"segments": [SEGMENT]},
        "trigger": {"kind": "once", "at": datetime.now(UTC).isoformat()},
        "content": {"en": {"subject": "Spring is here", "body": _BODY}},
    }
    service.call("PUT", f"/campaigns/{CAMPAIGN}", body)
    for by, act in ((service, "submit"), (second, "approve"), (second, "schedule")):
        by.call("POST", f"/campaigns/{CAMPAIGN}/{act}", {}, key=f"bench-sending-{act}")
