"""Points at which a test kills the process; nothing where no test asks for it.

    FAULTS=sent:7:/tmp/kills    die by SIGKILL on passing `sent` for the seventh time

Three things must come together: the variable in this form, a folder that exists, and in it a file whose
name ends in `.kill`. Each death takes one of these files with it, so whoever is started again lives once
they are gone. `check --deploy` refuses the variable.
"""

import os
import signal
from pathlib import Path

VARIABLE = "FAULTS"
#: In the order in which sending passes them.
POINTS = (
    "enlisting",
    "enlisted",
    "claimed",
    "code_made",
    "rendered",
    "submitting",
    "connected",
    "sent",
    "answered",
    "recorded",
)


class Fault:
    """Where a test wants this process to die."""

    def __init__(self, name: str, nth: int, folder: Path) -> None:
        self.name = name
        self._left = nth
        self._folder = folder

    def passed(self) -> None:
        """Count, and die when it is time and somebody still has to."""
        self._left -= 1
        if self._left <= 0 and self._takes_a_file():
            os.kill(os.getpid(), signal.SIGKILL)

    def _takes_a_file(self) -> bool:
        """Of several processes each gets one, or none."""
        for file in sorted(self._folder.glob("*.kill")):
            try:
                file.unlink()
            except FileNotFoundError:
                continue
            return True
        return False


def asked_of(text: str) -> Fault | None:
    """What the variable asks for; None where it is empty or anything but what a test writes."""
    name, _, rest = text.partition(":")
    nth, _, folder = rest.partition(":")
    if name not in POINTS or not nth.isdecimal() or not folder or not os.path.isdir(folder):
        return None
    return Fault(name, int(nth), Path(folder))


_fault = asked_of(os.environ.get(VARIABLE, ""))


def point(name: str) -> None:
    """Die here by SIGKILL if a test has asked for it."""
    if _fault is not None and _fault.name == name:
        _fault.passed()
