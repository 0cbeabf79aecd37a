"""Accounts: people, their profiles and plans, their logins, and the links in their mail."""

from .addresses import EmailChange, GoogleIdentity, validate_mailbox
from .links import MailLink
from .people import USER_ID_LIMIT, Profile, User, UserManager, random_user_id
from .plans import SubscriptionPlan
from .rights import DataExport, Erasure
from .sessions import Session

__all__ = [
    "USER_ID_LIMIT",
    "DataExport",
    "EmailChange",
    "Erasure",
    "GoogleIdentity",
    "MailLink",
    "Profile",
    "Session",
    "SubscriptionPlan",
    "User",
    "UserManager",
    "random_user_id",
    "validate_mailbox",
]
