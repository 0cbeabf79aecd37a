"""Outgoing mail from EMAIL_URL. Mails are always sent by a task (fammo.mail), never while a person waits."""

from urllib.parse import parse_qs, unquote, urlsplit

from .current import ENV

_scheme, _rest = ENV.email_url.split(":", 1)

DEFAULT_FROM_EMAIL = f"Fammo <no-reply@{ENV.public_host}>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = "fammo.mail.backends.QueueingBackend"  # whatever sends mail only queues it; MAIL_TRANSPORT delivers

if _scheme == "file":
    MAIL_TRANSPORT = "fammo.mail.backends.EmlFileBackend"
    EMAIL_FILE_PATH = _rest or str(ENV.data_dir / "mail")
elif _scheme == "console":
    MAIL_TRANSPORT = "django.core.mail.backends.console.EmailBackend"
elif _scheme in {"smtp", "smtps"}:
    _parts = urlsplit(ENV.email_url)
    _query = parse_qs(_parts.query)
    MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _parts.hostname or "localhost"
    EMAIL_PORT = _parts.port or (465 if _scheme == "smtps" else 25)
    EMAIL_HOST_USER = unquote(_parts.username or "")
    EMAIL_HOST_PASSWORD = unquote(_parts.password or "")
    EMAIL_USE_SSL = _scheme == "smtps"
    EMAIL_USE_TLS = _query.get("tls", ["0"])[0] in {"1", "true"}
else:
    MAIL_TRANSPORT = f"anymail.backends.{_scheme.removeprefix('anymail+')}.EmailBackend"
    ANYMAIL = ENV.anymail
