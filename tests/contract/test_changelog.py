"""The check that a change of the API is told in the changelog."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from .changelog_goes_with_the_api import CHANGELOG, DOCUMENT, main


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    git(tmp_path, "init", "--quiet")
    change(tmp_path, DOCUMENT, CHANGELOG)
    commit(tmp_path)
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Test", "-c", "user.email=test@fammo.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def change(folder: Path, *names: str) -> None:
    for name in names:
        with (folder / name).open("a") as file:
            file.write("changed\n")


def commit(folder: Path) -> None:
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "Change")


def test_both_at_once_are_fine(checkout: Path) -> None:
    assert main(checkout) == 0
    change(checkout, DOCUMENT, CHANGELOG)
    assert main(checkout) == 0


def test_other_changes_are_fine(checkout: Path) -> None:
    change(checkout, "README.md")
    commit(checkout)

    assert main(checkout) == 0


@pytest.mark.parametrize("committed", [False, True])
def test_the_document_alone_is_refused(checkout: Path, committed: bool, capsys: pytest.CaptureFixture[str]) -> None:
    change(checkout, DOCUMENT)
    if committed:
        commit(checkout)

    assert main(checkout) == 1
    assert "without a line" in capsys.readouterr().out


def test_without_git_nothing_can_be_said(tmp_path: Path) -> None:
    assert main(tmp_path) == 0
