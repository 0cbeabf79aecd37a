"""What the app asks first: is the server there, what is it called, what does it speak, what does it show a new user."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from wagtail.images.models import Image, Rendition

from fammo import __version__
from fammo.api.language import request_language
from fammo.api.pagination import ListPagination
from fammo.api.stored import StoredAnswer
from fammo.api.views import APIView
from fammo.common.languages import LANGUAGES
from home import selectors
from home.models import AppConfiguration, OnboardingSlidePage

from . import serializers


class PingView(APIView):
    """Answers as long as the process does; asks nothing of database or queue (``/readyz`` does)."""

    permission_classes = [AllowAny]

    @extend_schema(responses=serializers.PingSerializer, summary="Is the server there?")
    def get(self, request: Request) -> Response:
        return Response({"status": "ok", "version": __version__, "time": timezone.now()})


class ConfigView(StoredAnswer, APIView):
    """Addresses and pictures that the app needs before anything else."""

    permission_classes = [AllowAny]
    stored_tables = (AppConfiguration, Image, Rendition)

    @extend_schema(responses=serializers.ConfigSerializer, summary="The app's configuration")
    def get(self, request: Request) -> Response:
        return Response(selectors.app_configuration())


class LanguagesView(StoredAnswer, APIView):
    """The languages of content and answers."""

    permission_classes = [AllowAny]
    stored_tables = ()

    @extend_schema(responses=serializers.LanguagesSerializer, summary="Available languages")
    def get(self, request: Request) -> Response:
        return Response({"languages": [language._asdict() for language in LANGUAGES]})


class OnboardingView(StoredAnswer, APIView):
    """The slides that a new user sees, in order."""

    permission_classes = [AllowAny]
    stored_tables = (OnboardingSlidePage, Image, Rendition)
    query_parameters = ListPagination.query_parameters

    @extend_schema(responses=serializers.SlideSerializer(many=True), summary="Onboarding slides")
    def get(self, request: Request) -> Response:
        return self.list_response(selectors.onboarding_slides(language=request_language(request)))
