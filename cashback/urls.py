"""Addresses of cashback: rules, partners, and what customers have."""

from django.urls import path

from cashback.views import adjustments, customers, liability, partners, receivables, rules

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
    path("cashback/liability", liability.CashbackLiabilityView.as_view()),
    path("customers/<str:customer_id>/cashback", customers.CustomerCashbackView.as_view()),
    path("customers/<str:customer_id>/cashback/entries", customers.CashbackEntriesView.as_view()),
]
