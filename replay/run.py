"""One run against one service: what all its parts share."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TypeVar

from replay.bodies import Names
from replay.calls import Caller, Got
from replay.plan import Plan
from replay.progress import Progress
from replay.reading import Journey
from replay.tally import Tally

Item = TypeVar("Item")


class SetUpRefused(Exception):
    """The service refused what must be there before anything can be played."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """`pool` has one thread, and so one connection, per worker."""

    caller: Caller
    names: Names
    journey: Journey
    plan: Plan
    tally: Tally
    progress: Progress
    pool: ThreadPoolExecutor

    def each(self, items: Iterable[Item], act: Callable[[Item], object]) -> None:
        """Do `act` with every item, several at once; the first exception ends it."""
        waiting = [self.pool.submit(act, item) for item in items]
        try:
            for done in as_completed(waiting):
                done.result()
        except BaseException:
            for other in waiting:
                other.cancel()
            raise


def required(got: Got, *statuses: int) -> Got:
    """The answer, if its status is one of these.

    Raises:
        SetUpRefused
    """
    if got.status not in statuses:
        raise SetUpRefused(str(got))
    return got
