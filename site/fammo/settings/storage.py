"""Static files, media, and where both live."""

from typing import Any

from .current import ENV, ROOT

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "site" / "fammo" / "static"]
STATIC_ROOT = ENV.data_dir / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = ENV.data_dir / "media"
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

_media: dict[str, Any] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
if ENV.s3_bucket:
    _media = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": ENV.s3_bucket,
            "endpoint_url": ENV.s3_endpoint_url or None,
            "file_overwrite": False,
            "querystring_auth": True,
            "querystring_expire": 900,
            "default_acl": None,
        },
    }

STORAGES = {
    "default": _media,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
