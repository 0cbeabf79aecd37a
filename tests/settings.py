"""The product's settings for tests: data in a folder of its own, cheap hashing, nothing collected."""

import os
import tempfile

if "DATA_DIR" not in os.environ:  # the first process makes it for all of a run
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="fammo-tests-")
os.environ.setdefault("SECRET_KEY", "tests-only-" + "k" * 40)
os.environ["RATE_LIMIT_SCALE"] = "0"  # tests of the limits set it themselves
os.environ["PUBLIC_URL"] = "http://testserver"
os.environ.pop("DEBUG", None)
if os.environ.get("REDIS_URL") and os.environ.get("PYTEST_XDIST_WORKER"):
    # Each pytest process counts in a Redis database of its own; emptying it is nobody else's loss.
    server, _, number = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{server}/{int(number) + int(os.environ['PYTEST_XDIST_WORKER'].removeprefix('gw'))}"

from fammo.settings import *  # noqa: F403
from fammo.settings import DATABASES, STATIC_ROOT, STORAGES

STATIC_ROOT.mkdir(parents=True, exist_ok=True)

if os.environ.get("TEST_DATABASE_FILE") and not os.environ.get("DATABASE_URL"):
    DATABASES["default"]["TEST"] = {"NAME": os.environ["TEST_DATABASE_FILE"]}  # for --reuse-db: docs/recipes.md

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "fammo.mail.backends.QueueingBackend"  # Django's test runner would put its own in place
MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
