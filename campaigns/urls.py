"""Addresses of campaigns, and of the pages that mails lead to."""

from typing import Any

from django.urls import path

from campaigns.views import (
    acts,
    audiences,
    campaigns,
    deliveries,
    inbox,
    placements,
    reports,
    subscriptions,
)
from campaigns.views.confirming import confirmation
from campaigns.views.leaving import unsubscribe
from campaigns.views.preferring import preferences
from campaigns.views.provider_hook import mail_hook
from campaigns.views.tracking import click, pixel

_ONE = "campaigns/<str:campaign_id>"

urlpatterns = [
    path("campaigns", campaigns.CampaignsView.as_view()),
    path(_ONE, campaigns.CampaignView.as_view()),
    path(f"{_ONE}/submit", acts.SubmitCampaignView.as_view()),
    path(f"{_ONE}/approve", acts.ApproveCampaignView.as_view()),
    path(f"{_ONE}/schedule", acts.ScheduleCampaignView.as_view()),
    path(f"{_ONE}/pause", acts.PauseCampaignView.as_view()),
    path(f"{_ONE}/resume", acts.ResumeCampaignView.as_view()),
    path(f"{_ONE}/cancel", acts.CancelCampaignView.as_view()),
    path(f"{_ONE}/preview", acts.PreviewCampaignView.as_view()),
    path(f"{_ONE}/test-send", acts.TestSendCampaignView.as_view()),
    path(f"{_ONE}/progress", deliveries.CampaignProgressView.as_view()),
    path(f"{_ONE}/deliveries", deliveries.CampaignDeliveriesView.as_view()),
    path(f"{_ONE}/report", reports.CampaignReportView.as_view()),
    path("reports/dependence", reports.DependenceView.as_view()),
    path("placements/<str:slot>", placements.PlacementView.as_view()),
    path("segments/<str:segment_id>/audience-exports", audiences.AudienceExportsView.as_view()),
    path("audience-exports/<str:export_id>", audiences.AudienceExportView.as_view()),
    path("audience-exports/<str:export_id>/members.csv", audiences.AudienceMembersView.as_view()),
    path("audience-exports/<str:export_id>/removed.csv", audiences.AudienceRemovedView.as_view()),
    path("push-key", subscriptions.PushKeyView.as_view()),
    path(
        "customers/<str:customer_id>/push-subscriptions",
        subscriptions.PushSubscriptionsView.as_view(),
    ),
    path(
        "customers/<str:customer_id>/push-subscriptions/<str:subscription_id>",
        subscriptions.PushSubscriptionView.as_view(),
    ),
    path("customers/<str:customer_id>/inbox", inbox.InboxView.as_view()),
]

#: Without a key, each by a signed mark, or as the provider signs.
pages: list[Any] = [
    path("u/<str:token>", unsubscribe, name="campaigns-unsubscribe"),
    path("preferences/<str:token>", preferences, name="campaigns-preferences"),
    path("t/o/<str:token>", pixel),
    path("t/c/<str:token>", click),
    path("confirm/<str:token>", confirmation, name="campaigns-confirm"),
    path("hooks/mail/<str:name>", mail_hook),
]
