"""Unions of the OpenAPI document made plain: what is no real choice becomes one type, what is one gets a name.

Generators for TypeScript and Dart turn a named union into a type of that name, and an unnamed one into noise.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

CHOICES = ("oneOf", "anyOf")
NULL: Schema = {"type": "null"}
PREFIX = "#/components/schemas/"
# drf-spectacular's own components for "or nothing at all".
NOTHING: dict[str, Any] = {"BlankEnum": "", "NullEnum": None}


def make_plain(result: Schema, **kwargs: Any) -> Schema:
    """spectacular's POSTPROCESSING hook."""
    components: dict[str, Schema] = result["components"]["schemas"]
    for operation_id, content in _answers(result):
        _name_list(operation_id, content, components)
    for name in list(components):
        for label, schema in _inner(components[name], name):
            _simplify(schema, components)
            _name(schema, label, components)
    for name in NOTHING:
        components.pop(name, None)
    result["components"]["schemas"] = dict(sorted(components.items()))
    return result


def _answers(result: Schema) -> Iterator[tuple[str, Schema]]:
    for operations in result["paths"].values():
        for operation in operations.values():
            for answer in operation["responses"].values():
                for content in answer.get("content", {}).values():
                    yield operation["operationId"], content


def _name_list(operation_id: str, content: Schema, components: dict[str, Schema]) -> None:
    """``XList``, or ``XPage`` for who asks for pages; together ``XListOrPage``."""
    members = content.get("schema", {}).get("oneOf", [])
    if len(members) != 2 or members[0].get("type") != "array":
        return
    whole, page = members
    row = whole["items"].get("$ref", "").removeprefix(PREFIX) or "".join(map(str.capitalize, operation_id.split("_")))
    components[f"{row}List"] = whole
    components[f"{row}Page"] = page | {"properties": page["properties"] | {"results": _ref(f"{row}List")}}
    components[f"{row}ListOrPage"] = {"oneOf": [_ref(f"{row}List"), _ref(f"{row}Page")]}
    content["schema"] = _ref(f"{row}ListOrPage")


def _inner(schema: Schema, label: str) -> Iterator[tuple[str, Schema]]:
    """Every schema below a component, with a name that it could have."""
    for name, property_ in list(schema.get("properties", {}).items()):
        if isinstance(property_, dict):
            own = label + "".join(map(str.capitalize, name.split("_")))
            yield own, property_
            yield from _inner(property_, own)
    for key, suffix in (("items", "Item"), ("additionalProperties", "Value")):
        if isinstance(schema.get(key), dict):
            yield label + suffix, schema[key]
            yield from _inner(schema[key], label + suffix)


def _simplify(schema: Schema, components: dict[str, Schema]) -> None:
    for key in CHOICES:
        members = schema.get(key)
        if not members:
            continue
        plain = _enumeration(members, components) or _nullable(members) or _text_or_empty(members)
        if plain is not None:
            del schema[key]
            schema.update(plain)


def _enumeration(members: list[Schema], components: dict[str, Schema]) -> Schema | None:
    """An enumeration, or nothing at all: one enumeration with one value more."""
    names = [member.get("$ref", "").removeprefix(PREFIX) for member in members]
    empty = [NOTHING[name] for name in names if name in NOTHING]
    values = [name for name in names if name not in NOTHING]
    if not empty or len(values) != 1 or "enum" not in components.get(values[0], {}):
        return None
    return {"type": ["string", "null"] if None in empty else "string", "enum": [*components[values[0]]["enum"], *empty]}


def _nullable(members: list[Schema]) -> Schema | None:
    """A simple type or null."""
    others = [member for member in members if member != NULL]
    if len(others) == len(members) or len(others) != 1 or not isinstance(others[0].get("type"), str):
        return None
    return others[0] | {"type": [others[0]["type"], "null"]}


def _text_or_empty(members: list[Schema]) -> Schema | None:
    """A text of some format, or the empty text: a text."""
    others = [member for member in members if member != {"type": "string", "maxLength": 0}]
    if len(others) == len(members) or len(others) != 1:
        return None
    return {name: value for name, value in others[0].items() if name != "format"}


def _name(schema: Schema, label: str, components: dict[str, Schema]) -> None:
    """A choice that is left becomes a component; a component or null stays as it is."""
    for key in CHOICES:
        members = schema.get(key)
        if members and not (NULL in members and len(members) == 2):
            components[label] = {key: schema.pop(key)}
            schema["$ref"] = PREFIX + label


def _ref(name: str) -> Schema:
    return {"$ref": PREFIX + name}
