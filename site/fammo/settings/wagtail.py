"""Wagtail as Fammo's admin."""

from .current import ENV
from .i18n import LANGUAGES

WAGTAIL_SITE_NAME = "Fammo"
WAGTAILADMIN_BASE_URL = ENV.public_url
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_FINISH_WORKFLOW_ACTION = "fammo.cms.publishing.publish_reviewed_revision"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
# Fammo's own flows for password and address are everybody's: limited, silent about who exists; each change ends the sessions and is told
# by mail.
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # nothing is fetched from the internet at run time
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "heic"]
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILAPI_DOCS_ENABLED = ENV.api_docs_enabled
WAGTAILAPI_LIMIT_MAX = 100
TAGGIT_CASE_INSENSITIVE = True

# The moderators' promise to owners, and how long one of them keeps a clinic to themselves.
MODERATION_TARGET_HOURS = ENV.moderation_target_hours
MODERATION_CLAIM_MINUTES = ENV.moderation_claim_minutes
SILENCED_SYSTEM_CHECKS: list[str] = []
