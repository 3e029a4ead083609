"""Addresses of people, behaviour, memberships and segments."""

from django.urls import path

from customers.views import consents, events, memberships, people, privacy, segments

urlpatterns = [
    path("customers", people.CustomersView.as_view()),
    path("customers/batch", people.CustomerBatchView.as_view()),
    path("customers/<str:customer_id>", people.CustomerView.as_view()),
    path("customers/<str:customer_id>/consents", consents.ConsentsView.as_view()),
    path("customers/<str:customer_id>/consents/proof", consents.ConsentProofView.as_view()),
    path("customers/<str:customer_id>/consents/proof.pdf", consents.ConsentProofPdfView.as_view()),
    path(
        "customers/<str:customer_id>/consents/<str:channel>/<str:purpose>",
        consents.ConsentView.as_view(),
    ),
    path("customers/<str:customer_id>/export", privacy.ExportView.as_view()),
    path("customers/<str:customer_id>/erase", privacy.ErasureView.as_view()),
    path("customers/<str:customer_id>/segments", segments.CustomerSegmentsView.as_view()),
    path("customers/<str:customer_id>/memberships", memberships.MembershipsView.as_view()),
    path(
        "customers/<str:customer_id>/memberships/<str:plan_id>",
        memberships.MembershipView.as_view(),
    ),
    path("events", events.EventsView.as_view()),
    path("membership-plans", memberships.MembershipPlansView.as_view()),
    path("membership-plans/<str:plan_id>", memberships.MembershipPlanView.as_view()),
    path("segments", segments.SegmentsView.as_view()),
    path("segments/preview", segments.SegmentPreviewView.as_view()),
    path("segments/<str:segment_id>", segments.SegmentView.as_view()),
    path("segments/<str:segment_id>/explain", segments.SegmentExplainView.as_view()),
    path("segments/<str:segment_id>/members", segments.SegmentMembersView.as_view()),
]
