"""Refusals of the HTTP layer that DRF has no class for. Apart from ``errors`` because parsers need them while DRF is loading."""

from __future__ import annotations

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException


class PayloadTooLarge(APIException):
    """The body is larger than this endpoint takes."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = _("The request is too large.")
    default_code = "payload_too_large"


class PreconditionRequired(APIException):
    """The write must say which state of the thing it was made for (``If-Match``)."""

    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_detail = _("Send If-Match with the ETag that you read.")
    default_code = "precondition_required"


class KeyStillRunning(APIException):
    """The first request with this idempotency key has not finished."""

    status_code = HTTPStatus.CONFLICT
    default_detail = _("A request with this Idempotency-Key is still being worked on. Please try again in a moment.")
    default_code = "idempotency_key_in_use"
    wait = 1


class KeyReused(APIException):
    """The idempotency key was sent before, with another request."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_detail = _("This Idempotency-Key was used for another request. Take a new key for a new request.")
    default_code = "idempotency_key_reused"


class EncodedBody(APIException):
    """The body comes compressed; bodies are taken as they are."""

    status_code = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    default_detail = _("Send the body without Content-Encoding.")
    default_code = "content_encoding_not_supported"


class BodyTooSlow(APIException):
    """The body came so slowly that nobody waits for it any longer."""

    status_code = HTTPStatus.REQUEST_TIMEOUT
    default_detail = _("The request took too long to arrive. Please send it again.")
    default_code = "body_too_slow"


class TooManyBodies(APIException):
    """Other bodies are still on their way in."""

    status_code = HTTPStatus.TOO_MANY_REQUESTS
    default_detail = _("Too many requests are being received. Please try again in a moment.")
    default_code = "too_many_bodies"
    wait = 1
