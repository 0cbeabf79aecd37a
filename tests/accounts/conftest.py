"""The cast of accounts, and the limits that a test switches on."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from rest_framework.test import APIClient

from fammo.accounts.models import User
from tests.factories import accounts


@pytest.fixture
def anna(db: None) -> User:
    return accounts.person("anna@fammo.example")


@pytest.fixture
def outsider(db: None) -> User:
    return accounts.person("outsider@fammo.example")


@pytest.fixture
def as_anna(anna: User) -> APIClient:
    return accounts.client_of(anna)


@pytest.fixture
def environment(settings: Any) -> Callable[..., None]:
    """Sets fields of the environment for one test."""

    def change(**fields: Any) -> None:
        settings.ENVIRONMENT = dataclasses.replace(django_settings.ENVIRONMENT, **fields)

    return change


@pytest.fixture
def limits(settings: Any) -> Callable[..., None]:
    """Switches rate limits on, with these instead of the product's."""

    def change(**scopes: str) -> None:
        settings.RATE_LIMITS = settings.RATE_LIMITS | scopes
        settings.RATE_LIMIT_SCALE = 1

    return change
