"""What can go wrong with accounts; the codes are API."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fammo.common.errors import Conflict, InvalidInput, LimitReached, NotAllowed, NotAuthenticated, NotFound, Unavailable


class LinkInvalid(InvalidInput):
    """The token was never issued, or not for this."""

    code = "link_invalid"
    message = _("This link is not valid. Please ask for a new one.")


class LinkExpired(InvalidInput):
    """The link was good once; its time is over."""

    code = "link_expired"
    message = _("This link has expired. Please ask for a new one.")


class LinkUsed(InvalidInput):
    """The link did its work already."""

    code = "link_used"
    message = _("This link has been used already.")


class LinkSuperseded(InvalidInput):
    """A newer link of the same kind was sent; only the newest works."""

    code = "link_superseded"
    message = _("A newer link was sent to you later. Please use that one.")


class BadCredentials(NotAuthenticated):
    """Unknown address, wrong password or unconfirmed account: the answer does not say which (design D10)."""

    code = "invalid_credentials"
    message = _("No active account was found with this e-mail address and password.")


class TokenRefused(NotAuthenticated):
    """A refresh token that is forged, expired, of another purpose, or of a login that is over."""

    code = "token_not_valid"
    message = _("You have been logged out. Please log in again.")


class WrongPassword(InvalidInput):
    """The person is logged in but did not type their current password. (Not 401: an app would log them out.)"""

    code = "wrong_password"
    message = _("The current password is not right.")


class TooManyAttempts(LimitReached):
    """Too many guesses at one account; it opens again by itself."""

    code = "too_many_attempts"
    message = _("Too many attempts. Please wait a little and try again.")


class SessionNotFound(NotFound):
    """The person has no such login."""

    code = "session_not_found"
    message = _("There is no such login.")


class PlanIsNeeded(Conflict):
    """Somebody has the plan, or every new account gets it."""

    code = "plan_is_needed"
    message = _("This plan cannot be deleted, because people have it or new accounts get it.")


class AccountNotFound(NotFound):
    """There is no account with this number."""

    code = "account_not_found"
    message = _("There is no such account.")


class PlanNotFound(NotFound):
    """There is no plan with this number."""

    code = "plan_not_found"
    message = _("There is no such plan.")


class OwnAccount(NotAllowed):
    """Staff act upon the accounts of others."""

    code = "own_account"
    message = _("You cannot do this to your own account.")


class SuperuserOnly(NotAllowed):
    """A superuser's account is a superuser's business."""

    code = "superuser_only"
    message = _("Only a superuser may do this to a superuser.")


class PresenceRequired(NotAllowed):
    """What cannot be taken back needs the password, or a login of the last minutes."""

    code = "presence_required"
    message = _("Please enter your password, or log in again, to confirm that it is you.")


class AddressTaken(Conflict):
    """Between the wish for a new address and its confirmation somebody else's account got it."""

    code = "address_taken"
    message = _("This address cannot be used. Please choose another one.")


class ExportNotFound(NotFound):
    """The person has asked for no copy of their data, or it is over."""

    code = "export_not_found"
    message = _("There is no export. Please ask for a new one.")


class GoogleIsOff(NotFound):
    """The operator has set up no app for it."""

    code = "google_sign_in_off"
    message = _("Signing in with Google is not offered here.")


class GoogleTokenRefused(NotAuthenticated):
    """Not from Google, not for us, over, or of an address that Google has not verified."""

    code = "google_token_not_valid"
    message = _("Google did not confirm who you are. Please try again.")


class GoogleUnavailable(Unavailable):
    """Google's keys cannot be read, so nothing that it says can be checked."""

    code = "google_unavailable"
    message = _("Google cannot be reached at the moment. Please try again soon, or sign in with your password.")
