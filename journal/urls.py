"""Addresses of the journal."""

from django.urls import path

from journal.views import jobs, webhooks

urlpatterns = [
    path("jobs/<str:job_id>", jobs.JobView.as_view()),
    path("webhook-endpoints", webhooks.WebhookEndpointsView.as_view()),
    path("webhook-endpoints/<str:endpoint_id>", webhooks.WebhookEndpointView.as_view()),
    path(
        "webhook-endpoints/<str:endpoint_id>/rotate-secret",
        webhooks.RotateWebhookSecretView.as_view(),
    ),
    path("webhook-endpoints/<str:endpoint_id>/replay", webhooks.ReplayWebhooksView.as_view()),
]
