"""What people do with accounts. Passwords are hashed before a transaction opens; mails are queued inside it."""

from .addresses import cancel_email_change, confirm_email_change, open_change_of, request_email_change
from .erasures import cancel_erasure, cancel_erasure_by_link, request_erasure
from .exports import request_export
from .google import log_in_with_google
from .logins import log_in
from .passwords import change_password, request_password_reset, reset_password, validate_new_password
from .presence import require_presence
from .profiles import set_language, update_profile
from .registration import Registration, activate_user, confirm_user, register_user, request_activation
from .sessions import end_session, end_sessions, log_out, prune_ended, refresh_tokens, start_session
from .staff import StaffDetails, change_account, delete_plan, end_sessions_as_staff, open_account, set_active

__all__ = [
    "Registration",
    "StaffDetails",
    "activate_user",
    "cancel_email_change",
    "cancel_erasure",
    "cancel_erasure_by_link",
    "change_account",
    "change_password",
    "confirm_email_change",
    "confirm_user",
    "delete_plan",
    "end_session",
    "end_sessions",
    "end_sessions_as_staff",
    "log_in",
    "log_in_with_google",
    "log_out",
    "open_account",
    "open_change_of",
    "prune_ended",
    "refresh_tokens",
    "register_user",
    "request_activation",
    "request_email_change",
    "request_erasure",
    "request_export",
    "request_password_reset",
    "require_presence",
    "reset_password",
    "set_active",
    "set_language",
    "start_session",
    "update_profile",
    "validate_new_password",
]
