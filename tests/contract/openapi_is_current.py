"""``openapi_is_current.py GENERATED SNAPSHOT``: has the API changed without the snapshot? Exit 1 with what differs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

MOST_LINES = 60


def differences(old: Any, new: Any, place: str = "") -> Iterator[str]:
    """One line for each smallest part that differs, the order of object members aside: + added, - removed, ~ changed."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted({*old, *new}, key=str):
            here = f"{place} › {name}" if place else str(name)
            if name not in old:
                yield f"+ {here}"
            elif name not in new:
                yield f"- {here}"
            else:
                yield from differences(old[name], new[name], here)
    elif old != new:
        yield f"~ {place}: {_brief(old)} → {_brief(new)}"


def compare(generated: Path, snapshot: Path) -> list[str]:
    """What the generated document changes of the snapshot; empty when they say the same."""
    if not snapshot.exists():
        return [f"+ {snapshot} does not exist yet"]
    return list(differences(_read(snapshot), _read(generated)))


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:97]}..."


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    found = compare(Path(arguments[0]), Path(arguments[1]))
    if not found:
        return 0
    lines = [f"The API is not what {arguments[1]} says. If that is meant, run `make schema` and tell it in CHANGELOG.md:"]
    lines += [f"  {line}" for line in found[:MOST_LINES]]
    if len(found) > MOST_LINES:
        lines.append(f"  and {len(found) - MOST_LINES} more")
    sys.stdout.write("\n".join(lines) + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
