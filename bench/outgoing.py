"""Acts of campaigns in a process of their own, without HTTP; prints JSON.

    python -m bench.outgoing enlist

Over DATABASE_URL.
"""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Any

from stack.paths import CHECKOUT


def done(database_url: str, act: str) -> Any:
    """What such a process says of its act.

    Raises:
        subprocess.CalledProcessError
    """
    told = subprocess.run(
        [sys.executable, "-m", "bench.outgoing", act],
        cwd=CHECKOUT,
        env=dict(os.environ)
        | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(told.stdout.splitlines()[-1])


# Inside of it


def _enlist() -> dict[str, float]:
    """All that is due now, as a worker does it."""
    from campaigns.actions.enlisting import enlist_due
    from campaigns.actions.opening import open_due

    now = datetime.now(UTC)
    open_due(now=now)
    began, used = time.perf_counter(), time.process_time()
    rows = enlist_due(now=now)
    return {
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - used,
        "rows": rows,
    }


def main(act: str) -> None:
    """Do it, and say how long it took."""
    import django

    django.setup()
    print(json.dumps({"enlist": _enlist}[act]()))


if __name__ == "__main__":
    main(*sys.argv[1:])
