"""Admin routes of accounts, relative to /api/v1/admin/."""

from django.urls import path

from . import admin_views as views

urlpatterns = [
    path("users/", views.AccountsView.as_view(), name="admin-users"),
    path("users/<int:user_id>/", views.AccountView.as_view(), name="admin-user"),
    path("users/<int:user_id>/deactivate/", views.DeactivateView.as_view(), name="admin-user-deactivate"),
    path("users/<int:user_id>/reactivate/", views.ReactivateView.as_view(), name="admin-user-reactivate"),
    path("users/<int:user_id>/end-sessions/", views.EndLoginsView.as_view(), name="admin-user-end-sessions"),
    path("plans/", views.PlansView.as_view(), name="admin-plans"),
    path("plans/<int:plan_id>/", views.PlanView.as_view(), name="admin-plan"),
]
