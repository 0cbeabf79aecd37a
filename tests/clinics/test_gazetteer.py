"""Towns: loaded once, found by any of their names."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from clinics import places, services
from clinics.models import Town, TownName
from clinics.services import gazetteer

pytestmark = pytest.mark.django_db
HEADER = "id,name,country,latitude,longitude,population,other_names\n"
TURKU = "633679,Turku,FI,60.45148,22.26869,206655,abo|turu\n"
FIJI = "2202064,Suva,FJ,-18.14161,178.44149,93970,\n"


def written(folder: Path, *rows: str) -> Path:
    file = folder / "towns.csv"
    file.write_text(HEADER + "".join(rows), encoding="utf-8")
    return file


def test_a_town_is_found_by_each_of_its_names_in_its_country(tmp_path: Path) -> None:
    assert services.load_gazetteer(file=written(tmp_path, TURKU, FIJI)) == 2

    for name in ("Turku", "TURKU", "Åbo", "turu"):
        assert [town.pk for town in Town.objects.called(name, "FI")] == [633679]
    assert not Town.objects.called("Turku", "NL").exists()


def test_the_same_file_is_loaded_once_and_another_replaces_it(tmp_path: Path) -> None:
    services.load_gazetteer(file=written(tmp_path, TURKU))

    assert services.load_gazetteer(file=written(tmp_path, TURKU)) == 0
    assert services.load_gazetteer(file=written(tmp_path, FIJI)) == 1
    assert services.load_gazetteer(file=written(tmp_path, TURKU)) == 1
    assert set(TownName.objects.values_list("key", flat=True)) == {"turku", "abo", "turu"}


def test_a_broken_file_changes_nothing(tmp_path: Path) -> None:
    services.load_gazetteer(file=written(tmp_path, TURKU))

    with pytest.raises(Exception, match="north"):
        services.load_gazetteer(file=written(tmp_path, FIJI, "1,X,FI,north,1,1,\n"))

    assert list(Town.objects.values_list("name", flat=True)) == ["Turku"]


def test_towns_around_a_point_are_found_across_the_antimeridian(tmp_path: Path) -> None:
    services.load_gazetteer(file=written(tmp_path, TURKU, FIJI))

    assert [town.name for town in Town.objects.within(places.box_around(-18, -179.9, 300))] == ["Suva"]


def test_the_repositorys_file_holds_the_three_countries() -> None:
    call_command("load_gazetteer", verbosity=0)

    assert Town.objects.count() == len(gazetteer.FILE.read_text(encoding="utf-8").splitlines()) - 1
    for name, country, number in (("Helsingfors", "FI", 658225), ("İSTANBUL", "TR", 745044), ("'s-Hertogenbosch", "NL", 2747351)):
        assert Town.objects.called(name, country)[0].pk == number
