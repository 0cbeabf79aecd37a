"""Doors for apps: a person's pets, and the reference lists that everybody reads."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from fammo.accounts.models import User
from fammo.api.pagination import ListPagination
from fammo.api.stored import StoredAnswer
from fammo.api.views import APIView
from pets import selectors, services
from pets.models import (
    ActivityLevel,
    AgeCategory,
    BodyType,
    Breed,
    FoodAllergy,
    FoodFeeling,
    FoodImportance,
    FoodType,
    Gender,
    HealthIssue,
    Pet,
    PetType,
    ReferenceRow,
    TreatFrequency,
)

from . import serializers
from .fields import as_id
from .presentation import present

PAGING = ListPagination.query_parameters


def caller(request: Request) -> User:
    """The signed-in person; strangers do not get as far as here."""
    return cast("User", request.user)


class PetView(APIView):
    """What all doors to pets share: reading the input with its photo, and answering with the whole pet."""

    @property
    def throttle_scope(self) -> str | None:  # type: ignore[override]
        return "upload" if (self.request.content_type or "").startswith("multipart/") else None

    def read(self, request: Request, **kwargs: Any) -> dict[str, Any]:
        """The checked input as keywords of a service."""
        serializer = serializers.PetInput(data=request.data, **kwargs)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        if "image" not in values:
            return {"values": values}
        photo = values.pop("image")
        return {"values": values, "photo": photo, "removes_photo": photo is None}

    def answer(self, pet: Pet, status_code: int = status.HTTP_200_OK) -> Response:
        return Response(present([pet])[0], status=status_code)


class PetListView(PetView):
    query_parameters = PAGING
    list_cap = 1000

    @extend_schema(operation_id="pets_list", tags=["pets"], responses={200: serializers.PetAnswer(many=True)})
    def get(self, request: Request) -> Response:
        """All pets of the caller, oldest entry first."""
        page = self.list_response(selectors.own_pets(caller(request)))
        if isinstance(page.data, dict):
            page.data["results"] = present(page.data["results"])
        else:
            page.data = present(page.data)
        return page

    @extend_schema(operation_id="pets_create", tags=["pets"], request=serializers.PetInput, responses={201: serializers.PetAnswer})
    def post(self, request: Request) -> Response:
        """A new pet of the caller; with a photo as a multipart form."""
        given = self.read(request)
        given.pop("removes_photo", None)
        return self.answer(services.create_pet(actor=caller(request), **given), status.HTTP_201_CREATED)


class PetDetailView(PetView):
    query_parameters = ()

    @extend_schema(operation_id="pets_retrieve", tags=["pets"], responses={200: serializers.PetAnswer})
    def get(self, request: Request, pet_id: int) -> Response:
        """One of the caller's pets."""
        return self.answer(selectors.own_pet(caller(request), pet_id))

    @extend_schema(
        operation_id="pets_update", tags=["pets"], request=serializers.PetInput(partial=True), responses={200: serializers.PetAnswer}
    )
    def patch(self, request: Request, pet_id: int) -> Response:
        """Change what is sent, leave the rest."""
        given = self.read(request, partial=True, context=self._photo_context(request, pet_id))
        return self.answer(services.update_pet(actor=caller(request), pet_id=pet_id, **given))

    @extend_schema(operation_id="pets_replace", tags=["pets"], request=serializers.PetInput, responses={200: serializers.PetAnswer})
    def put(self, request: Request, pet_id: int) -> Response:
        """Replace the pet: an absent list is cleared; an absent image, food_allergy_other or food_importance is kept."""
        given = self.read(request, context=self._photo_context(request, pet_id))
        return self.answer(services.replace_pet(actor=caller(request), pet_id=pet_id, **given))

    @extend_schema(operation_id="pets_delete", tags=["pets"], responses={204: None})
    def delete(self, request: Request, pet_id: int) -> Response:
        """Delete the pet; for 30 days `restore/` brings it back."""
        services.delete_pet(actor=caller(request), pet_id=pet_id)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _photo_context(self, request: Request, pet_id: int) -> dict[str, Any]:
        pet = selectors.own_pet(caller(request), pet_id)
        return {"photo_name": (pet.image.name or "").rpartition("/")[2]}


class PetRestoreView(PetView):
    @extend_schema(operation_id="pets_restore", tags=["pets"], request=None, responses={200: serializers.PetAnswer})
    def post(self, request: Request, pet_id: int) -> Response:
        """Undo the deletion of a pet within 30 days."""
        return self.answer(services.restore_pet(actor=caller(request), pet_id=pet_id))


class PhotoUploadsView(PetView):
    throttle_scope = "upload"

    @extend_schema(
        operation_id="pets_photo_upload_offer",
        tags=["pets"],
        request=serializers.PhotoUploadInput,
        responses={201: serializers.PhotoUploadAnswer},
    )
    def post(self, request: Request, pet_id: int) -> Response:
        """Where to send a photo straight to storage: post the fields as a form, the file as its last part `file`, then call `complete/`.

        A server that keeps photos on its own disk answers 409 `direct_upload_not_offered`; send the photo with the pet then.
        """
        serializer = serializers.PhotoUploadInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        offer = services.offer_photo_upload(actor=caller(request), pet_id=pet_id, **serializer.validated_data)
        return Response(serializers.PhotoUploadAnswer(offer).data, status=status.HTTP_201_CREATED)


class PhotoUploadView(PetView):
    throttle_scope = "upload"

    @extend_schema(operation_id="pets_photo_upload_complete", tags=["pets"], request=None, responses={200: serializers.PetAnswer})
    def post(self, request: Request, pet_id: int, upload_id: str) -> Response:
        """Make the photo that was sent to storage the pet's. 404 when nothing arrived under this id."""
        return self.answer(services.complete_photo_upload(actor=caller(request), pet_id=pet_id, upload_id=upload_id))


class PetWeightsView(APIView):
    query_parameters = PAGING
    list_cap = 5000

    @extend_schema(operation_id="pets_weights", tags=["pets"], responses={200: serializers.WeightAnswer(many=True)})
    def get(self, request: Request, pet_id: int) -> Response:
        """What the pet weighed, each change in the order of time: the points of a curve."""
        return self.list_response(
            selectors.weights_of(caller(request), pet_id), present=lambda record: serializers.WeightAnswer(record).data
        )


class ReferenceListView(StoredAnswer, APIView):
    """A reference list in the language of the caller; equal for everybody, so it is answered from memory until it changes."""

    model: ClassVar[type[ReferenceRow]]
    has_species: ClassVar[bool] = False
    list_cap = 5000

    def known_query_parameters(self) -> tuple[str, ...]:
        return (*PAGING, "pet_type", "filter[pet_type]") if self.has_species else PAGING

    def get(self, request: Request) -> Response:
        return self.list_response(
            selectors.reference_rows(self.model, translation.get_language() or "en", pet_type=self._pet_type(request))
        )

    def _pet_type(self, request: Request) -> int | None:
        sent = request.query_params.get("pet_type", request.query_params.get("filter[pet_type]", ""))
        if not sent:
            return None
        if (pk := as_id(sent)) is None:
            raise ValidationError({"pet_type": [_("Please give the id of a pet type.")]})
        return pk


class ReferenceDetailView(StoredAnswer, APIView):
    """One row of a reference list, with its name in all four languages."""

    model: ClassVar[type[ReferenceRow]]
    query_parameters = ()

    def get(self, request: Request, row_id: int) -> Response:
        return Response(selectors.reference_row(self.model, row_id, translation.get_language() or "en"))


#: Path, model and answer of every list.
LISTS: tuple[tuple[str, type[ReferenceRow], type[serializers.ReferenceAnswer]], ...] = (
    ("pet-types", PetType, serializers.PetTypeAnswer),
    ("genders", Gender, serializers.ReferenceAnswer),
    ("breeds", Breed, serializers.BreedAnswer),
    ("age-categories", AgeCategory, serializers.AgeCategoryAnswer),
    ("food-types", FoodType, serializers.DescribedAnswer),
    ("food-feelings", FoodFeeling, serializers.ReferenceAnswer),
    ("food-importance", FoodImportance, serializers.ReferenceAnswer),
    ("body-types", BodyType, serializers.BodyTypeAnswer),
    ("activity-levels", ActivityLevel, serializers.DescribedAnswer),
    ("food-allergies", FoodAllergy, serializers.ReferenceAnswer),
    ("health-issues", HealthIssue, serializers.ReferenceAnswer),
    ("treat-frequencies", TreatFrequency, serializers.ReferenceAnswer),
)


def views_of(path: str, model: type[ReferenceRow], answer: type[serializers.ReferenceAnswer]) -> tuple[type[APIView], type[APIView]]:
    """The list and the detail view of one reference list."""
    has_species = model in {Breed, AgeCategory}
    common = {"model": model, "stored_tables": (model, PetType) if has_species else (model,), "__doc__": ReferenceListView.__doc__}
    name = path.replace("-", "_")
    filters = [OpenApiParameter("pet_type", int, description="Only the rows of this species.")] if has_species else []
    listing = type(f"{model.__name__}ListView", (ReferenceListView,), common | {"has_species": has_species})
    detail = type(f"{model.__name__}DetailView", (ReferenceDetailView,), common)
    on_list = extend_schema(operation_id=f"{name}_list", tags=["reference data"], parameters=filters, responses={200: answer(many=True)})
    on_detail = extend_schema(operation_id=f"{name}_retrieve", tags=["reference data"], responses={200: answer})
    return extend_schema_view(get=on_list)(listing), extend_schema_view(get=on_detail)(detail)
