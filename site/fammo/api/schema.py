"""The OpenAPI document: what drf-spectacular reads from the views, and the conventions that hold for all of them.

Parameters, headers and error answers are written once, as components; operations only refer to them.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from . import operations
from .authentication import OptionalBearerAuthentication
from .pagination import ListPagination
from .views import MATCHING_METHODS, APIView

CANONICAL = "/api/v1/"
PROBLEM = "application/problem+json"
Schema = dict[str, Any]

ERRORS = {
    "400": ("BadRequest", "What was sent cannot be right: `details` names the fields."),
    "401": ("NotAuthenticated", "The access token is missing, wrong or expired."),
    "403": ("PermissionDenied", "The caller sees the thing but may not do this to it."),
    "404": ("NotFound", "There is no such thing, or none that the caller may see."),
    "406": ("NotAcceptable", "None of the media types in `Accept` can be had."),
    "408": ("RequestTimeout", "The body came too slowly: send it again, with the same `Idempotency-Key` if it had one."),
    "409": ("Conflict", "The state of the thing does not allow this now, or the first request with this key is still running."),
    "412": ("PreconditionFailed", "Somebody changed the thing since the caller read it."),
    "413": ("PayloadTooLarge", "The body is too large."),
    "415": ("UnsupportedMediaType", "This endpoint does not read such a body."),
    "422": ("IdempotencyKeyReused", "The Idempotency-Key was sent before with another request."),
    "428": ("PreconditionRequired", "The write must carry `If-Match`."),
    "429": ("TooManyRequests", "A rate limit (see `Retry-After`) or a quota (see `limit`, `used`, `reset_date`) is used up."),
    "500": ("InternalError", "We failed; quote `error_id` when you write to us."),
    "503": ("Unavailable", "Something that this needs is away: try again, after `Retry-After` if there is one."),
}
TEXTS = {"type": "array", "items": {"type": "string"}}
PROBLEM_SCHEMA: Schema = {
    "type": "object",
    "description": "RFC 9457. For validation errors every list of `details` stands at top level too.",
    "required": ["type", "title", "status", "detail", "code", "error", "message", "details"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Names the kind of problem; stable."},
        "title": {"type": "string", "description": "The kind of problem, in the language of the answer."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What went wrong here, for a person."},
        "instance": {"type": ["string", "null"], "description": "The path that was asked for."},
        "code": {"type": "string", "description": "What went wrong here, for a program; stable."},
        "error": {"type": "string", "description": "For a person; of validation errors the title, else as `detail`."},
        "message": {"type": "string", "description": "As `detail`."},
        "details": {"type": "object", "additionalProperties": TEXTS, "description": "Sentences per field; empty if no field is at fault."},
        "request_id": {"type": ["string", "null"], "description": "As in `X-Request-ID`."},
        "error_id": {"type": "string", "description": "Of our own failures (500, 503) only."},
        "limit": {"type": "integer", "description": "Of a used-up quota only."},
        "used": {"type": "integer", "description": "Of a used-up quota only."},
        "reset_date": {"type": "string", "format": "date", "description": "Of a used-up quota only."},
    },
    "additionalProperties": True,
}
PARAMETERS: dict[str, Schema] = {
    "AcceptLanguage": {
        "name": "Accept-Language",
        "in": "header",
        "description": "Language of the answer: en, fi, nl or tr; else the profile's, else English. `Content-Language` says which it was.",
        "schema": {"type": "string"},
        "example": "fi",
    },
    "RequestId": {
        "name": "X-Request-ID",
        "in": "header",
        "description": "Your id for this request, to find it in the logs: up to 64 of A-Z, a-z, 0-9, `.`, `_`, `-`; else we make one.",
        "schema": {"type": "string"},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Makes it safe to send this request again: within 24 hours the first answer is repeated and nothing is done twice.",
        "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,128}$"},
        "example": "7ad2b6c1-0e6f-4ac3-9c0a-1a2b3c4d5e6f",
    },
    "Fields": {
        "name": "fields",
        "in": "query",
        "description": "Comma-separated members that the answer (or each entry of a list) shall have; all without it.",
        "schema": {"type": "string"},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag that you have; 304 says that it still holds.",
        "schema": {"type": "string"},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag of the GET that this change was made for, in the same language; 412 if it is another by now.",
        "schema": {"type": "string"},
    },
}
HEADERS: dict[str, Schema] = {
    "X-Request-ID": {"description": "Names this request in our logs.", "schema": {"type": "string"}},
    "X-RateLimit-Limit": {"description": "Calls per window.", "schema": {"type": "integer"}},
    "X-RateLimit-Remaining": {"description": "Calls left now.", "schema": {"type": "integer"}},
    "X-RateLimit-Reset": {
        "description": "When the next call becomes possible or the window moves, in Unix seconds.",
        "schema": {"type": "integer"},
    },
    "Content-Language": {"description": "Language of the answer.", "schema": {"type": "string", "enum": ["en", "fi", "nl", "tr"]}},
    "ETag": {"description": "Names this state of the answer.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
    "WWW-Authenticate": {"description": "How to say who you are.", "schema": {"type": "string"}},
    "Deprecation": {"description": "Since when this should not be used any more (RFC 9745).", "schema": {"type": "string"}},
    "Sunset": {"description": "When it ends (RFC 8594).", "schema": {"type": "string"}},
    "X-Total-Count": {"description": "Length of the whole list.", "schema": {"type": "integer"}},
    "Link": {"description": "This list, or its next and previous page (RFC 8288).", "schema": {"type": "string"}},
}
ON_EVERY_ANSWER = ("X-Request-ID", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "fammo.api.authentication.BearerAuthentication"
    match_subclasses = True
    name = "bearer"

    def get_security_definition(self, auto_schema: AutoSchema) -> Schema:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class FammoSchema(AutoSchema):
    """Adds to each operation what the bases of ``views`` and the middleware do for all of them."""

    def get_tags(self) -> list[str]:
        """The domain: ``pets``, ``clinics`` …"""
        return [operations.group_of(self.path)]

    def get_summary(self) -> str:
        """What the view says, else what its id and description make of it."""
        return super().get_summary() or operations.summary_of(self.get_operation_id(), self.get_description() or "")

    def get_auth(self) -> list[Schema]:
        """Nothing for answers that are the same for everybody: there a token only chooses the language."""
        if all(isinstance(authenticator, OptionalBearerAuthentication) for authenticator in self.view.get_authenticators()):
            return []
        security: list[Schema] = super().get_auth()
        return security

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Schema:
        """Decimals leave as text, exact to the last digit, and come in as numbers."""
        schema: Schema = super()._map_serializer_field(field, direction, bypass_extensions)
        if direction == "request" and schema.get("format") == "decimal":
            kinds = {"string": "number", "null": "null"}
            kept = {name: value for name, value in schema.items() if name not in {"type", "format", "pattern"}}
            types = [kinds[kind] for kind in ([schema["type"]] if isinstance(schema["type"], str) else schema["type"])]
            return kept | {"type": types[0] if len(types) == 1 else types}
        return schema

    def _get_format_parameters(self) -> list[Schema]:
        return []  # the media type is chosen by Accept alone

    def _get_paginator(self) -> Any:
        # Views that answer lists by hand page them by the same rules (APIView.list_response).
        return super()._get_paginator() or (ListPagination() if isinstance(self.view, APIView) and self.method == "GET" else None)

    def get_operation(self, *args: Any, **kwargs: Any) -> Schema | None:
        operation: Schema | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        parameters = operation.setdefault("parameters", [])
        parameters.extend({"$ref": f"#/components/parameters/{name}"} for name in self._shared_parameters())
        if filters := self._bracketed_filters():
            parameters.append(filters)
        for status, answer in operation["responses"].items():
            answer["headers"] = answer.get("headers", {}) | _references("headers", self._headers_of(status))
        for status in self._refusals(operation):
            operation["responses"].setdefault(status, {"$ref": f"#/components/responses/{ERRORS[status][0]}"})
        if self._has_etag():
            headers = _references("headers", [*ON_EVERY_ANSWER, "ETag"])
            operation["responses"].setdefault("304", {"description": "What you have still holds.", "headers": headers})
        operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation

    def _shared_parameters(self) -> list[str]:
        names = ["AcceptLanguage", "RequestId"]
        if self.method == "GET" and isinstance(self.view, APIView):
            names.append("Fields")
        if self._is_idempotent_post():
            names.append("IdempotencyKey")
        if self._has_etag():
            names.append("IfNoneMatch")
        if self._may_name_state():
            names.append("IfMatch")
        return names

    def _bracketed_filters(self) -> Schema | None:
        """The filters in their other spelling: ``filter[name]=``."""
        known = self.view.known_query_parameters() if self.method == "GET" and isinstance(self.view, APIView) else None
        names = [name.removeprefix("filter[").removesuffix("]") for name in known or () if name.startswith("filter[")]
        if not names:
            return None
        return {
            "name": "filter",
            "in": "query",
            "style": "deepObject",
            "explode": True,
            "description": "The same filters, spelt `filter[name]=value`.",
            "schema": {"type": "object", "additionalProperties": False, "properties": {name: {"type": "string"} for name in names}},
        }

    def _headers_of(self, status: str) -> list[str]:
        names = [*ON_EVERY_ANSWER, "Content-Language"]
        if getattr(self.view, "deprecation", None):
            names += ["Deprecation", "Sunset"]
        if status == "200" and self._has_etag():
            names.append("ETag")
        if status == "200" and self.method == "GET" and self._is_list_view():
            names += ["X-Total-Count", "Link"]
        return names

    def _refusals(self, operation: Schema) -> list[str]:
        statuses = ["400", "406", "429", "500", "503"]
        if any(operation.get("security", [])):
            statuses.append("401")
            statuses.append("403")
        names = {parameter.get("name") for parameter in operation["parameters"]}
        is_asked = any(parameter.get("in") == "query" for parameter in operation["parameters"])
        if "{" in self.path or any(operation.get("security", [])) or is_asked:
            statuses.append("404")  # of a list: the page that is not there; of the caller's own things: none yet
        if "If-Match" in names:
            statuses += ["412", "428"]
        elif self._may_name_state():
            statuses.append("412")
        if "requestBody" in operation:
            statuses += ["404", "408", "413", "415"]
            if not any(operation.get("security", [])):
                statuses.append("401")  # what proves who somebody is stands in the body
        if self.method in {"POST", "PUT", "PATCH", "DELETE"}:
            statuses.append("409")
        if self._is_idempotent_post():
            statuses.append("422")
        return statuses

    def is_deprecated(self) -> bool:
        return bool(getattr(self.view, "deprecation", None)) or super().is_deprecated()

    def _is_idempotent_post(self) -> bool:
        return self.method == "POST" and bool(getattr(self.view, "idempotent_post", False))

    def _has_etag(self) -> bool:
        return self.method == "GET" and isinstance(self.view, APIView)

    def _may_name_state(self) -> bool:
        """Whether If-Match is understood without being asked for."""
        is_asked = any(each.name == "If-Match" for each in self.get_override_parameters() if isinstance(each, OpenApiParameter))
        return self.method in MATCHING_METHODS and hasattr(self.view, "get") and not is_asked


def _references(kind: str, names: list[str]) -> Schema:
    return {name: {"$ref": f"#/components/{kind}/{name}"} for name in names}


def only_canonical_paths(endpoints: list[tuple[str, str, str, Any]], **kwargs: Any) -> list[tuple[str, str, str, Any]]:
    """spectacular's PREPROCESSING hook: /api/v1/ is documented; its alias, the documentation and Wagtail's own APIs are not."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(CANONICAL)]


def add_shared_components(result: Schema, **kwargs: Any) -> Schema:
    """spectacular's POSTPROCESSING hook: the components that ``FammoSchema`` refers to."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    used = {tag for operations_ in result["paths"].values() for operation in operations_.values() for tag in operation["tags"]}
    result["tags"] = [{"name": name, "description": text} for name, text in operations.DESCRIPTIONS.items() if name in used]
    components["parameters"] = PARAMETERS | components.get("parameters", {})
    components["headers"] = HEADERS | components.get("headers", {})
    components["responses"] = {name: _refusal(status, name, text) for status, (name, text) in ERRORS.items()}
    return result


def _refusal(status: str, name: str, text: str) -> Schema:
    own = {"401": ["WWW-Authenticate"], "429": ["Retry-After"], "409": ["Retry-After"], "503": ["Retry-After"]}.get(status, [])
    return {
        "description": text,
        "headers": _references("headers", [*ON_EVERY_ANSWER, *own]),
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
