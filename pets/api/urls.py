"""Routes of pets and their reference lists, relative to the API's root."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("pets/", views.PetListView.as_view(), name="pets"),
    path("pets/<int:pet_id>/", views.PetDetailView.as_view(), name="pet"),
    path("pets/<int:pet_id>/restore/", views.PetRestoreView.as_view(), name="pet-restore"),
    path("pets/<int:pet_id>/photo-uploads/", views.PhotoUploadsView.as_view(), name="pet-photo-uploads"),
    path("pets/<int:pet_id>/photo-uploads/<str:upload_id>/complete/", views.PhotoUploadView.as_view(), name="pet-photo-upload"),
    path("pets/<int:pet_id>/weights/", views.PetWeightsView.as_view(), name="pet-weights"),
]
for _path, _model, _answer in views.LISTS:
    _listing, _detail = views.views_of(_path, _model, _answer)
    urlpatterns += [
        path(f"{_path}/", _listing.as_view(), name=_path),
        path(f"{_path}/<int:row_id>/", _detail.as_view(), name=f"{_path}-detail"),
    ]
