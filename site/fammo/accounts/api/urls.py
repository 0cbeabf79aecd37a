"""Routes of accounts, relative to /api/v1/."""

from django.urls import path

from . import views

urlpatterns = [
    path("auth/signup/", views.SignUpView.as_view(), name="auth-signup"),
    path("auth/activate/", views.ActivateView.as_view(), name="auth-activate"),
    path("auth/resend-activation/", views.ResendActivationView.as_view(), name="auth-resend-activation"),
    path("auth/token/", views.TokenView.as_view(), name="auth-token"),
    path("auth/google/", views.GoogleView.as_view(), name="auth-google"),
    path("auth/token/refresh/", views.TokenRefreshView.as_view(), name="auth-token-refresh"),
    path("auth/forgot-password/", views.ForgotPasswordView.as_view(), name="auth-forgot-password"),
    path("auth/reset-password/", views.ResetPasswordView.as_view(), name="auth-reset-password"),
    path("auth/change-password/", views.ChangePasswordView.as_view(), name="auth-change-password"),
    path("auth/logout/", views.LogOutView.as_view(), name="auth-logout"),
    path("auth/logout-all/", views.LogOutAllView.as_view(), name="auth-logout-all"),
    path("me/", views.MeView.as_view(), name="me"),
    path("me/language/", views.MyLanguageView.as_view(), name="me-language"),
    path("me/email/", views.MyEmailView.as_view(), name="me-email"),
    path("me/export/", views.MyExportView.as_view(), name="me-export"),
    path("me/sessions/", views.MySessionsView.as_view(), name="me-sessions"),
    path("me/sessions/<uuid:session_id>/", views.MySessionView.as_view(), name="me-session"),
]
