"""Addresses of promotions, codes and batches."""

from django.urls import path

from promotions.views.batches import CodeBatchCsvView, CodeBatchesView, CodeBatchView
from promotions.views.codes import CodesView, CodeView
from promotions.views.forecast import ForecastView
from promotions.views.imports import CodeImportReportView, CodeImportsView, CodeImportView
from promotions.views.promotions import PromotionsView, PromotionView

urlpatterns = [
    path("promotions", PromotionsView.as_view()),
    path("promotions/<str:promotion_id>", PromotionView.as_view()),
    path("promotions/<str:promotion_id>/codes", CodesView.as_view()),
    path("promotions/<str:promotion_id>/codes/<str:code>", CodeView.as_view()),
    path("promotions/<str:promotion_id>/code-batches", CodeBatchesView.as_view()),
    path("promotions/<str:promotion_id>/code-imports", CodeImportsView.as_view()),
    path("promotions/<str:promotion_id>/forecast", ForecastView.as_view()),
    path("code-batches/<str:batch_id>", CodeBatchView.as_view()),
    path("code-batches/<str:batch_id>/codes.csv", CodeBatchCsvView.as_view()),
    path("code-imports/<str:import_id>", CodeImportView.as_view()),
    path("code-imports/<str:import_id>/report.csv", CodeImportReportView.as_view()),
]
