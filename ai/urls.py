"""Routes outside the API."""

from django.urls import path

from . import views

app_name = "ai"
urlpatterns = [path("media-private/chat/<str:file_name>", views.chat_picture, name="chat-picture")]
