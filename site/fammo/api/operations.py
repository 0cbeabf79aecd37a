"""What an operation is called by people: its summary and the group that it stands in."""

from __future__ import annotations

import re

VERBS = {
    "list": "List",
    "retrieve": "Read",
    "create": "Add",
    "replace": "Replace",
    "update": "Change",
    "partial_update": "Change",
    "destroy": "Delete",
    "delete": "Delete",
}
LONGEST = 90
# Paths that belong to a group of another name.
GROUPS = {
    **dict.fromkeys(("ping", "config", "languages", "onboarding"), "app"),
    **dict.fromkeys(("user-consent", "clinic-consent"), "legal"),
}
DESCRIPTIONS = {
    "app": "What an app needs before anything else.",
    "auth": "Signing up, logging in and out, passwords.",
    "me": "The caller's own account.",
    "pets": "The caller's pets.",
    "reference data": "The lists that people choose from, in four languages.",
    "ai": "Meal plans and health reports.",
    "chat": "Conversations about pets.",
    "clinics": "The directory, and what owners keep in it.",
    "appointments": "Appointments with clinics.",
    "legal": "Legal texts and consent.",
    "admin": "For members of staff, each by their permissions.",
}


def summary_of(operation_id: str, description: str) -> str:
    """A few words for an operation that declares none: from its id where that says it, else how its description begins."""
    subject, verb = _parts(operation_id)
    if verb == "list" and subject.endswith("s"):
        return f"List {subject}"
    if verb and subject.endswith("s") and not subject.endswith("ss"):
        one = _singular(subject)
        return f"{VERBS[verb]} {'an' if one[0] in 'aeiou' else 'a'} {one}"
    first = re.split(r"[:;.]( |$)|\n", description.strip(), maxsplit=1)[0].replace("``", "")
    return first if 0 < len(first) <= LONGEST else operation_id.replace("_", " ").capitalize()


def group_of(path: str) -> str:
    """The first segment of the path, or the group that it belongs to."""
    segments = [segment for segment in path.split("/") if segment and segment not in {"api", "v1"}]
    return GROUPS.get(segments[0], segments[0]) if segments else "api"


def _parts(operation_id: str) -> tuple[str, str]:
    for verb in sorted(VERBS, key=len, reverse=True):
        if operation_id.endswith(f"_{verb}"):
            return operation_id.removesuffix(f"_{verb}").replace("_", " "), verb
    return operation_id.replace("_", " "), ""


def _singular(plural: str) -> str:
    return f"{plural[:-3]}y" if plural.endswith("ies") else plural[:-1]
