"""Who is due for a trigger in a window, found as the service finds them: around the source's SELECT."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from django.db import connection

from campaigns.domain.triggers import Trigger, trigger_errors
from campaigns.queries.sources import Source, source_of
from customers.models import Customer
from tests.api import DAY, Api


class Due(NamedTuple):
    """A row, with the customer by the shop's id."""

    customer: str
    occurrence: str
    local_date: date | None
    at: datetime | None
    subject: int | None


def due(trigger: Mapping[str, Any], since: datetime, until: datetime) -> list[Due]:
    """By customer and occurrence."""
    source = source_for(trigger)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT customer_id, occurrence, local_date, at, subject FROM ({source.sql}) AS due
            ORDER BY customer_id, occurrence
            """,
            {**source.binds, "since": since, "until": until},
        )
        assert [column.type_code for column in cursor.description] == [20, 25, 1082, 1184, 20]
        rows = cursor.fetchall()
    names = dict(Customer.objects.values_list("pk", "reference"))
    found = [Due(names[key], *row) for key, *row in rows]
    assert all(
        (row.at is None, row.local_date is not None) == (source.is_local,) * 2 for row in found
    )
    return found


def source_for(trigger: Mapping[str, Any]) -> Source:
    """The source of a trigger as it is told."""
    told = msgspec.convert(trigger, Trigger)
    assert trigger_errors(told) == []
    return source_of(told)


def on_day(trigger: Mapping[str, Any], day: date, *, hour: int = 12) -> list[Due]:
    """Those who are due on this very day, looked for around `hour` of it in UTC."""
    noon = datetime.fromisoformat(f"{day}T{hour:02}:00Z")
    return [row for row in due(trigger, noon - timedelta(hours=1), noon) if row.local_date == day]


def day_by_day(trigger: Mapping[str, Any], first: datetime, days: int) -> list[Due]:
    """All who are due in so many windows of a day that follow each other; who is found twice is the same."""
    found: dict[Due, None] = {}
    for day in range(days):
        found |= dict.fromkeys(due(trigger, first + day * DAY, first + (day + 1) * DAY))
    return list(found)


def tell(api: Api, customer_id: str = "ada", **profile: Any) -> None:
    """A customer of whom the shop knows this and no more."""
    assert api.put(f"/customers/{customer_id}", profile).status in (200, 201)
