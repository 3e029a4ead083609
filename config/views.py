"""Health, the document and its page, the table of codes, and the test clock."""

from datetime import datetime
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseFailure
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from kombu import Connection
from msgspec import Struct

from access.authentication import once
from common.answers import Answer, answer
from common.api import pages
from common.api.call import Call
from common.api.endpoint import ClockDisabled, Endpoint, operation
from common.api.german import in_german
from common.api.pages import PAGE_QUERY, PageOf
from common.errors import FieldError, NotFound, ValidationFailed
from common.ids import parse_public_id
from config import timetable
from config.codes import ErrorCodeResponse, all_codes
from config.openapi.document import document_bytes
from journal.actions import cancel_job
from journal.serializers.jobs import JobResponse, job_response

# Health is asked every few seconds, and must not wait for a broker that is away.
_BROKER_TIMEOUTS = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}


class ErrorCodesView(Endpoint):
    """All codes that an answer may carry; any key may ask."""

    @operation(
        "All error, reason and field codes, in German and English",
        description="By kind, in the order in which they are documented; all of them in one page.",
        query=PAGE_QUERY,
        answers={200: PageOf[ErrorCodeResponse]},
    )
    def get(self, call: Call) -> Answer:
        rows = all_codes()
        start = pages.cursor_of(call, int) or 0
        limit = pages.limit_of(call.query, default=len(rows))
        numbered = list(enumerate(rows, start=1))[max(start, 0) :]
        found = pages.page(numbered, call=call, key=itemgetter(0), show=itemgetter(1), limit=limit)
        return answer(200, found)


class OpenApiView(Endpoint):
    """This service as an OpenAPI document; any key may ask."""

    @operation("The OpenAPI 3.1 document", answers={200: dict[str, Any]})
    def get(self, call: Call) -> Answer:
        return Answer(200, document_bytes(test_clock=settings.TEST_CLOCK))


def api_docs(request: HttpRequest) -> HttpResponse:
    """The document as a page. It holds no secret, so the page needs no key and carries it along."""
    made = document_bytes(test_clock=settings.TEST_CLOCK).decode()
    # Inside a script element only `<` could end it.
    return _public_page(request, "api/docs.html", document=made.replace("<", "\\u003c"))


def error_pages(request: HttpRequest) -> HttpResponse:
    """Where the `type` of a problem document leads: all codes on one page, each with its anchor."""
    return _public_page(request, "api/errors.html", rows=all_codes())


def _public_page(request: HttpRequest, template: str, **content: object) -> HttpResponse:
    title = f"{settings.SHOP_NAME}: {settings.SPECTACULAR_SETTINGS['TITLE']}"
    response = render(request, template, {"title": title, **content})
    # Nothing is loaded from elsewhere; Redoc searches in a worker and writes its styles itself.
    response["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self'; worker-src blob:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    return response


class RunClockRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """`at` is taken from every body; nothing else is asked."""


class RunClockResponse(Struct, frozen=True):
    """What was done, by kind of work."""

    at: datetime
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
        # All of it is safe to repeat, so a key that is sent needs to be looked at only then.
        made = answer(200, RunClockResponse(at=call.now, done=timetable.run_due(now=call.now)))
        return once(call, lambda: made)


class JobCancelView(Endpoint):
    """The early end of a job; any key may ask for it."""

    @operation(
        "Cancel a background job",
        description=(
            "Forecasts are cancelled while they wait or run, and leave no result: such a job is "
            "`failed`, with the error `cancelled`. One that has ended, and one of any other kind, "
            "gets 409."
        ),
        answers={200: JobResponse},
        problems=["not_found", "state_transition_not_allowed"],
    )
    def post(self, call: Call, *, job_id: str) -> Answer:
        key = parse_public_id("job", job_id)
        if key is None:
            raise NotFound("There is no such job.")

        def act() -> Answer:
            job = cancel_job(job_id=key, actor=call.caller.actor, now=call.now)
            return answer(200, job_response(job, told=in_german if call.language == "de" else str))

        return once(call, act)


def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> HttpResponse:
    """The database answers; broker and scheduler are reported, since checkout goes on without them."""
    try:
        tick_age = timetable.tick_age_seconds()
        database, status = "ok", 200
    except DatabaseFailure:
        tick_age = None
        database, status = "unavailable", 503
    told = {
        "status": "ok" if status == 200 else "unavailable",
        "database": database,
        "broker": _broker(),
        "scheduler_tick_age_seconds": tick_age,
    }
    return JsonResponse(told, status=status)


def _broker() -> str:
    broker = Connection(settings.CELERY_BROKER_URL, transport_options=_BROKER_TIMEOUTS)
    try:
        with broker:
            broker.connect()
    except (OSError, *broker.connection_errors):
        return "unavailable"
    return "ok"
