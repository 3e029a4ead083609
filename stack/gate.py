"""`make test`: everything that must hold before a change lands, in one command.

First what needs no server (lint, format, import contracts, types), then migrations and tests on
servers of its own. SLOW=1 runs the slow tests too; PYTEST_ARGS are passed on.
"""

import argparse
import os
import shlex
import signal
import subprocess
import sys
import time
from contextlib import ExitStack

from stack.errors import StackError
from stack.paths import CHECKOUT
from stack.processes import manage_command
from stack.testing import start_given_or_own

LIMIT_MINUTES = 25
SLOW_LIMIT_MINUTES = 60
ENDING_SECONDS = 60
PYTHON = sys.executable

# import-linter has no `-m`.
_LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
QUICK = {
    "lint": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "imports": [PYTHON, "-c", _LINT_IMPORTS],
    "types": [PYTHON, "-m", "mypy"],
}
MIGRATIONS = manage_command("makemigrations", "--check", "--dry-run")
# Else what is slow may stand in one queue while the other one is empty.
PYTEST = [PYTHON, "-m", "pytest", "-n", "3", "--dist", "worksteal", "--durations=20"]


class Gate:
    """Runs commands one after another against one clock."""

    def __init__(self, *, limit_minutes: float) -> None:
        self._started = time.monotonic()
        self._limit_seconds = limit_minutes * 60
        self.failed: list[str] = []

    def check(self, name: str, command: list[str]) -> None:
        """Run it, say how long it took, remember a failure."""
        print(f"== {name}: {shlex.join(command[1:])}", flush=True)
        began = time.monotonic()
        with subprocess.Popen(command, cwd=CHECKOUT) as process:
            try:
                code = process.wait(timeout=self._limit_seconds - self.seconds())
            except subprocess.TimeoutExpired:
                print(f"\n== over {self._limit_seconds / 60:.0f} minutes: stopped", flush=True)
                _end(process)
                code = 124
            except BaseException:
                # Whoever stops us stops what we run: it would go on alone, beside the next one.
                _end(process)
                raise
        if code != 0:
            self.failed.append(name)
        word = "ok" if code == 0 else f"FAILED ({code})"
        print(f"== {name}: {word}, {time.monotonic() - began:.1f} s\n", flush=True)

    def seconds(self) -> float:
        """Since the beginning."""
        return time.monotonic() - self._started


def _end(process: subprocess.Popen[bytes]) -> None:
    """Politely: pytest tells what it has found so far, and what took long."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def main() -> int:
    """0 when all holds."""
    parser = argparse.ArgumentParser(prog="python -m stack.gate", description=__doc__)
    parser.add_argument("--lint", action="store_true", help="only what needs no server")
    wanted = parser.parse_args()
    # In the background of a shell it is ignored, by our children too: then none could be ended politely.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    is_slow = os.environ.get("SLOW") == "1"
    gate = Gate(limit_minutes=SLOW_LIMIT_MINUTES if is_slow else LIMIT_MINUTES)
    for name, command in QUICK.items():
        gate.check(name, command)
    if not wanted.lint and not gate.failed:
        with ExitStack() as stack:
            start_given_or_own(stack)
            gate.check("migrations", MIGRATIONS)
            gate.check("tests", PYTEST + shlex.split(os.environ.get("PYTEST_ARGS", "")))
    result = f"FAILED: {', '.join(gate.failed)}" if gate.failed else "all holds"
    print(f"== {result}, {gate.seconds():.0f} s in all", flush=True)
    return 1 if gate.failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except StackError as error:
        sys.exit(str(error))
