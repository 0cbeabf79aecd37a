"""The environment: everything has a default, and a value that cannot be right is named in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from fammo.environment import ConfigurationError, read_environment


def test_nothing_at_all_is_needed(tmp_path: Path) -> None:
    environment = read_environment({"DATA_DIR": str(tmp_path)})

    assert environment.public_url == "http://127.0.0.1:8000"
    assert (environment.tasks, environment.database_url, environment.redis_url) == ("database", "", "")
    assert (environment.access_token_minutes, environment.refresh_token_days, environment.refresh_rotation) == (15, 7, "asked")
    assert environment.debug is False
    assert len(environment.secret_key) >= 32


def test_generated_secret_stays_the_same_and_private(tmp_path: Path) -> None:
    first = read_environment({"DATA_DIR": str(tmp_path)})

    second = read_environment({"DATA_DIR": str(tmp_path)})

    assert first.secret_key == second.secret_key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert first.consent_signing_key == second.consent_signing_key
    assert (tmp_path / "consent_signing_key").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["consent_signing_key", "secret_key"]


def test_secrets_are_not_printed(tmp_path: Path) -> None:
    environment = read_environment(
        {"DATA_DIR": str(tmp_path), "DATABASE_URL": "postgres://u:hunter22@h/db", "OPENAI_API_KEY": "sk-hunter22"}
    )

    assert "hunter22" not in repr(environment)
    assert environment.secret_key not in repr(environment)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PUBLIC_URL", "fammo.example"),
        ("PUBLIC_URL", "http://[half"),
        ("WEB_CONCURRENCY", "0"),
        ("DEBUG", "maybe"),
        ("SECRET_KEY", "short"),
        ("CONSENT_SIGNING_KEY", "f" * 63),
        ("CONSENT_RETIRED_KEYS", "f" * 64 + ",short"),
        ("TRUSTED_PROXIES", "-1"),
        ("DATABASE_URL", "mysql://u@h/db"),
        ("DATABASE_URL", "postgres://u@h:port/db"),
        ("DATABASE_URL", "postgres://u@h"),
        ("REDIS_URL", "127.0.0.1:6379"),
        ("TASKS", "celery"),
        ("TASKS", "rq"),
        ("EMAIL_URL", "mail.example"),
        ("EMAIL_URL", "pop3://mail.example"),
        ("S3_ENDPOINT_URL", "http://127.0.0.1:9000"),
        ("OPENAI_BASE_URL", "http://127.0.0.1:9000"),
        ("GEOCODER", "google"),
        ("TILE_URL", "https://tiles.example"),
        ("TILE_URL", "https://{s}.tiles.example/{z}/{x}/{y}.png"),
        ("OUTBOUND_PRIVATE_NETWORKS", "10.0.0.1/8"),
        ("MODERATION_TARGET_HOURS", "0"),
        ("MODERATION_CLAIM_MINUTES", "soon"),
        ("ACCESS_TOKEN_MINUTES", "nan"),
        ("REFRESH_ROTATION", "sometimes"),
        ("PASSWORD_MIN_LENGTH", "7"),
        ("ERASURE_DELAY_DAYS", "31"),
        ("GOOGLE_KEYS_URL", "ftp://keys.example"),
        ("RATE_LIMIT_SCALE", "nan"),
        ("RATE_LIMIT_SCALE", "-1"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_value_that_cannot_be_right_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        read_environment({"DATA_DIR": str(tmp_path), name: value})

    assert name in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_unusable_data_dir_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigurationError, match="DATA_DIR"):
        read_environment({"DATA_DIR": str(tmp_path / "file")})


def test_access_token_cannot_outlive_its_refresh_token(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="ACCESS_TOKEN_MINUTES"):
        read_environment({"DATA_DIR": str(tmp_path), "ACCESS_TOKEN_MINUTES": "3000", "REFRESH_TOKEN_DAYS": "1"})


@pytest.mark.parametrize(
    ("tile_url", "folder"),
    [
        ("", ""),
        ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example/"),
        ("https://tiles.example:8080/styles/osm/{z}/{x}/{y}.png?key=1", "https://tiles.example:8080/styles/osm/"),
        ("https://tiles.example/map?z={z}&x={x}&y={y}", "https://tiles.example/"),
    ],
)
def test_browsers_may_load_tiles_from_their_folder(tmp_path: Path, tile_url: str, folder: str) -> None:
    """With its slash: a path without one allows that very address and nothing below it."""
    assert read_environment({"DATA_DIR": str(tmp_path), "TILE_URL": tile_url}).tile_folder == folder
