"""Routes of operations, relative to /api/v1/admin/."""

from django.urls import path

from . import views

urlpatterns = [
    path("audit/", views.AuditView.as_view(), name="admin-audit"),
    path("flags/", views.FlagsView.as_view(), name="admin-flags"),
    path("flags/<slug:name>/", views.FlagView.as_view(), name="admin-flag"),
    path("metrics/", views.MetricsView.as_view(), name="admin-metrics"),
    path("tasks/", views.TasksView.as_view(), name="admin-tasks"),
    path("tasks/retry/", views.RetryTasksView.as_view(), name="admin-tasks-retry"),
    path("tasks/<uuid:task_id>/", views.TaskView.as_view(), name="admin-task"),
    path("tasks/<uuid:task_id>/retry/", views.RetryTaskView.as_view(), name="admin-task-retry"),
]
