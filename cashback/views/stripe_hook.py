"""Where Stripe tells what has become of payouts. Signed, so it needs no key."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cashback.actions.stripe_events import note_transfer
from cashback.channels.providers import BadSignature, read_stripe_event
from common.api.problems import problem, request_id_of, to_response

#: Stripe's are far smaller.
LARGEST = 256 * 1024


@csrf_exempt
@require_POST
def stripe_hook(request: HttpRequest) -> HttpResponseBase:
    """200 for whatever Stripe has signed, known or not, so that it is not sent again; else a problem."""
    if not settings.STRIPE_WEBHOOK_SECRET:
        return _problem(request, "not_found")
    raw = request.read(LARGEST + 1)
    if len(raw) > LARGEST:
        return _problem(request, "body_too_large")
    try:
        told = read_stripe_event(raw, signature=request.META.get("HTTP_STRIPE_SIGNATURE", ""))
    except BadSignature:
        return _problem(request, "malformed_request", detail="Stripe has not signed this.")
    noted = told is not None and note_transfer(transfer=told, now=_now(request))
    return JsonResponse({"received": True, "noted": noted})


def _problem(request: HttpRequest, code: str, *, detail: str = "") -> HttpResponseBase:
    return to_response(problem(code, request_id=request_id_of(request), detail=detail))


def _now(request: HttpRequest) -> datetime:
    """The clock, or what a test says it is, as everywhere."""
    at = request.GET.get("at") if settings.TEST_CLOCK else None
    return datetime.fromisoformat(at) if at else timezone.now()
