"""A bar that moves in a terminal, and a line per stage where nobody watches."""

import threading
import time
from typing import TextIO

WIDTH = 30
#: Seconds between two pictures, in a terminal and in a log.
FRAME, LOG_FRAME = 0.1, 30.0


class Progress:
    """Shows how far each stage is; `advance` may be called from any thread."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._moves = stream.isatty()
        self._lock = threading.Lock()
        self._label, self._done, self._total = "", 0, 0
        self._began = self._shown = 0.0
        #: Seconds of each stage that has ended.
        self.seconds: dict[str, float] = {}

    def begin(self, label: str, total: int) -> None:
        """A new stage; the one before it has ended."""
        self.end()
        self._label, self._done, self._total = label, 0, total
        self._began = self._shown = time.monotonic()
        if self._moves:
            self._draw()

    def advance(self, count: int = 1) -> None:
        """So much more is done."""
        with self._lock:
            self._done += count
            now = time.monotonic()
            if now - self._shown >= (FRAME if self._moves else LOG_FRAME):
                self._shown = now
                self._draw()

    def end(self) -> None:
        """The stage has ended, however far it came."""
        if not self._label:
            return
        self.seconds[self._label] = time.monotonic() - self._began
        self._draw()
        if self._moves:
            self._stream.write("\n")
            self._stream.flush()
        self._label = ""

    def _draw(self) -> None:
        text = picture(
            self._label, done=self._done, total=self._total, seconds=time.monotonic() - self._began
        )
        self._stream.write(f"\r{text}" if self._moves else f"{text}\n")
        self._stream.flush()


def picture(label: str, *, done: int, total: int, seconds: float) -> str:
    """One line.

    >>> picture("orders", done=500, total=1000, seconds=61.2)
    'orders               [###############...............]     500 / 1,000       61 s'
    """
    full = WIDTH * min(done, total) // total if total else WIDTH
    bar = "#" * full + "." * (WIDTH - full)
    return f"{label:20} [{bar}] {done:>7,} / {total:<7,} {seconds:>6.0f} s"
