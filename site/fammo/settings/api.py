"""The mobile API's framework settings; the conventions themselves live in fammo.api."""

from fammo import __version__

from .current import ENV

REST_FRAMEWORK = {
    # For Wagtail's own admin API; ours says Bearer in its base class (fammo.api.views.APIView).
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["fammo.api.renderers.JSONRenderer", "fammo.api.renderers.VendorJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "fammo.api.parsers.JSONParser",
        "fammo.api.parsers.VendorJSONParser",
        "fammo.api.parsers.MultiPartParser",
        "fammo.api.parsers.FormParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "fammo.api.schema.FammoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["fammo.api.throttling.ScopedThrottle"],
    "EXCEPTION_HANDLER": "fammo.api.errors.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

# Calls per window and scope; RATE_LIMIT_SCALE multiplies the counts, 0 switches them off.
RATE_LIMITS = {
    "anon": "300/minute",
    "user": "600/minute",
    "cms": "600/minute",  # Wagtail's own API under /api/cms/, by address
    "auth": "20/minute",
    "registration": "20/hour",
    "login_attempts": "10/15minutes",  # per account, from wherever they come
    "account_mail": "1/minute",  # per mailbox, for mails that strangers can ask for
    "admin": "240/minute",
    "upload": "60/hour",
    "search": "120/minute",
    "ai": "30/hour",
    "device_consent": "60/hour",  # by address: whoever has no account must not fill a ledger from which nothing is deleted
    "chat": "120/hour",
}
RATE_LIMIT_SCALE = ENV.rate_limit_scale
TRUSTED_PROXIES = ENV.trusted_proxies

API_DOCS_ENABLED = ENV.api_docs_enabled
SPECTACULAR_SETTINGS = {
    "TITLE": "Fammo API",
    "DESCRIPTION": "Pet care for mobile and web apps: content in four languages, accounts, pets, consent, clinics.",
    "VERSION": __version__,
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "LanguageEnum": "fammo.common.languages.CHOICES",
        "ModerationReasonEnum": "clinics.models.ModerationDecision.Reason",
        "ConsentStateEnum": "legal.models.UserConsent.State",
    },
    "PREPROCESSING_HOOKS": ["fammo.api.schema.only_canonical_paths"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "fammo.api.unions.make_plain",
        "fammo.api.schema.add_shared_components",
        "fammo.api.examples.add_examples",
    ],
}
