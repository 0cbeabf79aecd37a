"""Who people are: the e-mail user, passwords, JSON web tokens."""

from datetime import timedelta

from .current import ENV

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["fammo.accounts.backends.GuardedBackend"]
LOGIN_URL = "/admin/login/"
LOGIN_REDIRECT_URL = "/admin/"

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": ENV.password_min_length},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email",)},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=ENV.access_token_minutes),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=ENV.refresh_token_days),
    "ALGORITHM": "HS256",
    "ISSUER": ENV.public_url,
    "AUDIENCE": "fammo-api",
    "USER_ID_FIELD": "id",
    "USER_ID_CLAIM": "user_id",
    "CHECK_REVOKE_TOKEN": False,  # the session behind a token knows (fammo.accounts.models.Session.is_alive)
    "UPDATE_LAST_LOGIN": False,
}
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
