"""Addresses of the pages that mails lead to."""

from typing import Any

from django.urls import path

from campaigns.views.confirming import confirmation
from campaigns.views.leaving import unsubscribe
from campaigns.views.preferring import preferences

#: Without a key, each by a signed mark.
pages: list[Any] = [
    path("u/<str:token>", unsubscribe, name="campaigns-unsubscribe"),
    path("preferences/<str:token>", preferences, name="campaigns-preferences"),
    path("confirm/<str:token>", confirmation, name="campaigns-confirm"),
]
