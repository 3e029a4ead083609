"""Addresses of links over REST, and of the customer's own pages."""

from typing import Any

from django.urls import path, re_path

from portal.views import links
from portal.views import pages as own
from portal.views.payouts import payout
from portal.views.statements import month_file

urlpatterns = [
    path("customers/<str:customer_id>/portal-links", links.PortalLinksView.as_view()),
]

_CURRENCY = "(?P<currency>[A-Z]{3})"

#: Below /account/, each beginning with the link's token.
pages: list[Any] = [
    path("<str:token>", own.account, name="portal-account"),
    path("<str:token>/purchases", own.purchases, name="portal-purchases"),
    path("<str:token>/payout", payout, name="portal-payout"),
    re_path(rf"^(?P<token>[^/]+)/statement/{_CURRENCY}$", own.statement, name="portal-statement"),
    re_path(
        rf"^(?P<token>[^/]+)/statement/{_CURRENCY}/(?P<month>[0-9]{{4}}-[0-9]{{2}})\.(?P<kind>pdf|csv)$",
        month_file,
        name="portal-month",
    ),
]
