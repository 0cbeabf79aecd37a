"""A change of the API is told: who changes docs/openapi.yaml changes CHANGELOG.md in the same commit. `make check` runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DOCUMENT, CHANGELOG = "docs/openapi.yaml", "CHANGELOG.md"


def main(root: Path) -> int:
    """0 when the last change of the document, committed or not, came with one of the changelog."""
    if _git(root, "rev-parse", "--is-inside-work-tree") != "true":
        print(f"{DOCUMENT}: not in a git checkout, so nobody can say whether its last change is in {CHANGELOG}.")
        return 0
    changed = _git(root, "status", "--porcelain", "--", DOCUMENT, CHANGELOG)
    if DOCUMENT not in changed:
        last = _git(root, "log", "-1", "--format=%H", "--", DOCUMENT)
        changed = _git(root, "show", "--name-only", "--format=", last) if last else ""
    if DOCUMENT in changed and CHANGELOG not in changed:
        print(f"{DOCUMENT} has changed without a line in {CHANGELOG}.")
        return 1
    return 0


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parents[2]))
