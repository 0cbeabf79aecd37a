#!/usr/bin/env python3
"""The operator's door: puts site/ on the path and hands over to Django."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    sys.path.insert(0, str(ROOT / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fammo.settings")
    from django.core.management import execute_from_command_line

    from fammo.environment import ConfigurationError, read_environment

    try:
        read_environment()  # before Django, which would answer a broken setting with "unknown command"
    except ConfigurationError as error:
        sys.exit(f"fammo: {error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
