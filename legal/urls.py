"""Pages for anybody who is shown a receipt."""

from django.urls import path

from . import views

urlpatterns = [
    path("receipts/", views.CheckReceiptView.as_view(), name="receipts"),
    path("receipts/<str:receipt_id>/", views.ReceiptView.as_view(), name="receipt"),
]
