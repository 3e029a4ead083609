"""Addresses of cashback: rules, partners, what customers have, and what is paid out."""

from django.urls import path

from cashback.views import (
    adjustments,
    customers,
    liability,
    movements,
    partners,
    payouts,
    receivables,
    rules,
    sepa_files,
)

_PAYOUT = "cashback/payouts/<str:payout_id>"
_FILE = "cashback/sepa-files/<str:sepa_file_id>"

urlpatterns = [
    path("cashback/rules", rules.CashbackRulesView.as_view()),
    path("cashback/rules/<str:rule_id>", rules.CashbackRuleView.as_view()),
    path("cashback/partners", partners.CashbackPartnersView.as_view()),
    path("cashback/partners/<str:partner_id>", partners.CashbackPartnerView.as_view()),
    path(
        "cashback/partners/<str:partner_id>/receivables",
        receivables.CashbackReceivablesView.as_view(),
    ),
    path(
        "cashback/partners/<str:partner_id>/entries",
        receivables.CashbackReceivableEntriesView.as_view(),
    ),
    path(
        "cashback/partners/<str:partner_id>/statement.csv",
        receivables.CashbackPartnerStatementView.as_view(),
    ),
    path(
        "cashback/partners/<str:partner_id>/settlements",
        receivables.CashbackSettlementsView.as_view(),
    ),
    path("cashback/adjustments", adjustments.CashbackAdjustmentsView.as_view()),
    path("cashback/movements", movements.CashbackMovementsView.as_view()),
    path("cashback/liability", liability.CashbackLiabilityView.as_view()),
    path("customers/<str:customer_id>/cashback", customers.CustomerCashbackView.as_view()),
    path("customers/<str:customer_id>/cashback/entries", customers.CashbackEntriesView.as_view()),
    path("cashback/payouts", payouts.PayoutsView.as_view()),
    path(_PAYOUT, payouts.PayoutView.as_view()),
    path(f"{_PAYOUT}/approve", payouts.ApprovePayoutView.as_view()),
    path(f"{_PAYOUT}/reject", payouts.RejectPayoutView.as_view()),
    path(f"{_PAYOUT}/paid", payouts.PaidPayoutView.as_view()),
    path(f"{_PAYOUT}/failed", payouts.FailedPayoutView.as_view()),
    path("cashback/sepa-files", sepa_files.SepaFilesView.as_view()),
    path(_FILE, sepa_files.SepaFileView.as_view()),
    path(f"{_FILE}/pain.001.xml", sepa_files.SepaFileXmlView.as_view()),
    path(f"{_FILE}/paid", sepa_files.PaidSepaFileView.as_view()),
]
