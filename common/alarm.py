"""Ringing for work that should be done soon.

An action that wants a task done soon rings here by the task's name; `config` says what ringing
means (Celery, after commit). Nothing depends on it: the tick finds the same work.
"""

from collections.abc import Callable

_ring: Callable[[str], None] | None = None


def install(ring: Callable[[str], None]) -> None:
    """Say what ringing does; called once, when the service starts."""
    global _ring
    _ring = ring


def ring(task: str) -> None:
    """Ask for `task` to be run soon; without a bell, nothing happens."""
    if _ring is not None:
        _ring(task)
