"""The site of the staff's pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

_NUL = "\x00"


class StaffSite(UnfoldAdminSite):
    """That of django-unfold, save for an address which PostgreSQL could not even be asked about."""

    index_title = _("Overview")

    def admin_view(self, view: Callable[..., HttpResponse], *args: Any, **kwargs: Any) -> Any:
        within = super().admin_view(view, *args, **kwargs)

        @wraps(within)
        def guarded(request: HttpRequest, *found: Any, **named: Any) -> HttpResponse:
            if _NUL in request.path_info or any(
                _NUL in "".join(v) for _name, v in request.GET.lists()
            ):
                raise BadRequest
            answer: HttpResponse = within(request, *found, **named)
            return answer

        return guarded
