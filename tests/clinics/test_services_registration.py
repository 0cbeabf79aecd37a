"""From a form to a clinic in the queue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.utils import timezone

from clinics import services
from clinics.errors import BrokenConfirmationLink
from clinics.models import Clinic, ClinicPage
from clinics.purposes import CONFIRM_CLINIC, CONFIRM_LIFETIME
from fammo.accounts import links
from fammo.accounts.errors import LinkExpired, LinkInvalid, LinkUsed
from fammo.accounts.models import User
from fammo.common.errors import InvalidInput
from fammo.mail.models import OutgoingMail
from tests.factories import accounts, clinics

pytestmark = pytest.mark.django_db
Delivered = Callable[[], list[EmailMessage]]
PASSWORD = "a fine day for vets"


def register(email: str = "new@clinic.example", *, language: str = "fi", **changes: Any) -> services.ClinicRegistration:
    return services.register_clinic(email=email, password=PASSWORD, changes=clinics.facts(**changes), language=language)


def token_of(mail: EmailMessage) -> str:
    link = next(line for line in str(mail.body).splitlines() if "/vets/confirm-email/" in line)
    return link.strip("/").split("/")[-1]


def test_registering_makes_user_clinic_draft_page_and_one_mail(delivered: Delivered) -> None:
    registration = register()

    clinic = Clinic.objects.get(pk=registration.clinic_id)
    assert clinic.state == Clinic.State.UNCONFIRMED
    assert clinic.owner is not None
    assert not clinic.owner.is_active
    assert not clinic.page.live
    assert clinic.page.locale.language_code == "fi"
    assert clinic.page.get_parent().locale.language_code == "fi"
    assert clinic.page.latest_revision is not None
    assert [mail.to for mail in delivered()] == [["new@clinic.example"]]


def test_a_page_that_cannot_be_leaves_nothing_behind() -> None:
    before = ClinicPage.objects.count()

    with pytest.raises(ValidationError):
        register(city="")

    assert not User.objects.filter(email="new@clinic.example").exists()
    assert (ClinicPage.objects.count(), Clinic.objects.count(), OutgoingMail.objects.count()) == (before, 0, 0)


def test_a_weak_password_leaves_nothing_behind() -> None:
    with pytest.raises(InvalidInput):
        services.register_clinic(email="new@clinic.example", password="123", changes=clinics.facts(), language="en")

    assert Clinic.objects.count() == 0


def test_a_known_address_gets_a_like_answer_and_no_clinic(delivered: Delivered) -> None:
    accounts.person("known@clinic.example")

    registration = register("Known@Clinic.example")

    assert registration.clinic is None
    assert registration.email == "known@clinic.example"
    assert not Clinic.objects.filter(pk=registration.clinic_id).exists()
    assert ClinicPage.objects.count() == 0
    assert [mail.to for mail in delivered()] == [["known@clinic.example"]]
    assert not OutgoingMail.objects.filter(kind=CONFIRM_CLINIC).exists()


def test_the_link_activates_the_account_and_submits_the_page(delivered: Delivered) -> None:
    registration = register()
    token = token_of(delivered()[0])

    clinic = services.confirm_clinic_email(token=token, clinic_id=registration.clinic_id)

    assert clinic.state == Clinic.State.PENDING
    assert User.objects.get(pk=registration.user_id).is_active
    assert clinics.page_of(clinic).workflow_in_progress
    with pytest.raises(LinkUsed):
        services.confirm_clinic_email(token=token)


def test_a_link_confirms_its_own_clinic_only(delivered: Delivered) -> None:
    register()
    token = token_of(delivered()[0])
    other = clinics.unconfirmed()

    with pytest.raises(BrokenConfirmationLink):
        services.confirm_clinic_email(token=token, clinic_id=other.pk)

    assert Clinic.objects.filter(state=Clinic.State.UNCONFIRMED).count() == 2


def test_links_of_other_purposes_and_old_links_are_refused(delivered: Delivered, vet: User) -> None:
    register()
    token = token_of(delivered()[0])
    activation = links.issue_link(user=vet, purpose="accounts.activate", lifetime=timedelta(days=1))

    with pytest.raises(LinkInvalid):
        services.confirm_clinic_email(token=activation.token)
    with time_machine.travel(timezone.now() + CONFIRM_LIFETIME + timedelta(minutes=1)), pytest.raises(LinkExpired):
        services.confirm_clinic_email(token=token)


def test_sending_again_names_every_clinic_that_waits_there(delivered: Delivered, vet: User) -> None:
    first, second = clinics.unconfirmed(vet), clinics.unconfirmed(vet)
    clinics.pending(vet)

    services.resend_confirmation(email="VET@fammo.example", language="en")

    body = str(delivered()[0].body)
    assert body.count("/vets/confirm-email/") == 2
    assert all(f"/vets/confirm-email/{clinic.pk}/" in body for clinic in (first, second))


def test_sending_again_where_nothing_waits_sends_nothing(delivered: Delivered, vet: User) -> None:
    services.resend_confirmation(email=vet.email)
    services.resend_confirmation(email="nobody@fammo.example")

    assert delivered() == []
    assert OutgoingMail.objects.count() == 2


def test_an_owner_may_have_several_clinics_and_their_slugs_differ(vet: User) -> None:
    first = services.register_own_clinic(owner=vet, changes=clinics.facts(name="Köpek Dostu"), language="tr")
    second = services.register_own_clinic(owner=vet, changes=clinics.facts(name="Köpek Dostu"), language="fi")

    assert (first.page.slug, second.page.slug) == ("kopek-dostu", "kopek-dostu-2")
    assert {clinic.pk for clinic in Clinic.objects.owned_by(vet)} == {first.pk, second.pk}


def test_a_further_clinic_is_confirmed_at_its_public_address(vet: User, delivered: Delivered) -> None:
    services.register_own_clinic(owner=vet, changes=clinics.facts(email="desk@clinic.example"), language="en")

    assert delivered()[0].to == ["desk@clinic.example"]


@pytest.mark.parametrize(
    ("changes", "country"),
    [
        ({"latitude": 52.374, "longitude": 4.8897}, "NL"),
        ({"latitude": None, "longitude": None, "phone": "+90 212 555 01 01"}, "TR"),
        ({"latitude": None, "longitude": None, "phone": "09 1234567"}, "FI"),
        ({"country": "SE"}, "SE"),
    ],
)
def test_the_country_is_found_where_nobody_named_it(changes: dict[str, Any], country: str) -> None:
    assert clinics.unconfirmed(**changes).page.country == country
