"""The people of the legal tests."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from fammo.accounts.models import User
from tests.factories.legal import legal_person


@pytest.fixture
def person(db: None) -> User:
    return legal_person()


@pytest.fixture
def author(db: None) -> User:
    return legal_person("author", groups=("Legal editors",), is_staff=True)


@pytest.fixture
def approver(db: None) -> User:
    return legal_person("approver", groups=("Legal editors",), is_staff=True)


@pytest.fixture
def signed_in(api: APIClient, person: User) -> APIClient:
    api.force_authenticate(person)
    return api
