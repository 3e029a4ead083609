"""Addresses of the journal."""

from django.urls import path

from journal import views

urlpatterns = [path("jobs/<str:job_id>", views.JobView.as_view())]
