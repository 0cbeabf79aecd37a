"""The pages behind mail links, as a browser and as a mail scanner see them (design D11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fammo.accounts import links
from fammo.accounts.models import MailLink, User
from fammo.accounts.purposes import ACTIVATE, RESET_PASSWORD
from tests.factories import accounts

pytestmark = pytest.mark.django_db

Mails = Callable[[], list[EmailMessage]]
NEW = "a brand new garden 9"


def address(view: str, user: User, purpose: str) -> str:
    link = links.issue_link(user=user, purpose=purpose, lifetime=timedelta(hours=1))
    return reverse(f"accounts:{view}", kwargs={"uid": links.uid_of(user), "token": link.token})


class TestActivate:
    @pytest.fixture
    def user(self) -> User:
        return accounts.unconfirmed("new+mail@fammo.example")

    @pytest.fixture
    def page(self, user: User) -> str:
        return address("activate", user, ACTIVATE)

    def test_looking_changes_nothing(self, client: Client, user: User, page: str) -> None:
        for method in (client.get, client.head, client.get):
            assert method(page).status_code == 200

        user.refresh_from_db()
        assert not user.is_active
        assert MailLink.objects.get().used_at is None

    def test_the_button_activates_and_leads_to_the_app(self, client: Client, user: User, page: str) -> None:
        response = client.post(page)

        user.refresh_from_db()
        assert user.is_active
        assert 'href="fammo://login?activated=true&amp;email=new%2Bmail%40fammo.example"' in response.content.decode()

    def test_a_form_from_elsewhere_is_refused(self, user: User, page: str) -> None:
        assert Client(enforce_csrf_checks=True).post(page).status_code == 403
        user.refresh_from_db()
        assert not user.is_active

    def test_the_page_tells_nobody_its_address(self, client: Client, page: str) -> None:
        response = client.get(page)

        assert response["Referrer-Policy"] == "same-origin"
        assert response["X-Robots-Tag"] == "noindex"
        assert "no-store" in response["Cache-Control"]
        assert "script-src" in response["Content-Security-Policy"]
        assert "<script" not in response.content.decode()

    def test_the_page_speaks_the_persons_language(self, client: Client) -> None:
        user = accounts.unconfirmed("uusi@fammo.example", language="fi")

        assert '<html lang="fi">' in client.get(address("activate", user, ACTIVATE)).content.decode()

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_a_used_link_says_so(self, client: Client, page: str, method: str) -> None:
        client.post(page)

        response = getattr(client, method)(page)

        assert response.status_code == 410
        assert "has been used already" in response.content.decode()

    def test_a_used_link_says_so_in_the_persons_language(self, client: Client) -> None:
        page = address("activate", accounts.unconfirmed("uusi@fammo.example", language="fi"), ACTIVATE)
        client.post(page)

        assert '<html lang="fi">' in client.get(page, headers={"Accept-Language": "tr"}).content.decode()

    def test_a_link_of_nobody_says_so_in_the_visitors_language(self, client: Client, page: str) -> None:
        response = client.get(page[:-2] + "x/", headers={"Accept-Language": "tr"})

        assert response.status_code == 404
        assert '<html lang="tr">' in response.content.decode()

    def test_an_expired_link_says_so(self, client: Client, page: str) -> None:
        with time_machine.travel(timezone.now() + timedelta(hours=2)):
            response = client.get(page)

        assert response.status_code == 410
        assert "has expired" in response.content.decode()

    def test_a_forged_link_is_no_page(self, client: Client, user: User, outsider: User, page: str) -> None:
        for forged in (
            page[:-2] + "x/",
            page.replace(links.uid_of(user), links.uid_of(outsider)),
            address("activate", user, RESET_PASSWORD),
        ):
            assert client.post(forged).status_code == 404

        user.refresh_from_db()
        assert not user.is_active


class TestForgotPassword:
    URL = "/forgot-password/"

    def test_the_sign_in_page_leads_to_it(self, client: Client) -> None:
        assert f'href="{self.URL}"' in client.get("/admin/login/").content.decode()
        assert client.get(self.URL).status_code == 200

    def test_known_and_unknown_addresses_get_the_same_page_and_one_a_mail(self, client: Client, anna: User, delivered: Mails) -> None:
        pages = [client.post(self.URL, {"email": email}) for email in (anna.email, "who@fammo.example")]

        known, unknown = (page.content.decode() for page in pages)
        assert [page.status_code for page in pages] == [200, 200]
        assert known.replace(anna.email, "") == unknown.replace("who@fammo.example", "")
        (mail,) = delivered()
        assert mail.to == [anna.email]
        assert "/reset-password/" in mail.body

    @pytest.mark.parametrize("typed", ["", "anna", "anna@fammo.example\nBcc: all@fammo.example"])
    def test_what_is_no_address_is_said(self, client: Client, delivered: Mails, typed: str) -> None:
        response = client.post(self.URL, {"email": typed})

        assert response.status_code == 400
        assert 'class="errorlist"' in response.content.decode()
        assert delivered() == []

    def test_asking_is_limited(self, client: Client, anna: User, delivered: Mails, limits: Callable[..., None]) -> None:
        limits(auth="2/15minutes")

        answers = [client.post(self.URL, {"email": anna.email}) for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert int(answers[-1]["Retry-After"]) > 0
        assert "Too many attempts" in answers[-1].content.decode()
        assert len(delivered()) <= 2

    def test_a_form_from_elsewhere_is_refused(self, anna: User, delivered: Mails) -> None:
        assert Client(enforce_csrf_checks=True).post(self.URL, {"email": anna.email}).status_code == 403
        assert delivered() == []

    def test_it_speaks_the_visitors_language(self, client: Client) -> None:
        assert '<html lang="nl">' in client.get(self.URL, headers={"Accept-Language": "nl"}).content.decode()


class TestResetPassword:
    @pytest.fixture
    def page(self, anna: User) -> str:
        return address("reset-password", anna, RESET_PASSWORD)

    def test_a_new_password_is_set(self, client: Client, anna: User, page: str) -> None:
        assert 'autocomplete="new-password"' in client.get(page).content.decode()

        response = client.post(page, {"new_password": NEW, "new_password_confirm": NEW})

        assert "Your password has been changed" in response.content.decode()
        assert 'href="/admin/"' not in response.content.decode()
        anna.refresh_from_db()
        assert anna.check_password(NEW)
        assert client.get(page).status_code == 410

    def test_who_works_here_is_led_to_the_admin(self, client: Client) -> None:
        boss = accounts.superuser("boss@fammo.example")

        response = client.post(address("reset-password", boss, RESET_PASSWORD), {"new_password": NEW, "new_password_confirm": NEW})

        assert 'href="/admin/"' in response.content.decode()

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"new_password": NEW, "new_password_confirm": "another"}, "The two passwords are not the same."),
            ({"new_password": "short", "new_password_confirm": "short"}, "This password is too short."),
            ({"new_password": "", "new_password_confirm": ""}, "This field is required."),
        ],
        ids=["not the same", "too short", "empty"],
    )
    def test_a_mistake_is_explained_and_the_link_still_works(
        self, client: Client, anna: User, page: str, typed: dict[str, str], sentence: str
    ) -> None:
        response = client.post(page, typed)

        assert response.status_code == 400
        assert sentence in response.content.decode()
        anna.refresh_from_db()
        assert anna.check_password(accounts.PASSWORD)
        assert client.get(page).status_code == 200
