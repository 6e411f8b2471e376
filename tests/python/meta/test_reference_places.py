"""The reference seeds against facts that are known from elsewhere."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]


def seed(name: str) -> dict[str, dict[str, str]]:
    with (ROOT / "seeds" / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {next(iter(row.values())): row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "make_reference_places", ROOT / "scripts" / "make_reference_places.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DEPARTMENTS, TOWNS, POSTAL_CODES = seed("seg_departments"), seed("seg_towns"), seed("seg_postal_codes")

# name, region, school zone, calendar zone; surface in km2 as printed in encyclopaedias
KNOWN_DEPARTMENTS = [
    ("75", "Paris", "Île-de-France", "C", "C", 105.4),
    ("67", "Bas-Rhin", "Grand Est", "B", "B-AM", 4755),
    ("57", "Moselle", "Grand Est", "B", "B-AM", 6216),
    ("33", "Gironde", "Nouvelle-Aquitaine", "A", "A", 9976),
    ("69", "Rhône", "Auvergne-Rhône-Alpes", "A", "A", 3249),
    ("44", "Loire-Atlantique", "Pays de la Loire", "B", "B", 6815),
    ("31", "Haute-Garonne", "Occitanie", "C", "C", 6309),
    ("14", "Calvados", "Normandie", "B", "B", 5548),
    ("2B", "Haute-Corse", "Corse", "Corse", "Corse", 4666),
    ("974", "La Réunion", "La Réunion", "overseas", "974", 2504),
]

# a well-known spot in each town, and how far from it the seed may be
KNOWN_SPOTS = [
    ("75056", 48.853, 2.349), ("69123", 45.764, 4.836), ("13055", 43.296, 5.370), ("31555", 43.604, 1.444),
    ("06088", 43.703, 7.266), ("44109", 47.218, -1.554), ("67482", 48.573, 7.752), ("33063", 44.838, -0.579),
    ("59350", 50.637, 3.063), ("35238", 48.111, -1.680), ("2A004", 41.919, 8.739), ("29019", 48.390, -4.486),
    ("97411", -20.879, 55.448), ("59183", 51.034, 2.377), ("91228", 48.624, 2.429),
]  # fmt: skip


@pytest.mark.parametrize(("code", "name", "region", "school_zone", "calendar_zone", "surface"), KNOWN_DEPARTMENTS)
def test_departments_are_what_everybody_knows(
    code: str, name: str, region: str, school_zone: str, calendar_zone: str, surface: float
) -> None:
    row = DEPARTMENTS[code]
    assert (row["name"], row["region"], row["school_zone"], row["calendar_zone"]) == (
        name,
        region,
        school_zone,
        calendar_zone,
    )
    assert float(row["surface_km2"]) == pytest.approx(surface, rel=0.02)
    assert float(row["density"]) == pytest.approx(int(row["population"]) / float(row["surface_km2"]), abs=0.06)


def test_there_are_96_departments_in_europe_and_5_overseas() -> None:
    european = [code for code in DEPARTMENTS if len(code) == 2]
    assert len(european) == 96
    assert {"971", "972", "973", "974", "976"} <= set(DEPARTMENTS)
    zones = [DEPARTMENTS[code]["school_zone"] for code in european]
    assert {zone: zones.count(zone) for zone in set(zones)} == {"A": 32, "B": 41, "C": 21, "Corse": 2}
    people = sum(
        int(DEPARTMENTS[code]["population"]) for code in DEPARTMENTS if not code.startswith(("975", "977", "978", "98"))
    )
    assert 67_500_000 < people < 70_000_000


@pytest.mark.parametrize(("code", "latitude", "longitude"), KNOWN_SPOTS)
def test_towns_are_where_everybody_knows(script: ModuleType, code: str, latitude: float, longitude: float) -> None:
    row = TOWNS[code]
    assert script.distance_km((latitude, longitude), (float(row["latitude"]), float(row["longitude"]))) < 3


def test_centres_are_large_apart_and_in_every_department_but_suburban_ones(script: ModuleType) -> None:
    centres = {code: row for code, row in TOWNS.items() if row["is_economic_centre"] == "true"}
    assert {"75056", "69123", "13055", "48095", "2B033"} <= set(centres)  # Mende is small, and the seat of Lozère
    # Villeurbanne, Boulogne-Billancourt and Saint-Denis are suburbs
    assert not {"69266", "92012", "93066"} & set(centres)
    assert all(not row["parent_code"] for row in centres.values())
    points = [(float(row["latitude"]), float(row["longitude"])) for row in centres.values()]
    for number, point in enumerate(points):
        assert all(script.distance_km(point, other) > 15 for other in points[:number])
    without = set(DEPARTMENTS) - {row["department_code"] for row in centres.values()}
    assert without <= {"78", "91", "92", "93", "94", "975", "976", "977", "978", "986"}


def test_postal_codes_lie_in_their_department_and_near_its_centre(script: ModuleType) -> None:
    assert 6_250 < len(POSTAL_CODES) < 6_400
    assert (ROOT / "seeds/reference/seg_postal_codes.csv").stat().st_size < 400_000
    for code, row in POSTAL_CODES.items():
        department = DEPARTMENTS[row["department_code"]]
        assert len(code) == 5
        if row["latitude"] and len(row["department_code"]) == 2:
            spot = (float(row["latitude"]), float(row["longitude"]))
            assert script.distance_km(spot, (float(department["latitude"]), float(department["longitude"]))) < 120, code


@pytest.mark.parametrize(
    ("code", "commune", "latitude", "longitude"),
    [("75012", "75112", 48.84, 2.40), ("69003", "69383", 45.76, 4.85), ("13008", "13208", 43.26, 5.38),
     ("59000", "59350", 50.63, 3.06), ("20000", "2A004", 41.92, 8.74), ("97400", "97411", -20.88, 55.45),
     ("38000", "38185", 45.19, 5.72)],
)  # fmt: skip
def test_postal_codes_are_where_everybody_knows(
    script: ModuleType, code: str, commune: str, latitude: float, longitude: float
) -> None:
    row = POSTAL_CODES[code]
    assert row["commune_code"] == commune
    assert script.distance_km((latitude, longitude), (float(row["latitude"]), float(row["longitude"]))) < 4


def test_distances_are_those_of_an_atlas(script: ModuleType) -> None:
    assert script.distance_km((48.8566, 2.3522), (45.7640, 4.8357)) == pytest.approx(392, abs=2)  # Paris to Lyon
    assert script.distance_km((0, 0), (0, 180)) == pytest.approx(20015, abs=1)


def test_a_term_means_the_same_in_the_codebook_once_accents_and_plurals_are_off(script: ModuleType) -> None:
    with (ROOT / "seeds/reference/seg_codebook.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    themes = {row["theme"] for row in rows}
    assert len(themes) == 12
    for theme in themes:
        for language in ("fr", "en"):
            assert 8 <= sum(row["theme"] == theme and row["language"] == language for row in rows) <= 20, (
                theme,
                language,
            )
        assert len({(row["label_fr"], row["label_en"]) for row in rows if row["theme"] == theme}) == 1
    said: dict[str, str] = {}
    for row in rows:
        words = " ".join(
            word[:-1] if word.endswith("s") and len(word) > 3 else word
            for word in script.match_form(row["term"]).split()
        )
        assert said.setdefault(words, row["theme"]) == row["theme"], row["term"]
