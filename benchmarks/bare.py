"""The least Django there is: no middleware, one view, one JsonResponse. What stored answers are measured against."""

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["*"],
    DEBUG=False,
    LOGGING_CONFIG=None,
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    SECRET_KEY="only-for-benchmarks",  # noqa: S106
)
DATA: Any = json.loads(Path(os.environ["BARE_DATA"]).read_text())


def answer(request: HttpRequest) -> JsonResponse:
    return JsonResponse(DATA, safe=False)


urlpatterns = [path("bare/", answer)]
application: WSGIHandler = get_wsgi_application()
