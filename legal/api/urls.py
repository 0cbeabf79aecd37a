from django.urls import path

from . import views

urlpatterns = [
    path("legal/documents/", views.DocumentListView.as_view(), name="legal-document-list"),
    path("legal/documents/by_type/", views.DocumentByTypeView.as_view(), name="legal-document-by-type"),
    path("legal/documents/<int:version_id>/", views.DocumentView.as_view(), name="legal-document-detail"),
    path("legal/documents/<int:version_id>/viewed/", views.DocumentViewedView.as_view(), name="legal-document-viewed"),
    path("legal/documents/<int:version_id>/diff/", views.DocumentDiffView.as_view(), name="legal-document-diff"),
    path("legal/documents/<int:version_id>/pdf/", views.DocumentPdfView.as_view(), name="legal-document-pdf"),
    path("legal/consent/user/", views.UserConsentView.as_view(), name="legal-consent-user"),
    path("legal/consent/device/", views.DeviceConsentView.as_view(), name="legal-consent-device"),
    path("legal/consent/purposes/", views.PurposesView.as_view(), name="legal-consent-purposes"),
    path("legal/consent/status/", views.ConsentStatusView.as_view(), name="legal-consent-status"),
    path("legal/receipts/<int:event_id>/", views.ReceiptView.as_view(), name="legal-receipt"),
    path("legal/keys/", views.KeysView.as_view(), name="legal-keys"),
    path("legal/logs/", views.ConsentLogView.as_view(), name="legal-logs"),
    # The paths of the app that is in people's hands.
    path("legal/user-consent/", views.UserConsentView.as_view(), name="legal-user-consent"),
    path("user-consent/", views.UserConsentView.as_view(), name="user-consent"),
]
