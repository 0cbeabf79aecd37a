"""Wagtail's page about oneself."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.legal import legal_person


@pytest.mark.django_db
def test_every_time_zone_that_is_offered_is_known_to_browsers(client: Client) -> None:
    client.force_login(legal_person("somebody", groups=("Clinic moderators",), is_staff=True))

    page = client.get(reverse("wagtailadmin_account")).content.decode()

    assert 'value="Europe/Helsinki"' in page
    assert 'value="localtime"' not in page
