"""The pages that links in mails lead to, which the app opens as deep links, and the one that asks for a new password."""

from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("activate/<str:uid>/<str:token>/", views.activate, name="activate"),
    path("forgot-password/", views.forgot_password, name="forgot-password"),
    path("reset-password/<str:uid>/<str:token>/", views.reset_password, name="reset-password"),
    path("change-email/old/<str:uid>/<str:token>/", views.change_email_old, name="change-email-old"),
    path("change-email/new/<str:uid>/<str:token>/", views.change_email_new, name="change-email-new"),
    path("my-data/<str:uid>/<str:token>/", views.export, name="export"),
    path("keep-account/<str:uid>/<str:token>/", views.keep_account, name="keep-account"),
    path("media-private/exports/<uuid:export_id>.zip", views.export_file, name="export-file"),
]
