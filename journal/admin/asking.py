"""Pages that ask before an act, and the one that shows a secret."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from common.admin import ActingAdmin
from common.asking import Asking
from common.seals import BrokenSeal, seal, unseal
from journal.models import WebhookEndpoint

_PURPOSE = "secret to be shown once"


class AskingAdmin(ActingAdmin, Asking):
    """Acts on an endpoint, and its secret."""

    def get_urls(self) -> list[URLPattern]:
        shown = self.admin_site.admin_view(self.show_secret)
        named = path("<path:object_id>/secret/", shown, name="journal_webhookendpoint_secret")
        return [named, *super().get_urls()]

    def done_to(
        self, request: HttpRequest, endpoint: WebhookEndpoint, act: Callable[[], str]
    ) -> HttpResponse:
        """Do it; back to the endpoint with what `act` or its refusal says."""
        return self.done(request, act, back=self._page_of(endpoint))

    def ask_about(
        self, request: HttpRequest, endpoint: WebhookEndpoint, **words: Any
    ) -> HttpResponse:
        """The question, about this endpoint."""
        back = self._page_of(endpoint)
        return self.ask(request, about=endpoint.reference, back=back, **words)

    def to_secret(
        self, request: HttpRequest, endpoint: WebhookEndpoint, secret: str
    ) -> HttpResponse:
        """To the page that shows it, not in the answer to a POST: to load that anew is to make another.

        Until then it lies sealed in the session of whoever made it.
        """
        sealed = seal(secret.encode(), purpose=_PURPOSE).decode()
        request.session[_kept_as(endpoint.pk)] = sealed
        return HttpResponseRedirect(
            reverse("admin:journal_webhookendpoint_secret", args=[endpoint.pk])
        )

    def show_secret(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The only page that ever has it, the first time that it is opened."""
        sealed = request.session.pop(_kept_as(object_id), "")
        endpoint = self.row(request, object_id)
        try:
            secret = unseal(sealed.encode(), purpose=_PURPOSE).decode()
        except BrokenSeal:
            text = _("A secret is shown once. If it was not kept, it can be replaced by a new one.")
            self.message_user(request, text, messages.WARNING)
            return HttpResponseRedirect(self._page_of(endpoint))
        context = {
            **self.admin_site.each_context(request),
            "title": _("The secret of %(endpoint)s") % {"endpoint": endpoint.reference},
            "hint": _(
                "The receiver verifies messages with it. It is shown this once: keep it now."
            ),
            "secret": secret,
            "copy": _("Copy"),
            "copied": _("Copied"),
            "go_on": _("To the endpoint"),
            "back": self._page_of(endpoint),
        }
        # The site sends `no-store` with every page.
        return render(request, "journal/admin/secret.html", context)

    def _page_of(self, endpoint: WebhookEndpoint) -> str:
        return reverse("admin:journal_webhookendpoint_change", args=[endpoint.pk])


def _kept_as(key: int | str) -> str:
    return f"secret of endpoint {key}"
