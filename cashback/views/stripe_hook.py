"""Where Stripe tells what has become of payouts. Signed, so it needs no key."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cashback.actions.stripe_events import note_transfer
from cashback.channels.providers import BadSignature, read_stripe_event

#: Stripe's are far smaller.
LARGEST = 256 * 1024


@csrf_exempt
@require_POST
def stripe_hook(request: HttpRequest) -> HttpResponse:
    """200 for whatever Stripe has signed, known or not, so that it is not sent again; else 4xx."""
    if not settings.STRIPE_WEBHOOK_SECRET:
        return JsonResponse({"error": "not set up"}, status=404)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return JsonResponse({"error": "too large"}, status=413)
    try:
        told = read_stripe_event(
            request.body, signature=request.META.get("HTTP_STRIPE_SIGNATURE", "")
        )
    except BadSignature:
        return JsonResponse({"error": "bad signature"}, status=400)
    noted = told is not None and note_transfer(transfer=told, now=_now(request))
    return JsonResponse({"received": True, "noted": noted})


def _now(request: HttpRequest) -> datetime:
    """The clock, or what a test says it is, as everywhere."""
    at = request.GET.get("at") if settings.TEST_CLOCK else None
    return datetime.fromisoformat(at) if at else timezone.now()
