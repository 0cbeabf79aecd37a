"""Schemathesis against a running server: what the document promises, tried with requests that nobody would write."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import httpx2

from home.demo.people import PASSWORD
from tests.server.running import Server

# Strangers are tried apart; each of these is somebody who sees other things.
ROLES = ("anna@fammo.example", "vet@fammo.example", "moderator@fammo.example", "admin@fammo.example")
# Every check but two. Whether data of the right shape is accepted (positive_data_acceptance) depends on rows, passwords and links that
# a schema does not know. Not all of another shape is refused (negative_data_rejection): a form's "0" is false, its empty field is none,
# a number is taken for a text, as apps in people's hands send them.
NOT_CHECKED = ("positive_data_acceptance", "negative_data_rejection")
# 428 is what RFC 6585 has for a missing If-Match, which Schemathesis does not know.
SETTINGS = """
[checks.missing_required_header]
expected-statuses = [400, 401, 403, 406, 415, 422, 428]
"""
# These end the login that the run itself uses.
ENDING = ("auth_logout", "auth_logout_all", "auth_change_password", "me_sessions_end", "me_delete", "me_email_change")
NUMBER = re.compile(r"^\s+([\d,]+) generated", re.MULTILINE)


def fuzz(server: Server, role: str, *, phases: str, examples: int, seed: int, folder: Path) -> tuple[int, str]:
    """How many cases were tried, and what was found; nothing if all is well."""
    url = f"http://127.0.0.1:{server.port}"
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{url}/api/schema/", "--url", url),
        *("--header", f"Authorization: Bearer {_token(url, role)}", "--phases", phases),
        *("--checks", "all", "--exclude-checks", ",".join(NOT_CHECKED)),
        # One worker: with two, Python 3.11 now and then stumbles in ast.compile under Hypothesis.
        *("--max-examples", str(examples), "--seed", str(seed), "--workers", "1", "--continue-on-failure", "--no-shrink"),
        *("--generation-database", "none", "--warnings", "off", "--no-color", "--suppress-health-check", "all"),
        *(part for name in ENDING for part in ("--exclude-operation-id", name)),
    ]
    (folder / "schemathesis.toml").write_text(SETTINGS)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found = NUMBER.search(done.stdout)
    assert found, done.stdout[-4000:] + done.stderr[-4000:]
    return int(found[1].replace(",", "")), "" if done.returncode == 0 else done.stdout[-12_000:]


def failures(server: Server) -> list[str]:
    """What the server logged about failures of its own, from its start to now."""
    log = (server.data_dir.parent / "serve.log").read_text(errors="replace")
    return [line for line in log.splitlines() if "unexpected_error" in line]


def _token(url: str, email: str) -> str:
    answer = httpx2.post(f"{url}/api/v1/auth/token/", json={"email": email, "password": PASSWORD}, timeout=30)
    token: str = answer.json()["access"]
    return token
