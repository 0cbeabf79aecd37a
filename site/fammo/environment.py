"""The environment, read once into one typed object.

Every variable of the operator's interface is a field here, with its default; nothing else in the project reads
``os.environ``. A value that cannot be right raises ``ConfigurationError`` with one sentence that names the variable.
"""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]
SECRET_KEY_MIN_LENGTH = 32
TaskBackend = Literal["database", "rq", "immediate"]
Rotation = Literal["asked", "always", "never"]
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


class ConfigurationError(ImproperlyConfigured):
    """The environment contradicts itself or holds a value that cannot be right; the text is one sentence for the operator."""


class Reader:
    """Typed access to a mapping of environment variables."""

    def __init__(self, source: Mapping[str, str]) -> None:
        self.source = source

    def text(self, name: str, default: str = "") -> str:
        return self.source.get(name, "").strip() or default

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name, str(default)).lower()
        if value in TRUE:
            return True
        if value in FALSE:
            return False
        raise ConfigurationError(f"{name} must be true or false, not {value!r}.")

    def number(self, name: str, default: T, parse: Callable[[str], T], low: T, high: T) -> T:
        raw = self.text(name)
        if not raw:
            return default
        try:
            value = parse(raw)
        except ValueError:
            value = None
        if value is None or not (low <= value <= high):  # type: ignore[operator]
            raise ConfigurationError(f"{name} must be a number from {low} to {high}, not {raw!r}.")
        return value

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        return self.number(name, default, int, low, high)

    def one_of(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, default).lower()
        if value not in allowed:
            raise ConfigurationError(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
        return value

    def url(self, name: str, default: str, schemes: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if not value:
            return ""
        try:
            parts = urlsplit(value)
            readable = parts.scheme in schemes and bool(parts.netloc)
            _ = parts.port
        except ValueError:
            readable = False
        if not readable:
            raise ConfigurationError(f"{name} must be a URL that starts with {' or '.join(f'{s}://' for s in schemes)}.")
        return value.rstrip("/")


@dataclass(frozen=True, kw_only=True)
class Environment:
    """All that the outside may tell Fammo at start. Durations carry their unit in the name."""

    host: str
    port: int
    public_url: str
    data_dir: Path
    web_concurrency: int
    web_threads: int
    workers: int
    debug: bool
    secret_key: str = field(repr=False)
    consent_signing_key: str = field(repr=False)
    consent_retired_keys: list[str]
    allowed_hosts: list[str]
    trusted_proxies: int
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    tasks: TaskBackend
    email_url: str = field(repr=False)
    anymail: dict[str, str] = field(repr=False)
    s3_bucket: str
    s3_endpoint_url: str
    openai_api_key: str = field(repr=False)
    openai_base_url: str
    openai_model: str
    geocoder: Literal["offline", "nominatim"]
    nominatim_url: str
    tile_url: str
    outbound_private_networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
    moderation_target_hours: int
    moderation_claim_minutes: int
    access_token_minutes: int
    refresh_token_days: int
    refresh_grace_seconds: int
    refresh_rotation: Rotation
    password_min_length: int
    erasure_delay_days: int
    google_client_ids: list[str]
    google_keys_url: str
    rate_limit_scale: float
    api_docs_enabled: bool
    log_format: Literal["console", "json"]

    @property
    def tile_folder(self) -> str:
        """What browsers may load tiles from: everything before the first number, up to its last slash; empty without a tile server."""
        return self.tile_url.partition("{")[0].rpartition("/")[0] + "/" if self.tile_url else ""

    @property
    def public_host(self) -> str:
        return urlsplit(self.public_url).hostname or "localhost"

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")


def read_environment(source: Mapping[str, str] = os.environ) -> Environment:
    """The environment as one checked object; raises ``ConfigurationError`` on the first value that cannot be right."""
    read = Reader(source)
    host = read.text("HOST", "127.0.0.1")
    port = read.integer("PORT", 8000, 1, 65535)
    public_url = read.url("PUBLIC_URL", f"http://{host}:{port}", ("http", "https"))
    data_dir = _data_dir(read.text("DATA_DIR", "var"))
    debug = read.flag("DEBUG", False)
    environment = Environment(
        host=host,
        port=port,
        public_url=public_url,
        data_dir=data_dir,
        web_concurrency=read.integer("WEB_CONCURRENCY", 1, 1, 256),
        web_threads=read.integer("WEB_THREADS", 4, 1, 256),
        workers=read.integer("WORKERS", 1, 0, 256),
        debug=debug,
        secret_key=_secret_key(read.text("SECRET_KEY"), data_dir, debug),
        consent_signing_key=_consent_signing_key(read.text("CONSENT_SIGNING_KEY"), data_dir),
        consent_retired_keys=_consent_retired_keys(read.text("CONSENT_RETIRED_KEYS")),
        allowed_hosts=[name.strip() for name in read.text("ALLOWED_HOSTS").split(",") if name.strip()],
        trusted_proxies=read.integer("TRUSTED_PROXIES", 0, 0, 10),
        database_url=_database_url(read),
        redis_url=read.url("REDIS_URL", "", ("redis", "rediss")),
        tasks=read.one_of("TASKS", "database", ("database", "rq", "immediate")),  # type: ignore[arg-type]
        email_url=_email_url(read),
        anymail={name.removeprefix("ANYMAIL_"): value for name, value in source.items() if name.startswith("ANYMAIL_")},
        s3_bucket=read.text("S3_BUCKET"),
        s3_endpoint_url=read.url("S3_ENDPOINT_URL", "", ("http", "https")),
        openai_api_key=read.text("OPENAI_API_KEY"),
        openai_base_url=read.url("OPENAI_BASE_URL", "", ("http", "https")),
        openai_model=read.text("OPENAI_MODEL", "gpt-4o-mini"),
        geocoder=read.one_of("GEOCODER", "offline", ("offline", "nominatim")),  # type: ignore[arg-type]
        nominatim_url=read.url("NOMINATIM_URL", "", ("http", "https")),
        tile_url=_tile_url(read),
        outbound_private_networks=_networks(read.text("OUTBOUND_PRIVATE_NETWORKS")),
        moderation_target_hours=read.integer("MODERATION_TARGET_HOURS", 48, 1, 24 * 365),
        moderation_claim_minutes=read.integer("MODERATION_CLAIM_MINUTES", 20, 1, 24 * 60),
        access_token_minutes=read.integer("ACCESS_TOKEN_MINUTES", 15, 1, 60 * 24 * 365),
        refresh_token_days=read.integer("REFRESH_TOKEN_DAYS", 7, 1, 3650),
        refresh_grace_seconds=read.integer("REFRESH_GRACE_SECONDS", 60, 0, 3600),
        refresh_rotation=read.one_of("REFRESH_ROTATION", "asked", ("asked", "always", "never")),  # type: ignore[arg-type]
        password_min_length=read.integer("PASSWORD_MIN_LENGTH", 8, 8, 64),
        erasure_delay_days=read.integer("ERASURE_DELAY_DAYS", 7, 0, 30),
        google_client_ids=[name.strip() for name in read.text("GOOGLE_CLIENT_IDS").split(",") if name.strip()],
        google_keys_url=read.url("GOOGLE_KEYS_URL", "https://www.googleapis.com/oauth2/v3/certs", ("http", "https")),
        rate_limit_scale=read.number("RATE_LIMIT_SCALE", 1.0, float, 0.0, 1_000_000.0),
        api_docs_enabled=read.flag("API_DOCS_ENABLED", True),
        log_format=read.one_of("LOG_FORMAT", "console", ("console", "json")),  # type: ignore[arg-type]
    )
    _refuse_contradictions(environment)
    return environment


def _refuse_contradictions(environment: Environment) -> None:
    if environment.tasks == "rq" and not environment.redis_url:
        raise ConfigurationError("TASKS=rq keeps the queue in Redis, so REDIS_URL must be set too.")
    if environment.s3_endpoint_url and not environment.s3_bucket:
        raise ConfigurationError("S3_ENDPOINT_URL is set without S3_BUCKET; name the bucket or unset both.")
    if environment.openai_base_url and not environment.openai_api_key:
        raise ConfigurationError("OPENAI_BASE_URL is set without OPENAI_API_KEY; give a key or unset both.")
    if environment.refresh_token_days * 24 * 60 < environment.access_token_minutes:
        raise ConfigurationError("ACCESS_TOKEN_MINUTES is longer than REFRESH_TOKEN_DAYS; a refresh token must outlive its access token.")


def _data_dir(value: str) -> Path:
    path = Path(value)
    path = path if path.is_absolute() else ROOT / path
    try:
        path.mkdir(parents=True, exist_ok=True)
        if not os.access(path, os.W_OK):
            raise PermissionError(13, "not writable")
    except OSError as exc:
        raise ConfigurationError(f"DATA_DIR {path} cannot be used: {exc.strerror}.") from exc
    return path


def _secret_key(value: str, data_dir: Path, debug: bool) -> str:
    if value:
        if len(value) < SECRET_KEY_MIN_LENGTH and not debug:
            raise ConfigurationError(f"SECRET_KEY must have at least {SECRET_KEY_MIN_LENGTH} characters; it has {len(value)}.")
        return value
    path = data_dir / "secret_key"
    if not path.exists():
        _write_secret(path, secrets.token_urlsafe(64))
    key = path.read_text().strip()
    if len(key) < SECRET_KEY_MIN_LENGTH:
        raise ConfigurationError(
            f"SECRET_KEY is not set and {path} is damaged; delete that file to have a new key made (all sessions end)."
        )
    return key


def _consent_signing_key(value: str, data_dir: Path) -> str:
    """The Ed25519 private key of the consent ledger: 32 bytes in hexadecimal."""
    if value:
        if not _is_key(value):
            raise ConfigurationError("CONSENT_SIGNING_KEY must be 64 hexadecimal digits, the 32 bytes of an Ed25519 private key.")
        return value.lower()
    path = data_dir / "consent_signing_key"
    if not path.exists():
        _write_secret(path, secrets.token_hex(32))
    key = path.read_text().strip()
    if not _is_key(key):
        raise ConfigurationError(
            f"CONSENT_SIGNING_KEY is not set and {path} is damaged; restore that file, or what was signed so far cannot be checked."
        )
    return key


def _consent_retired_keys(value: str) -> list[str]:
    keys = [key.strip().lower() for key in value.split(",") if key.strip()]
    if not all(map(_is_key, keys)):
        raise ConfigurationError("CONSENT_RETIRED_KEYS must be public keys of 64 hexadecimal digits, with commas between them.")
    return keys


def _is_key(value: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{64}", value) is not None


def _write_secret(path: Path, secret: str) -> None:
    # Written aside and linked into place: whoever reads the file, even after a kill -9 here or beside a second start, reads a whole key.
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(secret)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _networks(value: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in value.split(",") if part.strip())
    except ValueError as exc:
        raise ConfigurationError("OUTBOUND_PRIVATE_NETWORKS must be networks such as 10.0.0.0/8, separated by commas.") from exc


def _database_url(read: Reader) -> str:
    value = read.text("DATABASE_URL")
    if not value:
        return ""
    scheme = value.split(":", 1)[0]
    if scheme not in {"postgres", "postgresql", "sqlite"}:
        raise ConfigurationError("DATABASE_URL must start with postgres:// or sqlite:///.")
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as exc:
        raise ConfigurationError("DATABASE_URL cannot be read: its port is not a number.") from exc
    if not parts.path.strip("/"):
        raise ConfigurationError("DATABASE_URL names no database.")
    return value


def _tile_url(read: Reader) -> str:
    value = read.url("TILE_URL", "", ("http", "https"))
    if value and ("{" in urlsplit(value).netloc or not all(place in value for place in ("{z}", "{x}", "{y}"))):
        raise ConfigurationError("TILE_URL must be an address with {z}, {x} and {y} behind its host.")
    return value


def _email_url(read: Reader) -> str:
    value = read.text("EMAIL_URL", "file:")
    scheme = value.split(":", 1)[0]
    if ":" not in value or not (scheme in {"file", "console", "smtp", "smtps"} or scheme.startswith("anymail+")):
        raise ConfigurationError("EMAIL_URL must be file:, console:, smtp://host:port, smtps://host:port or anymail+PROVIDER:.")
    if scheme in {"smtp", "smtps"}:
        return read.url("EMAIL_URL", "", ("smtp", "smtps"))
    return value
