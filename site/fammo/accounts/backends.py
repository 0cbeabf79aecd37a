"""The one place where a password is weighed, for the API and for the admin's login page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from fammo.accounts import limits
from fammo.accounts.models import User


class GuardedBackend(ModelBackend):
    """Django's own, with every attempt counted before the password is looked at: per account, and of login pages per address as well.

    Raises ``TooManyAttempts``.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        email = User.normalise_email(username or kwargs.get(User.USERNAME_FIELD) or "")
        if not email or password is None:
            return None
        if request is not None:  # the API counts its requests by address itself and passes none
            limits.count_page(request)
        limits.count_login_attempt(email)
        user = super().authenticate(request, username=email, password=password)
        if not isinstance(user, User):
            return None
        limits.forget_login_attempts(email)
        return user
