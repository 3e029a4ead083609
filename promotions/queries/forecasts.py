"""Reads: the forecasts of a promotion, with what came of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from journal.queries import jobs_by_id
from promotions.models import Forecast

#: Where none of so many has succeeded, nobody looks for an older one.
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Forecasts:
    """The newest forecast and its job, and the newest result. None: there is none."""

    newest: Forecast | None = None
    job: Any = None
    result: Mapping[str, Any] | None = None


def forecasts_of(promotion_key: int) -> Forecasts:
    """In two statements, one where the promotion has no forecast."""
    rows = list(Forecast.objects.filter(promotion_id=promotion_key).order_by("-id")[:_LOOKED_AT])
    if not rows:
        return Forecasts()
    jobs = jobs_by_id([row.job_id for row in rows])
    results = (job.result for row in rows if (job := jobs.get(row.job_id)) and job.result)
    return Forecasts(newest=rows[0], job=jobs.get(rows[0].job_id), result=next(results, None))
