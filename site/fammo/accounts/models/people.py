"""The person who logs in, and what they tell about themselves."""

from __future__ import annotations

import secrets
import zoneinfo
from typing import Any, ClassVar

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from fammo.common import languages
from fammo.common.privacy import NOT_PERSONAL, Declaration, Personal

from .plans import SubscriptionPlan, default_plan_id

USER_ID_LIMIT = 2**53  # the largest integers that JavaScript and Dart's web target keep exact
WHILE_ACCOUNT = "As long as the account exists."
CONTACT = "Reaching the person and showing prices and clinics of their country."
NEARBY = "Finding clinics near the person; kept only with consent."


def random_user_id() -> int:
    """An opaque id: sign-up can answer with one whether or not it made an account (design D10)."""
    return secrets.randbelow(USER_ID_LIMIT - 1) + 1


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user and, with them, their profile."""
        return self.create_with_hash(email, make_password(password), **fields)

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_active=True, is_staff=True, is_superuser=True, **fields)

    @transaction.atomic
    def create_with_hash(self, email: str, password_hash: str, *, language: str = languages.DEFAULT_CODE, **fields: Any) -> User:
        """As ``create_user``, for callers who hash before they open the transaction (hashing is slow, write locks are dear)."""
        if fields.get("is_active"):
            fields.setdefault("email_confirmed_at", timezone.now())
        user = self.model(email=self.model.normalise_email(email), password=password_hash, **fields)
        user.save(using=self._db, force_insert=True)
        Profile.objects.using(self._db).create(user=user, preferred_language=language)
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=self.model.normalise_email(email or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by e-mail address.

    ``is_active`` turns true when the address is confirmed. An account that was confirmed and is not active was deactivated:
    nothing but a member of staff brings it back.
    """

    id = models.BigIntegerField(primary_key=True, default=random_user_id, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    is_active = models.BooleanField(_("active"), default=False, help_text=_("The e-mail address is confirmed and the account is in use."))
    is_staff = models.BooleanField(_("staff"), default=False, help_text=_("Works for Fammo."))
    date_joined = models.DateTimeField(_("joined at"), default=timezone.now)
    email_confirmed_at = models.DateTimeField(_("address confirmed at"), null=True, blank=True, editable=False)
    signed_up_on = models.UUIDField(_("device"), null=True, blank=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    personal: ClassVar[Declaration] = {
        "id": Personal(purpose="Names the account.", retention=WHILE_ACCOUNT),
        "email": Personal(purpose="Logging in and writing to the person.", retention=WHILE_ACCOUNT),
        "password": Personal(purpose="Logging in; kept as a one-way hash.", retention=WHILE_ACCOUNT, export=False),
        "first_name": Personal(purpose="Addressing the person.", retention=WHILE_ACCOUNT),
        "last_name": Personal(purpose="Addressing the person.", retention=WHILE_ACCOUNT),
        "last_login": Personal(purpose="Showing the person when they last logged in.", retention=WHILE_ACCOUNT),
        "date_joined": Personal(purpose="Showing since when the account exists.", retention=WHILE_ACCOUNT),
        "email_confirmed_at": Personal(purpose="Proof that the address is the person's own.", retention=WHILE_ACCOUNT),
        "signed_up_on": Personal(purpose="Taking along what was decided there before.", retention="Until the address is confirmed."),
        "is_active": NOT_PERSONAL,
        "is_staff": NOT_PERSONAL,
        "is_superuser": NOT_PERSONAL,
        "groups": NOT_PERSONAL,
        "user_permissions": NOT_PERSONAL,
    }

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = (
            models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case"),
            models.CheckConstraint(condition=models.Q(id__gt=0, id__lt=USER_ID_LIMIT), name="user_id_is_exact_in_json"),
        )

    def __str__(self) -> str:
        return self.email

    @staticmethod
    def normalise_email(email: str) -> str:
        """One spelling per mailbox as far as it is safe to say: trimmed and lower case."""
        return email.strip().lower()

    def clean(self) -> None:
        # AbstractBaseUser's own clean() lowers the domain only and would undo the rule above.
        self.email = self.normalise_email(self.email)

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name

    @property
    def awaits_confirmation(self) -> bool:
        """Signed up and never confirmed; a deactivated account is not waiting for anything."""
        return not self.is_active and self.email_confirmed_at is None

    def confirm_address(self) -> list[str]:
        """The mailbox is proved: the account is in use. Gives the names of the columns to save."""
        self.is_active, self.email_confirmed_at, self.signed_up_on = True, timezone.now(), None
        return ["is_active", "email_confirmed_at", "signed_up_on"]

    @property
    def credentials_stamp(self) -> str:
        """Changes whenever the password or the address does; a session or mail link with an older stamp is over (design D9)."""
        return salted_hmac("fammo.accounts.credentials", f"{self.password}|{self.email}", algorithm="sha256").hexdigest()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's sessions of the admin end with the address as well as with the password."""
        return salted_hmac("fammo.accounts.session", f"{self.password}|{self.email}", secret=secret, algorithm="sha256").hexdigest()

    def check_password(self, raw_password: str | None) -> bool:
        """As Django's, and an upgrade of the hash (more rounds, same password) logs nobody out."""
        stamp = self.credentials_stamp
        matches = super().check_password(raw_password)
        if self.credentials_stamp != stamp:
            for held in (self.sessions, self.mail_links):
                held.filter(credentials_stamp=stamp).update(credentials_stamp=self.credentials_stamp)
        return matches


def validate_time_zone(name: str) -> None:
    """Refuses what the IANA time zone database does not know."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone."), code="invalid", params={"name": name})


class Profile(models.Model):
    """One per user, made with the account. Coordinates exist only while the person consents to them."""

    user = models.OneToOneField(User, verbose_name=_("user"), on_delete=models.CASCADE, primary_key=True, related_name="profile")
    phone = models.CharField(_("phone"), max_length=32, blank=True, help_text=_("With the country's code, for example +358 40 1234567."))
    address = models.CharField(_("address"), max_length=255, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    zip_code = models.CharField(_("postal code"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=100, blank=True)
    location_consent = models.BooleanField(_("location consent"), default=False)
    location_consent_at = models.DateTimeField(_("location consent given at"), null=True, blank=True, editable=False)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    preferred_language = models.CharField(_("language"), max_length=5, choices=languages.CHOICES, default=languages.DEFAULT_CODE)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    subscription_plan = models.ForeignKey(
        SubscriptionPlan,
        verbose_name=_("subscription plan"),
        on_delete=models.PROTECT,
        related_name="profiles",
        default=default_plan_id,
    )
    is_writer = models.BooleanField(_("writer"), default=False, help_text=_("May write content for the apps."))
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    personal: ClassVar[Declaration] = {
        "user": Personal(purpose="Whose profile this is.", retention=WHILE_ACCOUNT),
        "phone": Personal(purpose=CONTACT, retention=WHILE_ACCOUNT),
        "address": Personal(purpose=CONTACT, retention=WHILE_ACCOUNT),
        "city": Personal(purpose=CONTACT, retention=WHILE_ACCOUNT),
        "zip_code": Personal(purpose=CONTACT, retention=WHILE_ACCOUNT),
        "country": Personal(purpose=CONTACT, retention=WHILE_ACCOUNT),
        "location_consent": Personal(purpose="Whether coordinates may be kept.", retention=WHILE_ACCOUNT),
        "location_consent_at": Personal(purpose="Proof of that consent.", retention=WHILE_ACCOUNT),
        "latitude": Personal(purpose=NEARBY, retention="Until the consent is withdrawn."),
        "longitude": Personal(purpose=NEARBY, retention="Until the consent is withdrawn."),
        "preferred_language": Personal(purpose="Answering and writing in the person's language.", retention=WHILE_ACCOUNT),
        "time_zone": Personal(purpose="Showing times as the person's clock does.", retention=WHILE_ACCOUNT),
        "subscription_plan": Personal(purpose="What the person may use.", retention=WHILE_ACCOUNT),
        "is_writer": NOT_PERSONAL,
        "updated_at": NOT_PERSONAL,
    }

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        default_permissions = ()  # nobody edits these by themselves
        constraints = (
            models.CheckConstraint(
                condition=Q(location_consent=True) | Q(latitude__isnull=True, longitude__isnull=True),
                name="profile_no_coordinates_without_consent",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True) | Q(latitude__isnull=False, longitude__isnull=False),
                name="profile_both_coordinates_or_none",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="profile_coordinates_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(location_consent=False, location_consent_at__isnull=True)
                | Q(location_consent=True, location_consent_at__isnull=False),
                name="profile_location_consent_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return str(self.user)
