"""Addresses: the API, the staff's pages, the customers' own, health."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from campaigns.urls import pages as campaign_pages
from cashback.views.stripe_hook import stripe_hook
from config import views
from portal.urls import pages as customer_pages

api: list[Any] = [
    path("", include("promotions.urls")),
    path("", include("checkout.urls")),
    path("", include("campaigns.urls")),
    path("", include("cashback.urls")),
    path("", include("portal.urls")),
    path("", include("customers.urls")),
    path("", include("catalog.urls")),
    path("", include("journal.urls")),
    path("jobs/<str:job_id>/cancel", views.JobCancelView.as_view()),
    path("error-codes", views.ErrorCodesView.as_view()),
    path("openapi.json", views.OpenApiView.as_view()),
    path("clock/run", views.ClockRunView.as_view()),
]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    # Browsers ask for it by themselves, whatever a page says.
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}staff/icon.svg")),
    path("api/v1/", include(api)),
    path("api/docs", views.api_docs, name="api-docs"),
    path("api/docs/errors", views.error_pages),
    path("hooks/stripe", stripe_hook),
    path("account/", include(customer_pages)),
    path("", include(campaign_pages)),
    path("health/live", views.live),
    path("health/ready", views.ready),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
]

handler400 = "config.error_pages.bad_request"
handler403 = "config.error_pages.permission_denied"
handler404 = "config.error_pages.not_found"
handler500 = "config.error_pages.server_error"
