"""Pages that ask before an act, and the one that shows a secret."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.admin import ActingAdmin, refusal_text
from common.errors import DomainError
from journal.models import WebhookEndpoint


class AskingAdmin(ActingAdmin):
    """An act on an endpoint is asked for by GET, and done by POST."""

    def done(
        self, request: HttpRequest, endpoint: WebhookEndpoint, act: Callable[[], str]
    ) -> HttpResponse:
        """Do it, in a transaction; back to the endpoint with what `act` or its refusal says."""
        try:
            with transaction.atomic():
                told = act()
        except DomainError as refusal:
            self.message_user(request, refusal_text(refusal), messages.ERROR)
        else:
            self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(self._page_of(endpoint))

    def ask(
        self,
        request: HttpRequest,
        endpoint: WebhookEndpoint,
        *,
        title: Any,
        consequence: Any,
        button: Any,
        form: Form | None = None,
    ) -> HttpResponse:
        """The question, with the fields of `form`; its button posts to the same address."""
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "endpoint": endpoint,
            "consequence": consequence,
            "button": button,
            "cancel": _("Cancel"),
            "form": form,
            "media": self.media + form.media if form else self.media,
            "back": self._page_of(endpoint),
        }
        return render(request, "journal/admin/ask.html", context)

    def show_secret(
        self, request: HttpRequest, endpoint: WebhookEndpoint, secret: str | None
    ) -> HttpResponse:
        """The only page that ever has it."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The secret of %(endpoint)s") % {"endpoint": endpoint.reference},
            "hint": _(
                "The receiver verifies messages with it. It is shown this once: keep it now."
            ),
            "secret": secret,
            "go_on": _("To the endpoint"),
            "back": self._page_of(endpoint),
        }
        # The site sends `no-store` with every page.
        return render(request, "journal/admin/secret.html", context)

    def _page_of(self, endpoint: WebhookEndpoint) -> str:
        return reverse("admin:journal_webhookendpoint_change", args=[endpoint.pk])
