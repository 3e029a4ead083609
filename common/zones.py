"""Time zones by their IANA names."""

from functools import cache
from zoneinfo import available_timezones


@cache
def known_time_zones() -> frozenset[str]:
    """The names that may be given. That of the machine itself, which some machines list, is none:
    elsewhere it is another, and PostgreSQL knows none.
    """
    return frozenset(available_timezones() - {"localtime"})
