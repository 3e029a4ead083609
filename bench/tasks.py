"""Celery's worker as it is, which also notes what each task costs inside of it: a line of CPU seconds.

    BENCH_TASK_LOG=FILE python -m celery --app bench.tasks worker

What the worker's processes need beyond that is Celery's own.
"""

import os
import time
from pathlib import Path
from typing import Any

from celery.signals import task_postrun, task_prerun

from config.celery import app

__all__ = ["app"]

_log = Path(os.environ.get("BENCH_TASK_LOG", os.devnull))
_began: dict[str, float] = {}


@task_prerun.connect
def _begin(task_id: str, **_more: Any) -> None:
    _began[task_id] = time.process_time()


@task_postrun.connect
def _end(task_id: str, **_more: Any) -> None:
    with _log.open("a", encoding="ascii") as log:
        log.write(f"{time.process_time() - _began.pop(task_id)}\n")
