"""Where mail providers tell what has become of messages. Signed as they sign, so it needs no key."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaigns.actions.hearing import hear
from campaigns.channels.provider_events import NotBelieved, Unreadable, read_events
from campaigns.channels.providers import provider
from common.api.problems import problem, request_id_of, to_response
from common.own_pages import asked_instant

#: A batch of a thousand events is smaller.
LARGEST = 4 * 1024 * 1024


@csrf_exempt
@require_http_methods(["POST", "HEAD"])
def mail_hook(request: HttpRequest, name: str) -> HttpResponseBase:
    """200 for whatever the provider has said, known or not, so that it is not said again; else a problem.

    There is only the address of the provider that is set, and none without a secret.
    """
    chosen = provider() if name == settings.EMAIL_PROVIDER else None
    if chosen is None or not settings.EMAIL_WEBHOOK_SECRET:
        return _problem(request, "not_found")
    if request.method == "HEAD":
        # Some ask so whether anybody is there.
        return HttpResponse()
    if len(request.body) > LARGEST:
        return _problem(request, "body_too_large")
    now = asked_instant(request)
    try:
        told = read_events(request, by=chosen, now=now)
    except NotBelieved:
        return _problem(request, "malformed_request", detail="The provider has not signed this.")
    except Unreadable:
        return _problem(request, "malformed_request", detail="This is no event of the provider's.")
    return JsonResponse({"received": True, "noted": hear(told, provider=name, now=now)})


def _problem(request: HttpRequest, code: str, *, detail: str = "") -> HttpResponseBase:
    return to_response(problem(code, request_id=request_id_of(request), detail=detail))
