"""The forms of the user admin; they save through the services of accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.users import forms as wagtail_forms

from fammo.accounts import services
from fammo.accounts.models import SubscriptionPlan, User, validate_mailbox
from fammo.accounts.models.plans import default_plan_id
from fammo.common import languages
from fammo.common.text import validate_one_line


class AccountForm(wagtail_forms.UserForm):
    """Wagtail's user form with what staff decide of a profile; names are optional, as they are in the apps."""

    email = forms.EmailField(label=_("Email"), validators=[validate_mailbox])
    first_name = forms.CharField(required=False, max_length=150, label=_("First name"), validators=[validate_one_line])
    last_name = forms.CharField(required=False, max_length=150, label=_("Last name"), validators=[validate_one_line])
    preferred_language = forms.ChoiceField(choices=languages.CHOICES, label=_("Language"), initial=languages.DEFAULT_CODE)
    subscription_plan: forms.ModelChoiceField[SubscriptionPlan] = forms.ModelChoiceField(
        SubscriptionPlan.objects.all(), label=_("Subscription plan"), empty_label=None
    )
    is_writer = forms.BooleanField(required=False, label=_("Writer"), help_text=_("May write content for the apps."))

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(*args, **kwargs)

    def details(self) -> services.StaffDetails:
        values = self.cleaned_data
        return services.StaffDetails(
            preferred_language=values["preferred_language"], subscription_plan=values["subscription_plan"], is_writer=values["is_writer"]
        )


class AccountCreationForm(AccountForm, wagtail_forms.UserCreationForm):
    class Meta(wagtail_forms.UserCreationForm.Meta):
        fields = wagtail_forms.UserCreationForm.Meta.fields | {"is_staff"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subscription_plan"].initial = default_plan_id

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit=False)
        if commit:
            services.open_account(user=user, details=self.details(), actor=self.actor)
            self.save_m2m()
        return user


class AccountEditForm(AccountForm, wagtail_forms.UserEditForm):
    class Meta(wagtail_forms.UserEditForm.Meta):
        fields = wagtail_forms.UserEditForm.Meta.fields | {"is_staff"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("preferred_language", "subscription_plan", "is_writer"):
            self.fields[name].initial = getattr(self.instance.profile, name)

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit=False)
        if commit:
            services.change_account(user=user, details=self.details(), actor=self.actor)
            self.save_m2m()
        return user
