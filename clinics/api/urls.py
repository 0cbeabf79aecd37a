"""Relative to /api/v1/ and /api/."""

from django.urls import path

from . import consent, views

urlpatterns = [
    path("legal/consent/clinic/", consent.ClinicConsentView.as_view(), name="legal-consent-clinic"),
    path("legal/consent/clinic/status/", consent.ClinicConsentStatusView.as_view(), name="legal-consent-clinic-status"),
    # The paths of the app that is in people's hands.
    path("legal/clinic-consent/", consent.ClinicConsentView.as_view(), name="legal-clinic-consent"),
    path("clinic-consent/", consent.ClinicConsentView.as_view(), name="clinic-consent"),
    path("clinics/", views.ClinicListView.as_view(), name="clinic-list"),
    path("clinics/register/", views.ClinicRegistrationView.as_view(), name="clinic-register"),
    path("clinics/my/", views.MyClinicView.as_view(), name="clinic-my"),
    path("clinics/search/", views.ClinicSearchView.as_view(), name="clinic-search"),
    path("clinics/send-confirmation-email/", views.SendConfirmationView.as_view(), name="clinic-send-confirmation"),
    path("clinics/confirm-email/<str:token>/", views.ConfirmEmailView.as_view(), name="clinic-confirm-email"),
    path("clinics/<int:clinic_id>/", views.ClinicDetailView.as_view(), name="clinic-detail"),
    path("clinics/<int:clinic_id>/working-hours/", views.WorkingHoursView.as_view(), name="clinic-working-hours"),
    path("clinics/<int:clinic_id>/special-hours/", views.SpecialHoursView.as_view(), name="clinic-special-hours"),
    path("clinics/<int:clinic_id>/vet-profile/", views.VetProfileView.as_view(), name="clinic-vet-profile"),
]
