"""The web server's door."""

import gc
import os
import sys
from typing import cast

from django.core.wsgi import get_wsgi_application

from fammo.environment import ConfigurationError, read_environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fammo.settings")

try:
    read_environment()
except ConfigurationError as error:
    sys.exit(f"fammo: {error}")

django_application = get_wsgi_application()

from fammo.api.bodies import BodiesFirst  # noqa: E402 - it reads Django's settings
from fammo.api.stored import StoredAnswersFirst, WSGIApplication  # noqa: E402

application = StoredAnswersFirst(BodiesFirst(cast("WSGIApplication", django_application)))

# What the start left behind lives as long as the process: keeping it out of every later collection halves the slowest answers.
gc.collect()
gc.freeze()
