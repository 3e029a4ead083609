"""Health, the table of error codes, and the test clock."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from msgspec import Struct
from redis.exceptions import RedisError

from common.answers import Answer, answer
from common.api import problems
from common.api.call import Call
from common.api.endpoint import ClockDisabled, Endpoint, operation
from common.errors import CODES, FieldError, ValidationFailed
from config import timetable


class ErrorCodesView(Endpoint):
    """All codes that an answer may carry; any key may ask."""

    @operation(
        "All error and reason codes, in German and English",
        answers={200: dict[str, Any]},
    )
    def get(self, call: Call) -> Answer:
        errors = [
            {
                "code": row.code,
                "kind": "error",
                "status": row.status,
                "title": {"de": row.de, "en": row.en},
            }
            for row in CODES.values()
        ]
        return answer(200, {"results": errors, "next_cursor": None})


class RunClockRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """`at` is taken from every body; nothing else is asked."""


class RunClockResponse(Struct, frozen=True):
    """What was done, by kind of work."""

    at: Any
    done: dict[str, int]


class ClockRunView(Endpoint):
    """Everything that is due at the instant `at`, done before the answer (test clock only)."""

    @operation(
        "Do everything that is due at an instant",
        body=RunClockRequest,
        answers={200: RunClockResponse},
        problems=["test_clock_disabled"],
    )
    def post(self, call: Call) -> Answer:
        if not settings.TEST_CLOCK:
            raise ClockDisabled
        if not call.at_given:
            raise ValidationFailed(
                errors=[FieldError("/at", "required", "This field is required.")]
            )
        done = timetable.run_due(now=call.now)
        return answer(200, RunClockResponse(at=call.now, done=done))


def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> HttpResponse:
    """The database answers; broker and scheduler are reported, since checkout goes on without them."""
    checks: dict[str, Any] = {"database": _database(), "broker": _broker()}
    checks["scheduler_tick_age_seconds"] = (
        timetable.tick_age_seconds() if checks["database"] == "ok" else None
    )
    status = 200 if checks["database"] == "ok" else 503
    return JsonResponse(
        {"status": "ok" if status == 200 else "unavailable", **checks}, status=status
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such address; below /api as a problem document."""
    return _page_or_problem(request, "not_found")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that Django itself refuses, such as one for another host."""
    return _page_or_problem(request, "malformed_request")


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke outside of the API's own handler."""
    return _page_or_problem(request, "internal_error")


def _page_or_problem(request: HttpRequest, code: str) -> HttpResponse:
    made = problems.problem(code, request_id=problems.request_id_of(request))
    if request.path.startswith("/api/"):
        return problems.to_response(made)
    row = CODES[code]
    return HttpResponse(row.de if problems.language() == "de" else row.en, status=row.status)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unavailable"
    return "ok"


def _broker() -> str:
    try:
        cache.get("health")
    except (RedisError, OSError):
        return "unavailable"
    return "ok"
