"""What the supervisor runs: services, which live on, and chores, which end."""

import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from stack.paths import CHECKOUT


def _always() -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Service:
    """One process that is started, watched, started again when it dies, and ended."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path = CHECKOUT
    # Run as this user; None: as ourselves.
    user_id: int | None = None
    group_id: int | None = None
    # Asked again and again until it says yes.
    is_ready: Callable[[], bool] = _always
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10
    # A chore runs once to its end, and the start fails with it.
    is_chore: bool = False
