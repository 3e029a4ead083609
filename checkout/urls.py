"""Addresses of the checkout: carts, orders and what came back."""

from django.urls import path

from checkout.views import checkout, orders, redemptions, reports, reservations, returns, wallet

urlpatterns = [
    path("checkout/validate", checkout.ValidateView.as_view()),
    path("checkout/reservations", reservations.ReservationsView.as_view()),
    path("checkout/reservations/<str:reservation_id>", reservations.ReservationView.as_view()),
    path(
        "checkout/reservations/<str:reservation_id>/extend",
        reservations.ReservationExtensionView.as_view(),
    ),
    path("checkout/redemptions", redemptions.RedemptionsView.as_view()),
    path("checkout/redemptions/<str:redemption_id>", redemptions.RedemptionView.as_view()),
    path("checkout/redemptions/<str:redemption_id>/cancel", redemptions.CancellationView.as_view()),
    path("decisions/<str:decision_id>", checkout.DecisionView.as_view()),
    path("promotions/<str:promotion_id>/report", reports.PromotionReportView.as_view()),
    path("customers/<str:customer_id>/wallet", wallet.WalletView.as_view()),
    path("orders", orders.OrdersView.as_view()),
    path("orders/batch", orders.OrderBatchView.as_view()),
    path("orders/<str:order_id>", orders.OrderView.as_view()),
    path("orders/<str:order_id>/returns", returns.ReturnsView.as_view()),
]
