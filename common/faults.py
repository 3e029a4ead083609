"""Points at which a test kills the process; nothing where no test asks for it.

`FAULTS` in the environment names a point and at which passing it strikes: `submitting:3`. A file beside
it says that it has struck, so that the process that comes after it lives.
"""

import os
import signal

_ASKED = os.environ.get("FAULTS", "")
_passed = 0


def point(name: str) -> None:
    """Die here by SIGKILL if a test has asked for it."""
    if _ASKED:
        _pass(name)


def _pass(name: str) -> None:
    global _passed
    asked, _, rest = _ASKED.partition(":")
    if asked != name:
        return
    _passed += 1
    nth, _, marks = rest.partition(":")
    if _passed >= int(nth) and _strikes(marks):
        os.kill(os.getpid(), signal.SIGKILL)


def _strikes(marks: str) -> bool:
    """Whether this process is one of those that are to die: each takes one of the folder's files."""
    for mark in sorted(os.listdir(marks)):
        try:
            os.unlink(os.path.join(marks, mark))
        except FileNotFoundError:
            continue
        return True
    return False
