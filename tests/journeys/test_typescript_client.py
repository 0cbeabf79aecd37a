"""A TypeScript client generated from the OpenAPI document drives the running server; its compiler checks what we describe."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from .product import Product, link_in, ok

pytestmark = [pytest.mark.node, pytest.mark.server, pytest.mark.xdist_group("demo")]

HERE = Path(__file__).parent / "typescript"
EMAIL, PASSWORD = "typescript@kajaani.example", "seven brave otters 7"


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generator, the compiler and the journey, with the pinned packages of ``package.json``."""
    folder = tmp_path_factory.mktemp("typescript")
    for source in HERE.iterdir():
        if source.is_file():
            shutil.copy(source, folder)
    run(folder, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error")
    return folder


def run(folder: Path, *command: str, **environment: str) -> str:
    done = subprocess.run(command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_generated_client_lives_the_main_journey(served: Product, workshop: Path) -> None:
    document = ok(served.device().get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}))
    (workshop / "openapi.json").write_text(json.dumps(document))
    run(workshop, "npm", "run", "generate")
    run(workshop, "npm", "run", "build")

    def journey(step: str, *more: str) -> Any:
        return json.loads(run(workshop, "node", "built/journey.js", step, EMAIL, PASSWORD, *more, FAMMO_URL=served.url))

    assert journey("signup")["user"] > 0
    token = link_in(served.next_mail_to(EMAIL)).rstrip("/").rpartition("/")[2]
    assert journey("live", token) == {
        "email": EMAIL,
        "onlyOnce": True,
        "name": "Halla II",
        "pets": 1,
        "clinics": True,
        "documents": True,
        "gone": [404, "not_found"],
        "after": 401,
    }
