"""Routes outside the API."""

from django.urls import path

from . import views

app_name = "pets"
urlpatterns = [path("media-private/pets/<str:file_name>", views.photo, name="photo")]
