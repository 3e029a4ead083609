"""Forecasts: the period that is asked for, and the job that answers."""

from msgspec import Struct

from common.fields import Instant


class ForecastRequest(Struct, frozen=True, forbid_unknown_fields=True, rename={"since": "from"}):
    """Over orders placed from `from` on and before `until`."""

    since: Instant
    until: Instant


class ForecastJobResponse(Struct, frozen=True):
    """The job; its `result` is the forecast."""

    job_id: str
    status: str
