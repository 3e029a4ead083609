"""An import of orders killed with -9 half way, and taken up again: each good row once, each bad one reported."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from customers.domain.order_lines import COLUMNS
from customers.models import Order, OrderImport, OrderLine
from journal.models import AuditEntry, Job, RowError
from stack.paths import CHECKOUT
from stack.testing import with_database
from tests.customers.imports.files import row

PATIENCE = 600
MOST_MEMORY_MB = 300
SIZES = [
    pytest.param(20_000, 1_000, id="20,000 orders"),
    pytest.param(1_000_000, 1_000, id="1,000,000 orders", marks=pytest.mark.slow),
]
#: Orders the import, or takes up what is left of it long after its worker died; how much memory it had.
_WORKER = """
import sys
import django
django.setup()
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
from journal.actions import run_next_job
if len(sys.argv) > 1:
    call_command("import_orders", sys.argv[1])
else:
    run_next_job(now=lambda: timezone.now() + timedelta(minutes=3))
[peak] = [line for line in open("/proc/self/status") if line.startswith("VmHWM:")]
print(int(peak.split()[1]) // 1024)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("orders", "bad"), SIZES)
def test_a_killed_import_goes_on_where_it_was(tmp_path: Path, orders: int, bad: int) -> None:
    file = tmp_path / "orders.csv"
    rows = write(file, orders=orders, bad=bad)
    first = worker(str(file))
    assert until_half_way(first), "it ended before it was killed"
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=PATIENCE)
    taken = OrderImport.objects.get()
    assert 0 < taken.good + taken.rejected < rows
    assert Order.objects.count() == taken.good // 2

    second = worker()
    told, _ = second.communicate(timeout=3 * PATIENCE)
    assert second.returncode == 0
    print(f"\n{orders} orders: at most {int(told)} MB")
    assert int(told) < MOST_MEMORY_MB

    asked, job = OrderImport.objects.get(), Job.objects.get()
    assert (job.status, job.done, asked.rows) == ("succeeded", rows, rows)
    assert (asked.good, asked.rejected) == (rows - 2 * bad, 2 * bad)
    assert (Order.objects.count(), OrderLine.objects.count()) == (orders - bad, rows - 2 * bad)
    assert AuditEntry.objects.filter(action="order.created").count() == orders - bad
    reported = RowError.objects.order_by("line").values_list("line", "column")
    assert list(reported) == bad_rows(orders, bad)
    call_command("verify_metrics")


def write(file: Path, *, orders: int, bad: int) -> int:
    """Two rows an order; of every so many the second is wrong."""
    wrong = {line for line, column in bad_rows(orders, bad) if column == "quantity"}
    with file.open("w", encoding="utf-8") as out:
        out.write(",".join(COLUMNS) + "\n")
        for number in range(orders):
            whose = {"order_id": f"h{number}", "customer_id": f"c{number * 7 % (orders // 10)}"}
            out.write(row(**whose, line_id="1") + "\n")
            quantity = "none" if 2 * number + 3 in wrong else "1"
            out.write(row(**whose, line_id="2", name="Tea", quantity=quantity) + "\n")
    return 2 * orders


def bad_rows(orders: int, bad: int) -> list[tuple[int, str]]:
    """Line and column of what is reported: the wrong row, and the one beside it."""
    found: list[tuple[int, str]] = []
    for number in range(0, orders, orders // bad):
        found += [(2 * number + 2, "order_id"), (2 * number + 3, "quantity")]
    return found


def worker(*arguments: str) -> "subprocess.Popen[str]":
    name = str(connection.settings_dict["NAME"])
    own = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": with_database(os.environ["DATABASE_URL"], name),
        "SECRET_KEY": settings.SECRET_KEY,
    }
    return subprocess.Popen(
        [sys.executable, "-c", _WORKER, *arguments],
        cwd=CHECKOUT,
        env={**os.environ, **own},
        stdout=subprocess.PIPE,
        text=True,
    )


def until_half_way(process: "subprocess.Popen[str]") -> bool:
    """Wait until half of the rows are decided; False if the worker ended before."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        job = Job.objects.first()
        if job is not None and job.total and job.done >= job.total // 2:
            return job.status == "running"
        time.sleep(0.005)
    return False
