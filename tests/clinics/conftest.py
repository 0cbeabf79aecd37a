"""The cast of the clinics."""

from __future__ import annotations

import pytest
from django.test import Client
from rest_framework.test import APIClient

from fammo.accounts.models import User
from tests.factories import accounts, clinics


@pytest.fixture
def vet(db: None) -> User:
    return accounts.person("vet@fammo.example")


@pytest.fixture
def outsider(db: None) -> User:
    return accounts.person("outsider@fammo.example")


@pytest.fixture
def moderator(db: None) -> User:
    return clinics.moderator("moderator@fammo.example")


@pytest.fixture
def desk(client: Client, moderator: User) -> Client:
    client.force_login(moderator)
    return client


@pytest.fixture
def as_vet(vet: User) -> APIClient:
    return accounts.client_of(vet)


@pytest.fixture
def as_outsider(outsider: User) -> APIClient:
    return accounts.client_of(outsider)


@pytest.fixture
def as_moderator(moderator: User) -> APIClient:
    return accounts.client_of(moderator)
