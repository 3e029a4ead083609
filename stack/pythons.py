"""Which Python of this machine `.venv` is made from.

Builds of the same version differ: one compiled without profiles, as version managers make it, took
1.3 to 1.9 times as long here as the distribution's. So each that is found is asked once.
"""

import math
import os
import subprocess
import sys

# Another one must be that much faster than the one that runs, or the choice would be noise.
WORTH_IT = 0.85
PROBE_TIMEOUT_SECONDS = 20
# Each is asked that often, in turns, and its best counts: machines are noisy.
ROUNDS = 4

# Prints its own path and the seconds that a little of everything takes. Fails without ensurepip,
# which some distributions pack apart, and without which it makes no environment.
PROBE = """
import ensurepip, json, sys, time
ensurepip.version()

class Row:
    def __init__(self, number):
        self.number = number

    def text(self):
        return f"{self.number:>8}".strip()

def work():
    rows = json.loads(json.dumps([{"a": n, "b": [n, n]} for n in range(1500)]))
    return sum(len(Row(row["a"]).text()) * row["b"][0] for row in rows)

def seconds():
    began = time.process_time()
    work()
    return time.process_time() - began

print(sys.executable)
print(min(seconds() for _ in range(20)))
"""


def fastest() -> str:
    """The path of the Python to take: the one that runs, unless another is clearly faster."""
    best: dict[str, float] = {}
    asked = [sys.executable, *_same_version()]
    for _ in range(ROUNDS):
        for path, seconds in filter(None, map(_probe, asked)):
            best[path] = min(seconds, best.get(path, seconds))
    # Without ensurepip the one that runs can make none.
    enough = best.get(sys.executable, math.inf) * WORTH_IT
    path = min(best, key=best.__getitem__, default=sys.executable)
    return path if best.get(path, enough) < enough else sys.executable


def _same_version() -> list[str]:
    """Each Python of the version that runs, on the path of programs."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    paths = [os.path.join(folder, name) for folder in folders if folder]
    known = {os.path.realpath(sys.executable)}
    fresh = []
    for path in paths:
        real = os.path.realpath(path)
        if os.access(path, os.X_OK) and real not in known:
            known.add(real)
            fresh.append(path)
    return fresh


def _probe(path: str) -> tuple[str, float] | None:
    """(its own path, seconds of CPU), or None where it does not run or can make no environment."""
    try:
        told = subprocess.run(
            [path, "-c", PROBE],
            capture_output=True,
            text=True,
            check=True,
            timeout=PROBE_TIMEOUT_SECONDS,
        )
        executable, seconds = told.stdout.splitlines()
        return executable, float(seconds)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
