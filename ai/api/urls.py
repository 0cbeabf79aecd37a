"""Routes of generated advice and of chat."""

from django.urls import path

from . import chat, views

urlpatterns = [
    path("ai/recommendations/", views.RecommendationListView.as_view()),
    path("ai/recommendations/generate-meal/", views.GenerateMealView.as_view()),
    path("ai/recommendations/<int:result_id>/", views.RecommendationDetailView.as_view()),
    path("ai/health-reports/", views.HealthReportListView.as_view()),
    path("ai/health-reports/generate-report/", views.GenerateReportView.as_view()),
    path("ai/health-reports/<int:result_id>/", views.HealthReportDetailView.as_view()),
    path("ai/generations/<int:generation_id>/", views.GenerationView.as_view()),
    path("chat/active/", chat.ActiveSessionView.as_view()),
    path("chat/sessions/", chat.SessionListView.as_view()),
    path("chat/sessions/new/", chat.NewSessionView.as_view()),
    path("chat/sessions/<int:session_id>/", chat.SessionView.as_view()),
    path("chat/sessions/<int:session_id>/clear/", chat.ClearSessionView.as_view()),
    path("chat/send/", chat.SendView.as_view()),
    path("chat/messages/<int:message_id>/", chat.MessageView.as_view()),
]
