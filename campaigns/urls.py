"""Addresses of campaigns, and of the pages that mails lead to."""

from typing import Any

from django.urls import path

from campaigns.views import acts, campaigns, deliveries, reports
from campaigns.views.confirming import confirmation
from campaigns.views.leaving import unsubscribe
from campaigns.views.preferring import preferences

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
]

#: Without a key, each by a signed mark.
pages: list[Any] = [
    path("u/<str:token>", unsubscribe, name="campaigns-unsubscribe"),
    path("preferences/<str:token>", preferences, name="campaigns-preferences"),
    path("confirm/<str:token>", confirmation, name="campaigns-confirm"),
]
