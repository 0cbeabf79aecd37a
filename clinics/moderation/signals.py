"""What a moderator should look at twice. Each signal gives its own verdict; none of them decides."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.db.models import Q, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumbers import country_code_for_region

from clinics import places
from clinics.models import Clinic, ClinicPage
from clinics.querysets import on_longitudes
from clinics.text import fold

from .whereabouts import Whereabouts

NEAR_KM = 0.150
TOWN_REACH_KM = 25.0  # from the centre of a town to its last houses, generously
ADDRESS_REACH_KM = 1.0
SAME_NAME = 0.85
MOST_DUPLICATES = 5
FREE_MAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "yahoo.com",
        "icloud.com",
        "me.com",
        "proton.me",
        "protonmail.com",
        "gmx.com",
        "gmx.net",
        "aol.com",
        "kolumbus.fi",
        "luukku.com",
        "suomi24.fi",
        "elisanet.fi",
        "saunalahti.fi",
        "ziggo.nl",
        "kpnmail.nl",
        "hetnet.nl",
        "planet.nl",
        "xs4all.nl",
        "mynet.com",
        "yandex.com",
        "hotmail.nl",
        "hotmail.fi",
        "hotmail.com.tr",
        "outlook.com.tr",
        "yahoo.com.tr",
    ]
)
SHARED_SITES = frozenset(
    ["facebook.com", "instagram.com", "google.com", "sites.google.com", "linktr.ee", "business.site", "wixsite.com", "wordpress.com"]
)


class Verdict(TextChoices):
    FINE = "fine", gettext_lazy("Fine")
    LOOK = "look", gettext_lazy("Look twice")
    UNKNOWN = "unknown", gettext_lazy("Cannot tell")


@dataclass(frozen=True, kw_only=True)
class Duplicate:
    """Another clinic that may be this one, and why."""

    clinic_id: int
    page_id: int
    name: str
    city: str
    state: str
    reasons: list[str]


@dataclass(frozen=True, kw_only=True)
class Signal:
    """One question about a clinic, its answer in a sentence, and whether that is a reason to look twice."""

    code: str
    title: str
    verdict: Verdict
    sentence: str
    duplicates: list[Duplicate] = field(default_factory=list)


def signals(clinic: Clinic, page: ClinicPage, where: Whereabouts) -> list[Signal]:
    """All of them, about the page as it was submitted."""
    return [mail_domain(clinic, page), phone_country(page), place(page, where), duplicates(clinic, page)]


def mail_domain(clinic: Clinic, page: ClinicPage) -> Signal:
    """Whoever answers at the website's own domain has some right to speak for it: the confirmed mailbox counts."""
    domain, site = clinic.confirmation_email.rpartition("@")[2].lower(), host_of(page.website)
    names = {"domain": domain, "site": site}
    if not site:
        verdict, sentence = Verdict.UNKNOWN, _("No website is given to compare %(domain)s with.") % names
    elif _is_within(domain, site) or _is_within(site, domain):
        verdict, sentence = Verdict.FINE, _("The confirmed address is at the website's own domain, %(domain)s.") % names
    elif domain in FREE_MAIL:
        verdict, sentence = (
            Verdict.LOOK,
            _("The confirmed address is at %(domain)s, where anybody can have one; the website is %(site)s.") % names,
        )
    else:
        verdict, sentence = Verdict.LOOK, _("The confirmed address is at %(domain)s, the website is %(site)s.") % names
    return Signal(code="mail_domain", title=_("Mail and website"), verdict=verdict, sentence=sentence)


def phone_country(page: ClinicPage) -> Signal:
    """The country code of the number against the country of the address."""
    names = {"phone": f"+{page.phone.country_code}" if page.phone else "", "country": page.country}
    if not page.phone:
        verdict, sentence = Verdict.UNKNOWN, _("No phone number is given.")
    elif page.phone.country_code == country_code_for_region(page.country):
        verdict, sentence = Verdict.FINE, _("%(phone)s is the country code of %(country)s.") % names
    else:
        verdict, sentence = Verdict.LOOK, _("%(phone)s is not the country code of %(country)s, where the address is.") % names
    return Signal(code="phone_country", title=_("Phone and country"), verdict=verdict, sentence=sentence)


def place(page: ClinicPage, where: Whereabouts) -> Signal:
    """The stated point against the address: its country, and how far it is from where the address was found."""
    verdict, sentence = _judge_place(page, where)
    return Signal(code="place", title=_("Place and address"), verdict=verdict, sentence=sentence)


def _judge_place(page: ClinicPage, where: Whereabouts) -> tuple[Verdict, str]:
    if where.stated is None:
        return Verdict.UNKNOWN, _("No coordinates are given; the address alone places the clinic.")
    country = places.country_at(where.stated.latitude, where.stated.longitude)
    if country and country != page.country:
        return Verdict.LOOK, _("The point is in %(there)s, the address in %(country)s.") % {"there": country, "country": page.country}
    if where.found is None or where.distance_km is None:
        return Verdict.UNKNOWN, _("%(city)s is not in our list of towns.") % {"city": page.city}
    names = {"km": f"{where.distance_km:.1f}", "place": where.found.label}
    if where.distance_km <= (ADDRESS_REACH_KM if where.is_exact else TOWN_REACH_KM):
        return Verdict.FINE, _("The point is %(km)s km from %(place)s.") % names
    return Verdict.LOOK, _("The point is %(km)s km from %(place)s.") % names


def duplicates(clinic: Clinic, page: ClinicPage) -> Signal:
    """Clinics within 150 m, or with the same name in the town, the same phone or the same website."""
    title = _("Already in Fammo?")
    found = likely_duplicates(clinic, page)
    if not found:
        return Signal(
            code="duplicates", title=title, verdict=Verdict.FINE, sentence=_("No other clinic is near or has the same name, phone or site.")
        )
    return Signal(code="duplicates", title=title, verdict=Verdict.LOOK, sentence=_("This may be a clinic that we have."), duplicates=found)


def likely_duplicates(clinic: Clinic, page: ClinicPage) -> list[Duplicate]:
    """The likeliest first: with the most reasons."""
    others = Clinic.objects.exclude(pk=clinic.pk).exclude(state=Clinic.State.UNCONFIRMED).select_related("page")
    judged = ((other, reasons_for(page, other)) for other in others.filter(_may_be_the_same(page)).order_by("created_at", "pk"))
    likely = sorted(((other, reasons) for other, reasons in judged if reasons), key=lambda pair: -len(pair[1]))
    return [
        Duplicate(
            clinic_id=other.pk,
            page_id=other.page_id,
            name=other.page.title,
            city=other.page.city,
            state=str(other.get_state_display()),
            reasons=reasons,
        )
        for other, reasons in likely[:MOST_DUPLICATES]
    ]


def reasons_for(page: ClinicPage, other: Clinic) -> list[str]:
    """Why these two may be the same clinic; none when they are not."""
    reasons = []
    distance = _distance_km(page, other)
    if distance is not None and distance <= NEAR_KM:
        reasons.append(_("%(metres)s m away") % {"metres": round(distance * 1000)})
    if fold(page.city) == fold(other.page.city) and _are_alike(page.title, other.page.title):
        reasons.append(_("nearly the same name"))
    if page.phone and page.phone == other.page.phone:
        reasons.append(_("same phone"))
    if site_of(page.website) and site_of(page.website) == site_of(other.page.website):
        reasons.append(_("same website"))
    return reasons


def _may_be_the_same(page: ClinicPage) -> Q:
    """What the database can tell quickly; ``reasons_for`` looks closely."""
    condition = Q(page__city__iexact=page.city)
    if page.phone:
        condition |= Q(page__phone=page.phone)
    if host := host_of(page.website):
        condition |= Q(page__website__icontains=host)
    if page.latitude is not None and page.longitude is not None:
        box = places.box_around(float(page.latitude), float(page.longitude), NEAR_KM)
        in_box = on_longitudes(box) & Q(latitude__gte=box.south, latitude__lte=box.north)
        condition |= in_box | Q(page__in=ClinicPage.objects.filter(in_box))
    return condition


def _distance_km(page: ClinicPage, other: Clinic) -> float | None:
    """From where this one says it is to where the other one is."""
    here, there = (page.latitude, page.longitude), (other.latitude, other.longitude)
    there = (other.page.latitude, other.page.longitude) if other.latitude is None else there
    if here[0] is None or here[1] is None or there[0] is None or there[1] is None:
        return None
    return places.distance_km(float(here[0]), float(here[1]), float(there[0]), float(there[1]))


def _are_alike(name: str, other: str) -> bool:
    return difflib.SequenceMatcher(None, fold(name), fold(other), autojunk=False).ratio() >= SAME_NAME


def host_of(website: str) -> str:
    """``clinic.fi`` of ``https://www.Clinic.fi/en``."""
    return (urlsplit(website).hostname or "").removeprefix("www.")


def site_of(website: str) -> str:
    """What one website is told from another by: its host, or host and path where many share one."""
    host = host_of(website)
    return f"{host}{urlsplit(website).path.rstrip('/').lower()}" if any(_is_within(host, shared) for shared in SHARED_SITES) else host


def _is_within(domain: str, other: str) -> bool:
    return domain == other or domain.endswith(f".{other}")


def needs_a_second_look(found: Sequence[Signal]) -> bool:
    return any(signal.verdict == Verdict.LOOK for signal in found)
