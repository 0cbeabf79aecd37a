"""Unconfirmed, pending, rejected and suspended clinics do not exist for anybody but their owner and staff."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from clinics.models import Clinic
from fammo.accounts.models import User
from tests.factories import clinics

pytestmark = pytest.mark.django_db
HIDDEN = [clinics.unconfirmed, clinics.pending, clinics.rejected, clinics.suspended]
NESTED = ["", "working-hours/", "vet-profile/"]
hidden = pytest.mark.parametrize("make", HIDDEN, ids=lambda make: make.__name__)


@hidden
@pytest.mark.parametrize("path", NESTED)
def test_a_hidden_clinic_is_not_found_by_strangers(
    api: APIClient, as_outsider: APIClient, vet: User, make: Callable[[User], Clinic], path: str
) -> None:
    clinic = make(vet)

    for client in (api, as_outsider):
        for verb in ("get", "patch", "post", "put", "delete"):
            response = getattr(client, verb)(f"/api/v1/clinics/{clinic.pk}/{path}", {})
            assert response.status_code in {404, 405}, (verb, response.status_code)
    assert Clinic.objects.filter(pk=clinic.pk).exists()


@hidden
def test_a_hidden_clinic_is_in_no_list_and_no_search(
    api: APIClient, as_outsider: APIClient, vet: User, make: Callable[[User], Clinic]
) -> None:
    make(vet)

    for client in (api, as_outsider):
        assert client.get("/api/v1/clinics/").json() == []
        assert client.get("/api/v1/clinics/", {"show_all": "true"}).json() == []
        for query in ({}, {"city": "Helsinki"}, {"lat": 60.17, "lng": 24.94}, {"search": "happy"}):
            assert client.get("/api/v1/clinics/search/", query).json()["count"] == 0


@hidden
@pytest.mark.parametrize("path", NESTED)
def test_owner_and_staff_see_it(as_vet: APIClient, as_moderator: APIClient, vet: User, make: Callable[[User], Clinic], path: str) -> None:
    clinic = make(vet)

    for client in (as_vet, as_moderator):
        assert client.get(f"/api/v1/clinics/{clinic.pk}/{path}").status_code == 200


@hidden
def test_its_web_page_is_not_there(api: APIClient, vet: User, make: Callable[[User], Clinic]) -> None:
    clinic = make(vet)

    assert api.get(clinic.page.get_url()).status_code == 404


def test_a_listed_clinic_is_seen_by_all_and_changed_by_its_owner_only(
    api: APIClient, as_outsider: APIClient, as_moderator: APIClient, vet: User
) -> None:
    clinic = clinics.approved(vet)
    url = f"/api/v1/clinics/{clinic.pk}/"

    assert api.get(url).status_code == 200
    assert api.patch(url, {"bio": "x"}).status_code == 401
    assert api.delete(url).status_code == 401
    for path, verbs in (("", ("patch", "put", "delete")), ("working-hours/", ("post", "patch")), ("vet-profile/", ("post", "patch"))):
        for verb in verbs:
            for client in (as_outsider, as_moderator):
                response = getattr(client, verb)(f"{url}{path}", {})
                assert response.status_code == 403
                assert response.json()["error"] == "You don't have permission to edit this clinic."
    assert Clinic.objects.count() == 1
