"""Addresses of products and recommendations."""

from django.urls import path

from catalog.views import products, recommendations

urlpatterns = [
    path("products", products.ProductsView.as_view()),
    path("products/batch", products.ProductBatchView.as_view()),
    path("products/<str:sku>", products.ProductView.as_view()),
    path(
        "customers/<str:customer_id>/recommendations",
        recommendations.RecommendationsView.as_view(),
    ),
]
