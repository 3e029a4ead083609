"""Pages of the staff that ask before an act: asked by GET, done by POST."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from common.admin import refusal_text
from common.errors import DomainError


class Asking(ModelAdmin):
    """What pages with such acts share."""

    def done(self, request: HttpRequest, act: Callable[[], str], *, back: str) -> HttpResponse:
        """Do it, in a transaction; to `back` with what `act` or its refusal says."""
        try:
            with transaction.atomic():
                told = act()
        except DomainError as refusal:
            self.message_user(request, refusal_text(refusal), messages.ERROR)
        else:
            self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(back)

    def ask(
        self,
        request: HttpRequest,
        *,
        about: str,
        title: Any,
        consequence: Any,
        button: Any,
        back: str,
        form: Form | None = None,
        is_final: bool = False,
    ) -> HttpResponse:
        """The question about something, with the fields of `form`; its button posts to the same address, and
        is red for what cannot be undone.
        """
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "about": about,
            "consequence": consequence,
            "button": button,
            "variant": "danger" if is_final else "primary",
            "cancel": _("Cancel"),
            "form": form,
            "media": self.media + form.media if form else self.media,
            "back": back,
        }
        return render(request, "staff/ask.html", context)
