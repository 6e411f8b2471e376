"""Write the demo's seeds (seeds/demo) and what is true of them (tests/fixtures/truth), the same at every run."""

from __future__ import annotations

import argparse
from pathlib import Path

from demo_seeds.consents import make_consents
from demo_seeds.contacts import make_attributes, make_social, make_surveys, make_tickets, make_touches
from demo_seeds.dirt import Soiler
from demo_seeds.people import Person, customer_rows, make_people, make_records
from demo_seeds.personas import PERSONAS
from demo_seeds.shopping import make_orders, number_orders, order_rows
from demo_seeds.surroundings import make_areas, make_calendar, make_exchange_rates, make_market_indicators, make_places
from demo_seeds.tools import Draw, Row, write
from demo_seeds.web import Visits

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Draw people, what they did and what surrounds them; then soil some rows; then write all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=Path, default=ROOT / "seeds" / "demo")
    parser.add_argument("--truth", type=Path, default=ROOT / "tests" / "fixtures" / "truth")
    options = parser.parse_args()

    people = make_people()
    make_records(people)
    orders = make_orders(people)
    touches, lifts = make_touches(people, orders)
    number_orders(orders)
    order_list, lines = order_rows(orders)
    visits = Visits(people, orders)
    consents, erasures, allowed = make_consents(people)
    inputs = {
        "customers": customer_rows(people),
        "orders": order_list,
        "order_lines": lines,
        "events": visits.rows,
        "campaign_touches": touches,
        "social_engagements": make_social(people),
        "survey_responses": make_surveys(people),
        "support_tickets": make_tickets(people),
        "customer_attributes": Draw("attribute rows").shuffled(make_attributes(people)),
        "consents": consents,
        "erasure_requests": erasures,
        "areas": make_areas(),
        "places": make_places(),
        "calendar": make_calendar(),
        "market_indicators": make_market_indicators(),
        "exchange_rates": make_exchange_rates(),
    }
    dirt = Soiler(inputs, people).soil()
    for name, rows in inputs.items():
        write(options.seeds / f"seg_demo_{name}.csv", rows)
    truth = {
        "people": _people(people),
        "personas": _personas(),
        "records": _records(people),
        "consent": allowed,
        "campaign_lift": lifts,
        "visitors": visits.truth(),
        "dirt": dirt,
    }
    for name, rows in truth.items():
        write(options.truth / f"{name}.csv", rows)


def _people(people: list[Person]) -> list[Row]:
    return [
        {
            "person_id": p.person_id,
            "persona": p.persona.name,
            "circumstance": p.circumstance,
            "household": p.house,
            "planted_name": None if p.is_allowed else p.last_name,
        }
        for p in people
    ]


def _personas() -> list[Row]:
    return [
        {
            "persona": p.name,
            "people": p.count,
            "born_on": p.born,
            "drifts_from": "2025-12-01" if p.drifted else None,
            "orders_a_month": p.order_rate,
            "web_share": p.web_share,
            "discount_chance": p.discount_chance,
            "first_category": max(p.categories, key=lambda category: p.categories[category]),
        }
        for p in PERSONAS
    ]


def _records(people: list[Person]) -> list[Row]:
    rows = [
        record.key | {"person_id": person.person_id, "kind": record.kind}
        for person in people
        for record in person.records
    ]
    return sorted(rows, key=lambda row: (str(row["source_system"]), str(row["source_record_id"])))


if __name__ == "__main__":
    main()
