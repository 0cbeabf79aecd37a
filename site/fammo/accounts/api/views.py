"""Doors to accounts for apps. Answers never tell whether an address is known (design D10)."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from fammo.accounts import selectors, services
from fammo.accounts.models import Erasure, Session
from fammo.accounts.tokens import TokenPair
from fammo.api.authentication import OptionalBearerAuthentication
from fammo.api.language import request_language
from fammo.api.pagination import ListPagination
from fammo.api.requests import device_id_of
from fammo.api.views import APIView

from . import serializers
from .callers import caller, session_id_of


def read(kind: type[Any], request: Request, **kwargs: Any) -> dict[str, Any]:
    """The checked input; raises DRF's ``ValidationError``."""
    serializer = kind(data=request.data, **kwargs)
    serializer.is_valid(raise_exception=True)
    values: dict[str, Any] = serializer.validated_data
    return values


def device_of(request: Request) -> str:
    return str(request.META.get("HTTP_USER_AGENT", ""))


def tokens_answer(pair: TokenPair) -> dict[str, str]:
    return {"access": pair.access} | ({"refresh": pair.refresh} if pair.refresh else {})


def done(message: str, **more: Any) -> Response:
    return Response({"success": True, "message": message, **more})


class PublicAuthView(APIView):
    """For people who are not logged in, whatever token their app still sends along. Nothing said here may be kept."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope = "auth"
    idempotent_post = False


class SignUpView(PublicAuthView):
    throttle_scope = "registration"
    idempotent_post = True

    @extend_schema(operation_id="auth_signup", tags=["auth"], request=serializers.SignUpInput, responses={201: serializers.SignedUpAnswer})
    def post(self, request: Request) -> Response:
        """Sign up. The account works once the link in the mail is followed. A known address gets the same answer, and its owner a mail."""
        values = read(serializers.SignUpInput, request)
        registration = services.register_user(
            email=values["email"],
            password=values["password"],
            language=values.get("language") or request_language(request),
            device_id=device_id_of(request.META),
        )
        answer = {
            "success": True,
            "message": _("Registration successful. Please check your email to activate your account."),
            "user": {"id": registration.user_id, "email": registration.email},
        }
        return Response(answer, status=status.HTTP_201_CREATED)


class TokenView(PublicAuthView):
    @extend_schema(operation_id="auth_token", tags=["auth"], request=serializers.LogInInput, responses={200: serializers.TokenAnswer})
    def post(self, request: Request) -> Response:
        """Log in with e-mail address and password."""
        values = read(serializers.LogInInput, request)
        pair = services.log_in(
            email=values["email"], password=values["password"], device=device_of(request), wants_rotation=values["rotation"]
        )
        return Response(tokens_answer(pair))


class GoogleView(PublicAuthView):
    @extend_schema(operation_id="auth_google", tags=["auth"], request=serializers.GoogleInput, responses={200: serializers.TokenAnswer})
    def post(self, request: Request) -> Response:
        """Log in, or sign up, with a Google ID token; the answer is that of `auth/token/`."""
        values = read(serializers.GoogleInput, request)
        pair = services.log_in_with_google(
            id_token=values["id_token"],
            device=device_of(request),
            wants_rotation=values["rotation"],
            language=request_language(request),
            device_id=device_id_of(request.META),
        )
        return Response(tokens_answer(pair))


class TokenRefreshView(PublicAuthView):
    @extend_schema(
        operation_id="auth_token_refresh", tags=["auth"], request=serializers.RefreshInput, responses={200: serializers.TokenAnswer}
    )
    def post(self, request: Request) -> Response:
        """A new access token; with it a new refresh token if the login asked for rotation."""
        return Response(tokens_answer(services.refresh_tokens(**read(serializers.RefreshInput, request))))


class ForgotPasswordView(PublicAuthView):
    @extend_schema(
        operation_id="auth_forgot_password", tags=["auth"], request=serializers.AccountEmailInput, responses={200: serializers.DoneAnswer}
    )
    def post(self, request: Request) -> Response:
        """Ask for a mail with a link to choose a new password."""
        services.request_password_reset(**read(serializers.AccountEmailInput, request), language=request_language(request))
        return done(_("If there is an account with this address, we have sent a mail with a link to choose a new password."))


class ResetPasswordView(PublicAuthView):
    @extend_schema(
        operation_id="auth_reset_password", tags=["auth"], request=serializers.ResetPasswordInput, responses={200: serializers.DoneAnswer}
    )
    def post(self, request: Request) -> Response:
        """Choose a new password with the link of the mail. Every login ends."""
        values = read(serializers.ResetPasswordInput, request)
        services.reset_password(uid=values["uid"], token=values["token"], new_password=values["new_password"])
        return done(_("Your password has been changed. Please log in with the new one."))


class ResendActivationView(PublicAuthView):
    @extend_schema(
        operation_id="auth_resend_activation", tags=["auth"], request=serializers.AccountEmailInput, responses={200: serializers.DoneAnswer}
    )
    def post(self, request: Request) -> Response:
        """Ask for another activation mail."""
        services.request_activation(**read(serializers.AccountEmailInput, request), language=request_language(request))
        return done(_("If an account with this address waits for its activation, we have sent the mail again."))


class ActivateView(PublicAuthView):
    @extend_schema(
        operation_id="auth_activate", tags=["auth"], request=serializers.ActivateInput, responses={200: serializers.SignedUpAnswer}
    )
    def post(self, request: Request) -> Response:
        """Confirm the address with the token of the activation mail."""
        user = services.activate_user(**read(serializers.ActivateInput, request))
        return done(_("Your account is active. You can log in now."), user={"id": user.pk, "email": user.email})


class LogOutView(APIView):
    authentication_classes = (OptionalBearerAuthentication,)
    permission_classes = (AllowAny,)
    throttle_scope = "auth"
    idempotent_post = False

    @extend_schema(operation_id="auth_logout", tags=["auth"], request=serializers.LogOutInput, responses={200: serializers.DoneAnswer})
    def post(self, request: Request) -> Response:
        """End the login of the refresh token in the body, else that of the access token."""
        refresh = read(serializers.LogOutInput, request).get("refresh")
        services.log_out(refresh=refresh, session_id=session_id_of(request.auth))
        return done(_("You are logged out."))


class LogOutAllView(APIView):
    throttle_scope = "auth"
    idempotent_post = False

    @extend_schema(operation_id="auth_logout_all", tags=["auth"], request=None, responses={200: serializers.DoneAnswer})
    def post(self, request: Request) -> Response:
        """End every login of the caller, this one included."""
        services.end_sessions(user=caller(request), reason=Session.EndReason.LOGOUT_ALL)
        return done(_("You are logged out everywhere."))


class ChangePasswordView(APIView):
    throttle_scope = "auth"
    idempotent_post = False

    @extend_schema(
        operation_id="auth_change_password",
        tags=["auth"],
        request=serializers.ChangePasswordInput,
        responses={200: serializers.PasswordChangedAnswer},
    )
    def post(self, request: Request) -> Response:
        """Change the password. Every login ends; the answer holds a new one for the caller."""
        values = read(serializers.ChangePasswordInput, request)
        pair = services.change_password(
            user=caller(request),
            current_password=values["current_password"],
            new_password=values["new_password"],
            session_id=session_id_of(request.auth),
        )
        return done(_("Your password has been changed."), **tokens_answer(pair))


class MeView(APIView):
    query_parameters = ()

    @extend_schema(operation_id="me_retrieve", tags=["me"], responses={200: serializers.ProfileAnswer})
    def get(self, request: Request) -> Response:
        """The caller's profile."""
        context = {"owned_clinics": selectors.owned_clinics(caller(request))}
        return Response(serializers.ProfileAnswer(selectors.profile_of(caller(request)), context=context).data)

    @extend_schema(operation_id="me_update", tags=["me"], request=serializers.ProfileInput, responses={200: serializers.ProfileAnswer})
    def patch(self, request: Request) -> Response:
        """Change the profile. Coordinates are kept only with `location_consent`; plan, roles and times cannot be changed here."""
        services.update_profile(user=caller(request), changes=read(serializers.ProfileInput, request, partial=True))
        return self.get(request)

    @extend_schema(
        operation_id="me_delete",
        tags=["me"],
        request=serializers.PresenceInput,
        responses={200: serializers.ErasureAnswer, 202: serializers.ErasureAnswer},
    )
    def delete(self, request: Request) -> Response:
        """Delete the account for good: 202 with the day on which it goes, 200 when it is gone. Every login ends now.

        The body holds `password`; within ten minutes of logging in it may be left out. Logging in again before that day, or the
        link in the mail, calls it off. The receipt says what goes, what is kept and why.
        """
        password = read(serializers.PresenceInput, request).get("password")
        services.require_presence(user=caller(request), password=password, session_id=session_id_of(request.auth))
        erasure = services.request_erasure(user=caller(request), origin=Erasure.Origin.OWNER, actor=caller(request))
        is_done = erasure.state == Erasure.State.DONE
        waits = _("Your account will be deleted. Log in again if you change your mind.")
        sentence = _("Your account has been deleted.") if is_done else waits
        answer = {"success": True, "message": sentence, "receipt": serializers.ReceiptAnswer(erasure).data}
        return Response(answer, status=status.HTTP_200_OK if is_done else status.HTTP_202_ACCEPTED)


class MyEmailView(APIView):
    query_parameters = ()
    throttle_scope = "auth"  # it writes to a mailbox that may be a stranger's

    @extend_schema(operation_id="me_email_retrieve", tags=["me"], responses={200: serializers.MyEmailAnswer})
    def get(self, request: Request) -> Response:
        """The caller's address, and the one that they are about to move to."""
        change = selectors.pending_email_change(caller(request))
        return Response({"email": caller(request).email, "pending": change and serializers.EmailChangeAnswer(change).data})

    @extend_schema(
        operation_id="me_email_change",
        tags=["me"],
        request=serializers.ChangeEmailInput,
        responses={202: serializers.EmailChangeAskedAnswer},
    )
    def post(self, request: Request) -> Response:
        """Ask to move to another address. It counts when both mailboxes have agreed by the links in their mails; then every login ends."""
        values = read(serializers.ChangeEmailInput, request)
        services.require_presence(user=caller(request), password=values.get("password"), session_id=session_id_of(request.auth))
        change = services.request_email_change(user=caller(request), new_email=values["new_email"])
        answer = {
            "success": True,
            "message": _("Please confirm the change in both mailboxes."),
            "pending": serializers.EmailChangeAnswer(change).data,
        }
        return Response(answer, status=status.HTTP_202_ACCEPTED)

    @extend_schema(operation_id="me_email_cancel", tags=["me"], responses={204: None})
    def delete(self, request: Request) -> Response:
        """Stay with the present address; the links of the mails stop working."""
        services.cancel_email_change(user=caller(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class MyExportView(APIView):
    query_parameters = ()

    @extend_schema(operation_id="me_export_retrieve", tags=["me"], responses={200: serializers.DataExportAnswer})
    def get(self, request: Request) -> Response:
        """How far the newest copy of the caller's data is, and where to fetch it once it is ready."""
        return Response(serializers.DataExportAnswer(selectors.latest_export(caller(request))).data)

    @extend_schema(operation_id="me_export_request", tags=["me"], request=None, responses={202: serializers.DataExportAnswer})
    def post(self, request: Request) -> Response:
        """Have a copy of everything that is known about the caller made: a ZIP of JSON and photos. A mail tells when it is ready."""
        export = services.request_export(user=caller(request), actor=caller(request))
        return Response(serializers.DataExportAnswer(export).data, status=status.HTTP_202_ACCEPTED)


class MyLanguageView(APIView):
    query_parameters = ()

    @extend_schema(operation_id="me_language_retrieve", tags=["me"], responses={200: serializers.LanguageAnswer})
    def get(self, request: Request) -> Response:
        """The caller's own language."""
        return Response({"language": selectors.profile_of(caller(request)).preferred_language})

    @extend_schema(
        operation_id="me_language_set", tags=["me"], request=serializers.LanguageInput, responses={200: serializers.LanguageAnswer}
    )
    def post(self, request: Request) -> Response:
        """Set the language in which the caller is answered and written to."""
        profile = services.set_language(user=caller(request), **read(serializers.LanguageInput, request))
        return Response({"language": profile.preferred_language})

    @extend_schema(
        operation_id="me_language_change", tags=["me"], request=serializers.LanguageInput, responses={200: serializers.LanguageAnswer}
    )
    def patch(self, request: Request) -> Response:
        """The same as POST."""
        return self.post(request)


class MySessionsView(APIView):
    query_parameters = ListPagination.query_parameters

    @extend_schema(operation_id="me_sessions_list", tags=["me"], responses={200: serializers.SessionAnswer(many=True)})
    def get(self, request: Request) -> Response:
        """Where the caller is logged in, the latest used first."""
        context = {"session_id": session_id_of(request.auth)}
        return self.list_response(
            selectors.sessions_of(caller(request)), lambda session: serializers.SessionAnswer(session, context=context).data
        )


class MySessionView(APIView):
    @extend_schema(operation_id="me_sessions_end", tags=["me"], responses={204: None})
    def delete(self, request: Request, session_id: uuid.UUID) -> Response:
        """End one login; its tokens are refused from the next request on."""
        session = selectors.session_of(caller(request), session_id)
        services.end_session(session=session, reason=Session.EndReason.ENDED_BY_OWNER)
        return Response(status=status.HTTP_204_NO_CONTENT)
