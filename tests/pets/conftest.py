"""What every test about pets stands on: the reference lists as a fresh install has them, an owner and an outsider."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from fammo.accounts.models import User
from pets import services
from tests.factories import pets as make


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The lists are loaded once; each test's transaction starts from them."""
    with django_db_blocker.unblock():
        services.load_reference_data()


@pytest.fixture
def owner(db: None) -> User:
    return make.owner()


@pytest.fixture
def outsider(db: None) -> User:
    return make.owner()


@pytest.fixture
def phone(owner: User) -> APIClient:
    """The owner's app."""
    client = APIClient()
    client.force_authenticate(owner)
    return client


@pytest.fixture
def strange_phone(outsider: User) -> APIClient:
    """Somebody else's app."""
    client = APIClient()
    client.force_authenticate(outsider)
    return client
