"""Every route of the mobile API, relative to /api/v1/ and its alias /api/."""

from django.urls import include, path

# Each app's share of the admin API: views on the bases of fammo.api.admin, which a test holds them to.
administration = [
    path("", include("fammo.accounts.api.admin_urls")),
    path("", include("clinics.api.admin_urls")),
    path("", include("fammo.server.api.admin_urls")),
]

urlpatterns = [
    path("admin/", include(administration)),
    path("", include("home.api.urls")),
    path("", include("fammo.accounts.api.urls")),
    path("", include("legal.api.urls")),
    path("", include("pets.api.urls")),
    path("", include("clinics.api.urls")),
    path("", include("ai.api.urls")),
]
