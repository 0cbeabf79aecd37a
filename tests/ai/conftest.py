"""People with pets, and a model's server that is one for the length of a test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

from fammo.accounts.models import User
from pets.models import Pet
from pets.services import load_reference_data
from tests.ai.model_server import ModelServer, serving
from tests.factories import accounts as people
from tests.factories import ai as factory


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The reference lists are there as on a fresh install."""
    with django_db_blocker.unblock():
        load_reference_data()


@pytest.fixture
def anna(db: None) -> User:
    return people.person("anna@fammo.example", first_name="Annabella", last_name="Virtanen")


@pytest.fixture
def max_(anna: User) -> Pet:
    """A dog about which everything is known that a plan needs."""
    return factory.dog(anna)


@pytest.fixture
def client(anna: User) -> APIClient:
    return people.client_of(anna)


@pytest.fixture
def model(settings: Any) -> Iterator[ModelServer]:
    """A configured model that answers well; requests do not wait for it, the queue is run by hand."""
    settings.AI_WAIT_SECONDS = 0
    with serving() as server:
        settings.ENVIRONMENT = replace(
            settings.ENVIRONMENT, openai_api_key="sk-tests", openai_base_url=server.url, openai_model="test-model"
        )
        yield server
