from django.urls import path

from . import views

urlpatterns = [
    path("ping/", views.PingView.as_view(), name="ping"),
    path("config/", views.ConfigView.as_view(), name="config"),
    path("languages/", views.LanguagesView.as_view(), name="languages"),
    path("onboarding/", views.OnboardingView.as_view(), name="onboarding"),
]
