"""The one view."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class BareView(APIView):
    """Answers `{}`, whatever is sent."""

    def post(self, request: Request) -> Response:
        return Response({})


def live(request: HttpRequest) -> HttpResponse:
    """The supervisor asks whether we serve."""
    return HttpResponse()


urlpatterns = [path("bare", BareView.as_view()), path("health/live", live)]
