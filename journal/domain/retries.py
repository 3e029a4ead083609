"""When a receiver that did not take an event is tried again, and when no more."""

from datetime import timedelta

#: An event is tried for so long from when it was due.
TRIED_FOR = timedelta(hours=72)
#: An endpoint that took nothing for so long is disabled at the next event that is given up.
DISABLED_AFTER = timedelta(hours=120)

_PAUSES = (
    timedelta(seconds=10),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
)
_LONGEST_PAUSE = timedelta(hours=1)
#: By so much of itself a pause may be shorter, so that receivers are not all tried at once.
_JITTER = 0.2


def pause_after(failures: int, *, chance: float) -> timedelta:
    """How long an endpoint rests after so many failures in a row; `chance` is from 0 to 1.

    Never longer than an hour: the events behind the failed one wait as well.

    >>> [str(pause_after(n, chance=0)) for n in (1, 2, 6, 7, 99)]
    ['0:00:10', '0:00:30', '0:30:00', '1:00:00', '1:00:00']
    >>> str(pause_after(1, chance=1))
    '0:00:08'
    """
    pause = _PAUSES[failures - 1] if failures <= len(_PAUSES) else _LONGEST_PAUSE
    return pause * (1 - _JITTER * chance)
