"""Hosts, cookies, headers, cross-origin rules."""

from corsheaders.defaults import default_headers
from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE

from .current import ENV

SECRET_KEY = ENV.secret_key
CONSENT_SIGNING_KEY = ENV.consent_signing_key
CONSENT_RETIRED_KEYS = ENV.consent_retired_keys
CONSENT_HEADS_FILE = ENV.data_dir / "consent_heads.jsonl"
ALLOWED_HOSTS = ENV.allowed_hosts or sorted({ENV.public_host, ENV.host, "localhost", "127.0.0.1"})
CSRF_FAILURE_VIEW = "fammo.api.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [ENV.public_url]

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.is_https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = False  # TLS ends at the proxy in front
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if ENV.is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENV.is_https
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if ENV.trusted_proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "SAMEORIGIN"  # the admin previews pages in a frame of its own

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "frame-ancestors": [SELF],
        "form-action": [SELF],
        "base-uri": [SELF],
        "object-src": ["'none'"],
    },
}

# Where a library's pages need more, by path; the longest prefix holds (fammo.api.headers).
_LOCAL = {"default-src": [SELF], "frame-ancestors": [SELF], "form-action": [SELF], "base-uri": [SELF], "object-src": [NONE]}
_INLINE = {"style-src": [SELF, UNSAFE_INLINE], "img-src": [SELF, "data:", "blob:"], "font-src": [SELF, "data:"]}
_TILES = [ENV.tile_folder] if ENV.tile_url else []
CONTENT_SECURITY_POLICIES = {
    # Wagtail's admin writes scripts and styles into its pages and compiles templates (wagtail issue 1288).
    "/admin/": _LOCAL
    | _INLINE
    | {"script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL], "img-src": [SELF, "data:", "blob:", *_TILES], "frame-src": [SELF]},
    "/api/": {"default-src": [NONE], "frame-ancestors": [NONE], "base-uri": [NONE], "form-action": [NONE]},
    # ReDoc and Scalar style elements by themselves and search in a worker.
    "/api/docs/": _LOCAL | _INLINE | {"script-src": [SELF], "worker-src": [SELF, "blob:"]},
    "/api/docs/swagger/": _LOCAL | _INLINE | {"script-src": [SELF, UNSAFE_INLINE]},
    "/api/cms/docs": _LOCAL | _INLINE | {"script-src": [SELF, UNSAFE_INLINE]},
}

CORS_ALLOW_ALL_ORIGINS = True  # tokens travel in a header, never in a cookie: any web app may call the API
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = [
    *default_headers,
    *("accept-language", "idempotency-key", "if-match", "if-none-match"),
    *("x-app-version", "x-device-id", "x-request-id"),
]
CORS_EXPOSE_HEADERS = [
    "Content-Language",
    "Deprecation",
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "WWW-Authenticate",
    "Retry-After",
    "Sunset",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Request-ID",
    "X-Total-Count",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # Wagtail's page forms are large
