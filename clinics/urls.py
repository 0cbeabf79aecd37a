"""The web pages of this app outside of Wagtail's tree."""

from django.urls import path

from . import views

app_name = "clinics"

urlpatterns = [
    path("vets/confirm-email/<int:clinic_id>/<str:token>/", views.ConfirmEmailPage.as_view(), name="confirm-email"),
]
