"""What lies around the customers: areas, shops, days, markets and rates. Figures are invented but plausible."""

from __future__ import annotations

from datetime import date, timedelta

from . import lexicon
from .tools import FIRST_DAY, LAST_DAY, Draw, Row

DAYS = [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
# month and day of the first, how many days, zone, what happens
EVENTS = [
    ((12, 8), 4, "A", "fête des lumières"),
    ((6, 21), 1, "A", "fête de la musique"),
    ((6, 21), 1, "B", "fête de la musique"),
    ((6, 21), 1, "C", "fête de la musique"),
    ((9, 7), 2, "B", "braderie"),
    ((7, 5), 17, "B", "festival de théâtre"),
    ((2, 12), 15, "B", "carnaval"),
    ((6, 15), 5, "A", "fête du vin"),
    ((9, 20), 2, "C", "journées du patrimoine"),
    ((11, 25), 30, "B", "marché de Noël"),
]


def make_areas() -> list[Row]:
    """Give regions, departments and towns; sizes are near the real ones, incomes and unemployment are invented."""
    draw = Draw("areas")
    rows: list[Row] = []
    towns = {town.area_code: town for town in lexicon.TOWNS}
    for code, name in lexicon.REGIONS.items():
        rows.append(_area(draw, code, "region", name, None, None, None))
    for code, (name, _, thousands, density) in lexicon.DEPARTMENTS.items():
        urban = "dense" if density > 1000 else "intermediate" if density > 90 else "rural"
        rows.append(_area(draw, code, "department", name, thousands * 1000, density, urban))
    densities = {"dense": (3000, 9000), "intermediate": (300, 1500), "rural": (30, 90)}
    for code, town in towns.items():
        density = 20000 if town.name == "Paris" else draw.whole(*densities[town.urban_class])
        rows.append(
            _area(draw, code, "commune", town.name, town.population, density, town.urban_class)
            | {"latitude": town.latitude, "longitude": town.longitude}
        )
    return rows


def _area(
    draw: Draw, code: str, level: str, name: str, population: int | None, density: int | None, urban: str | None
) -> Row:
    median = draw.whole(205, 245) * 100 + (3000 if code in ("75", "75056", "92", "92012", "78", "78646", "11") else 0)
    return {
        "area_code": code,
        "area_level": level,
        "name": name,
        "population": population,
        "density": density,
        "urban_class": urban,
        "median_income": median,
        "mean_income": round(median * draw.uniform(1.08, 1.3), -2).__int__(),
        "unemployment_rate": f"{draw.uniform(5.2, 11.5):.1f}",
        "latitude": None,
        "longitude": None,
    }


def make_places() -> list[Row]:
    """Give the shops, where they are and how many visits they have."""
    towns = {town.name: town for town in lexicon.TOWNS}
    return [
        {
            "place_id": shop,
            "name": f"Maison Lavande {town}",
            "latitude": towns[town].latitude,
            "longitude": towns[town].longitude,
            "weight": weight,
        }
        for shop, town, weight in lexicon.SHOPS
    ]


def make_calendar() -> list[Row]:
    """Give weather and local events for every day and zone of the school year (A, B, C)."""
    draw = Draw("calendar")
    happenings = {
        (day, zone): text
        for (month, first), length, zone, text in EVENTS
        for year in range(FIRST_DAY.year, LAST_DAY.year + 1)
        for day in (date(year, month, first) + timedelta(days=n) for n in range(length))
    }
    rows = []
    for zone in "ABC":
        weather = "sun"
        for day in DAYS:
            winter = day.month in (12, 1, 2)
            if draw.chance(0.45):
                cold = {"rain": 4, "cloud": 4, "sun": 2, "snow": 1}
                weather = draw.weighted(cold if winter else {"rain": 2, "cloud": 3, "sun": 5, "storm": 0.4})
            rows.append(
                {"day": day.isoformat(), "zone": zone, "local_event": happenings.get((day, zone)), "weather": weather}
            )
    return rows


def make_market_indicators() -> list[Row]:
    """Give monthly consumer confidence and inflation of France, and quarterly unemployment of its regions."""
    draw = Draw("market")
    rows: list[Row] = []
    confidence, inflation = 91.0, 2.2
    unemployment = {code: draw.uniform(6.0, 9.5) for code in lexicon.REGIONS}
    for day in (day for day in DAYS if day.day == 1):
        confidence += draw.normal(0, 1.2)
        inflation = min(max(inflation + draw.normal(-0.03, 0.15), 0.4), 3.5)
        rows.append({"area_code": "FR", "day": day, "indicator": "consumer_confidence", "value": f"{confidence:.0f}"})
        rows.append({"area_code": "FR", "day": day, "indicator": "inflation", "value": f"{inflation:.1f}"})
        if day.month % 3 == 1:
            for code in lexicon.REGIONS:
                unemployment[code] += draw.normal(0, 0.15)
                rows.append(
                    {"area_code": code, "day": day, "indicator": "unemployment", "value": f"{unemployment[code]:.1f}"}
                )
    return rows


def make_exchange_rates() -> list[Row]:
    """Give euros for one unit of a currency on every day of the two years, invented near the real ones."""
    draw = Draw("rates")
    rows = []
    for currency, rate in (("CHF", 1.04), ("GBP", 1.18), ("USD", 0.92)):
        for day in DAYS:
            rate *= 1 + draw.normal(0, 0.0015)
            rows.append({"currency": currency, "day": day.isoformat(), "rate": f"{rate:.4f}"})
    return rows
