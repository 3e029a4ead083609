"""What a month did, over REST."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from cashback.domain.movements import Movements, breakage_percent, change_of


class MovementsOfCurrencyResponse(Movements, frozen=True, kw_only=True):
    """What a month did to what customers have, in one currency; minor units."""

    #: By how much more, or less, that is: pending, available, held or on its way to a bank, debt subtracted.
    change: int
    #: How much of what was spent, paid out or lost was lost; null where nothing was.
    breakage_percent: str | None


class MovementsResponse(Struct, frozen=True, kw_only=True):
    """What a month did to what customers have."""

    #: The month's first instant, and the next month's.
    since: datetime
    until: datetime
    currencies: list[MovementsOfCurrencyResponse]


def movements_response(
    rows: Iterable[Movements], *, since: datetime, until: datetime
) -> MovementsResponse:
    """A month as its answer."""
    return MovementsResponse(
        since=since,
        until=until,
        currencies=[
            MovementsOfCurrencyResponse(
                **{name: getattr(row, name) for name in Movements.__struct_fields__},
                change=change_of(row),
                breakage_percent=breakage_percent(row),
            )
            for row in rows
        ],
    )
