"""One of everything that the API can be asked about, made as people make it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from rest_framework.test import APIClient

from ai.models import Generation
from ai.services import Exchange, generate_advice, send_message
from clinics.models import Clinic, ClinicListing, ClinicPage
from clinics.purposes import CONFIRM_CLINIC
from clinics.services import approve_clinic, create_clinic, mark_email_confirmed
from fammo.accounts import links
from fammo.accounts.models import SubscriptionPlan, User
from fammo.accounts.purposes import ACTIVATE, RESET_PASSWORD
from fammo.accounts.tokens import TokenPair
from fammo.cms.models import digest_revision
from legal.models import LegalVersion
from legal.services import Origin, record_decision
from pets.models import Breed, FoodAllergy, FoodType, Pet, PetType
from pets.services import create_pet, delete_pet, update_pet
from tests.factories import accounts as people
from tests.factories.legal import legal_version

STAFF_GROUPS = ("Legal editors", "Content editors", "Translators", "Clinic moderators", "Operators")
LIFETIME = timedelta(hours=1)


@dataclass
class Role:
    """Somebody who calls: ``user`` and ``login`` are None for nobody."""

    name: str
    user: User | None = None
    login: TokenPair | None = None

    @property
    def client(self) -> APIClient:
        return people.bearer(self.login) if self.login else APIClient()


class World:
    """An owner with an approved and a waiting clinic, two pets (one deleted), consents and logins; others who have none of it."""

    def __init__(self) -> None:
        self.staff = people.person("staff@fammo.example", is_staff=True)
        self.staff.groups.set(Group.objects.filter(name__in=STAFF_GROUPS))
        self.owner = people.person("owner@fammo.example")
        self.other = people.person("other@fammo.example")
        self.unconfirmed = people.unconfirmed("unconfirmed@fammo.example")
        self.roles = [
            Role("nobody"),
            *(Role(name, user, people.login(user)) for name, user in (("other", self.other), ("owner", self.owner), ("staff", self.staff))),
        ]
        self.version: LegalVersion = legal_version(languages=("fi", "nl", "tr"))
        self.accept(self.version)
        self.privacy = legal_version(document_type="user_privacy")
        self.clinic_terms = legal_version(document_type="clinic_terms")
        self.clinic = self.approved_clinic("Approved")
        self.waiting = mark_email_confirmed(clinic=self.unconfirmed_clinic("Waiting"))
        self.unopened = self.unconfirmed_clinic("Unopened")
        self.pet = self.new_pet("Max")
        self.deleted_pet = self.new_pet("Gone")
        delete_pet(actor=self.owner, pet_id=self.deleted_pet.pk)

    @cached_property
    def task(self) -> DBTaskResult:
        """A background task that waits for an operator."""
        return DBTaskResult.objects.create(
            status="FAILED",
            args_kwargs={"args": [], "kwargs": {}},
            task_path="fammo.mail.tasks.deliver",
            run_after=timezone.now(),
            backend_name="default",
        )

    def unconfirmed_clinic(self, name: str) -> Clinic:
        changes: Any = {"name": name, "city": "Helsinki", "latitude": 60.17, "longitude": 24.94, "specializations": ["cats"]}
        return create_clinic(owner=self.owner, changes=changes, language="en", confirmation_email=self.owner.email)

    def approved_clinic(self, name: str) -> Clinic:
        clinic = mark_email_confirmed(clinic=self.unconfirmed_clinic(name))
        page = ClinicPage.objects.get(pk=clinic.page_id)
        approve_clinic(page=page, seen=digest_revision(page.latest_revision), actor=self.staff)
        return Clinic.objects.get(pk=clinic.pk)

    def new_pet(self, name: str) -> Pet:
        dog = PetType.objects.get(pk=1)
        values = {
            "name": name,
            "pet_type": dog,
            "breed": Breed.objects.filter(pet_type=dog).first(),
            "weight": Decimal("20.00"),
            "food_types": list(FoodType.objects.all()[:2]),
            "food_allergies": list(FoodAllergy.objects.all()[:2]),
        }
        pet = create_pet(actor=self.owner, values=values)
        self.weigh(pet, "21.00")
        return pet

    def weigh(self, pet: Pet, kilograms: str) -> None:
        update_pet(actor=self.owner, pet_id=pet.pk, values={"weight": Decimal(kilograms)})

    def accept(self, version: LegalVersion) -> None:
        record_decision(user=self.owner, version_id=version.pk, accepted=True, language="en", origin=Origin(ip_address="192.0.2.1"))

    @cached_property
    def meal(self) -> Generation:
        return self.advise("meal")

    @cached_property
    def report(self) -> Generation:
        return self.advise("health")

    @cached_property
    def exchange(self) -> Exchange:
        """A question of the owner's with its answer."""
        return send_message(actor=self.owner, text="Hello", language="en")

    def advise(self, kind: str) -> Generation:
        """Advice for the owner's pet, whose plan has no limits."""
        self.owner.profile.subscription_plan = SubscriptionPlan.objects.get(code="optimal")
        self.owner.profile.save()
        return generate_advice(actor=self.owner, pet_id=self.pet.pk, kind=kind, language="en")

    @cached_property
    def names(self) -> dict[str, Any]:
        """What the braces of a path or body mean here."""
        confirm = links.issue_link(user=self.owner, purpose=CONFIRM_CLINIC, subject=str(self.unopened.pk), lifetime=LIFETIME)
        activate = links.issue_link(user=self.unconfirmed, purpose=ACTIVATE, lifetime=LIFETIME)
        reset = links.issue_link(user=self.owner, purpose=RESET_PASSWORD, lifetime=LIFETIME)
        owners_login = people.login(self.owner)
        return {
            "clinic": self.clinic.pk,
            "waiting": self.waiting.pk,
            "waiting_page": self.waiting.page_id,
            "waiting_sha256": digest_revision(ClinicPage.objects.get(pk=self.waiting.page_id).latest_revision),
            "clinic_page": self.clinic.page_id,
            "listed_sha256": ClinicListing.objects.get(pk=self.clinic.pk).content_sha256,
            "pet": self.pet.pk,
            "meal": self.meal.mealrecommendation.pk,
            "report": self.report.healthreport.pk,
            "generation": self.meal.pk,
            "chat": self.exchange.session.pk,
            "message": self.exchange.reply.pk,
            "deleted_pet": self.deleted_pet.pk,
            "version": self.version.pk,
            "other": self.other.pk,
            "flag": "ai_model",
            "plan": self.owner.profile.subscription_plan_id,
            "task": self.task.pk,
            "privacy": self.privacy.pk,
            "clinic_terms": self.clinic_terms.pk,
            "session": self.owner.sessions.order_by("created_at").first().pk,
            "confirm_token": confirm.token,
            "activate_token": activate.token,
            "reset_token": reset.token,
            "owner_uid": links.uid_of(self.owner),
            "refresh": owners_login.refresh,
            "password": people.PASSWORD,
        }

    def fill(self, template: str) -> str:
        for name, value in self.names.items():
            template = template.replace("{" + name + "}", str(value))
        return template

    def body(self, template: str) -> Any:
        return json.loads(self.fill(template)) if template else None
