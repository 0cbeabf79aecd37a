"""Routes of the conventions' own tests: one view per convention, over Django's groups as the rows."""

from __future__ import annotations

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from . import views

router = SimpleRouter()
router.register("groups", views.GroupViewSet, basename="group")

routes = [
    path("ping/", views.PingView.as_view()),
    path("stored/", views.StoredGroupsView.as_view()),
    path("stored-pages/", views.StoredPagesView.as_view()),
    path("plain/", views.PlainGroupsView.as_view()),
    path("letters/", views.LettersView.as_view()),
    path("private/", views.PrivateView.as_view()),
    path("raise/<str:what>/", views.RaisingView.as_view()),
    path("echo/", views.EchoView.as_view()),
    path("lazy/", views.LazyView.as_view()),
    path("orders/", views.OrderView.as_view()),
    path("guarded/", views.GuardedView.as_view()),
    path("old/", views.OldView.as_view()),
    path("versioned/", views.VersionedView.as_view()),
    path("", include(router.urls)),
]
urlpatterns = [path("api/v1/", include(routes)), path("api/", include("fammo.api.docs_urls")), path("api/", include(routes))]

handler400 = "fammo.api.errors.bad_request"
handler403 = "fammo.api.errors.permission_denied"
handler404 = "fammo.api.errors.page_not_found"
handler500 = "fammo.api.errors.server_error"
