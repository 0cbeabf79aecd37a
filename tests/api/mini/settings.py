"""Django, DRF and fammo.api; the database is named by MINI_DATABASE."""

import os
from typing import Any

from fammo.environment import read_environment
from fammo.settings.database import SQLITE_OPTIONS

ENVIRONMENT = read_environment()
SECRET_KEY = "mini-" + "k" * 40
ALLOWED_HOSTS = ["testserver"]
ROOT_URLCONF = "tests.api.mini.urls"
USE_TZ = True
LANGUAGES = [("en", "English"), ("fi", "Suomi")]
LOGGING_CONFIG = None
INSTALLED_APPS = ["fammo.api", "django.contrib.auth", "django.contrib.contenttypes", "rest_framework", "waffle", "fammo.audit"]
MIDDLEWARE = [
    "fammo.api.middleware.ConventionsMiddleware",
    "fammo.api.stored.StoredAnswersMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.common.CommonMiddleware",
]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["fammo.api.authentication.BearerAuthentication"],
    "DEFAULT_RENDERER_CLASSES": ["fammo.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["fammo.api.parsers.JSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["fammo.api.throttling.ScopedThrottle"],
    "EXCEPTION_HANDLER": "fammo.api.errors.exception_handler",
}
RATE_LIMITS = {"anon": "100000/minute", "user": "100000/minute"}
RATE_LIMIT_SCALE = 1
TRUSTED_PROXIES = 0
CORS_ALLOW_ALL_ORIGINS = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_name = os.environ["MINI_DATABASE"]
DATABASES: dict[str, dict[str, Any]] = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": _name, "OPTIONS": SQLITE_OPTIONS}
    if "/" in _name
    else {"ENGINE": "django.db.backends.postgresql", "NAME": _name, "HOST": "127.0.0.1", "USER": "postgres"}
}
