"""Enrichment from raw tables to the end, and a geocoder of the user's own through dbt."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.projects import Project

Make = Callable[..., Project]
TABLES = ["int_seg__customer_geography", "int_seg__calendar", "int_seg__market_indicators", "int_seg__customer_themes"]
SELECT = ["--select", *(f"+{name}" for name in TABLES), "+int_seg__customer_attributes_as_of"]
STREET = "Rue du Planted"
GEOCODER = """
from pathlib import Path

def find(*, address, postal_code, city, country_code):
    with (Path(__file__).parent / "asked.txt").open("a") as file:
        print(address, file=file)
    if address.startswith("3"):
        raise OSError(address)
    return 47.3220, 5.0415
"""


@pytest.fixture
def project(consumer: Make, tmp_path: Path) -> Project:
    """A consumer with four customers and small tables of context."""
    made = consumer(
        seg_order_lines_relation=None,
        seg_campaign_touches_relation=None,
        seg_areas_relation="raw.areas",
        seg_calendar_relation="raw.calendar",
        seg_market_indicators_relation="raw.market_indicators",
        seg_geocoder_quota=2,
    )
    made.execute(
        f"""
        create or replace table raw.customers as
        select 's' as source_system, id as source_record_id, id || '@example.org' as email, id as first_name,
               id || 'son' as last_name, number || ' {STREET}' as address, postal_code, city, 'FR' as country_code,
               latitude, longitude, timestamp '2023-01-01 00:00:00' as created_at
        from (values
            ('ann', 1, '75012', 'Paris', null, null), ('bob', 2, '97400', 'Saint-Denis', null, null),
            ('cid', 3, '67000', 'Strasbourg', null, null), ('dan', 4, '69003', 'Lyon', 43.6045, 1.444)
        ) as people (id, number, postal_code, city, latitude, longitude)
        """,
        "create or replace table raw.orders as select id as order_id, 's' as source_system, id as source_record_id, "
        "timestamp '2024-01-10 10:00:00' + to_days(number * 50) as ordered_at, 10 as gross_amount "
        "from (values ('ann', 0), ('bob', 1), ('cid', 2), ('dan', 3)) as orders (id, number)",
        "create table raw.areas as select '75' as area_code, 'département' as area_level, 30000 as median_income",
        "create table raw.calendar as select date '2024-03-01' as day, 'B' as zone, 'fair' as local_event",
        "create table raw.market_indicators as "
        "select '75' as area_code, date '2024-02-15' as day, 'cpi' as indicator, 2.5 as value",
    )
    (tmp_path / "my_geocoder.py").write_text(GEOCODER, encoding="utf-8")
    made.env["PYTHONPATH"] = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    return made


def asked(folder: Path) -> list[str]:
    return [line.split()[0] for line in (folder / "asked.txt").read_text(encoding="utf-8").splitlines()]


def test_customers_are_placed_and_a_geocoder_is_asked_seldom(project: Project, tmp_path: Path) -> None:
    project.make("--empty", *SELECT)
    assert all(project.table(name).empty for name in TABLES if name not in ("int_seg__calendar",))

    project.make(*SELECT)
    assert not (tmp_path / "asked.txt").exists()
    told = project.table("int_seg__customer_geography").set_index("commune_code")
    assert told["coordinates_origin"].to_dict() == {
        "75112": "postal_code", "97411": "postal_code", "67482": "postal_code", "69383": "given",
    }  # fmt: skip
    assert told["calendar_zone"].to_dict() == {"75112": "C", "97411": "974", "67482": "B-AM", "69383": "A"}
    assert told.loc["75112", "median_income"] == 30000
    # the coordinates are Toulouse's, whatever the address says
    assert told["nearest_place"].to_dict() == {
        "75112": "Paris", "97411": "Saint-Denis", "67482": "Strasbourg", "69383": "Toulouse",
    }  # fmt: skip
    assert (told["distance_to_centre_km"] < 8).all()
    assert set(told["urban_class"]) == {"dense", "intermediate"}

    calendar = project.query("select * from int_seg__calendar where day = '2024-03-29' and zone in ('B', 'B-AM')")
    assert calendar.set_index("zone")["is_public_holiday"].to_dict() == {"B": False, "B-AM": True}
    events = project.query("select zone from int_seg__calendar where local_event = 'fair' order by zone")
    assert events["zone"].tolist() == ["B", "B-AM"]
    indicators = project.table("int_seg__market_indicators")
    assert indicators["snapshot_date"].min().strftime("%Y-%m-%d") >= "2024-02-15"
    assert set(indicators["value"]) == {2.5}

    variables = ["--vars", "{seg_geocoder: 'my_geocoder:find'}"]
    only = ["--select", "ml_seg__geocoded_addresses", "int_seg__customer_coordinates"]
    project.dbt("build", "--exclude-resource-type=unit_test", *variables, *only, env={"PYTHONHASHSEED": "0"})
    first = asked(tmp_path)
    project.dbt("build", "--exclude-resource-type=unit_test", *variables, *only, env={"PYTHONHASHSEED": "0"})
    assert len(first) == 2
    # the third one of three is asked now; one that ended with an error is asked again
    assert sorted(set(asked(tmp_path))) == ["1", "2", "3"]
    assert asked(tmp_path).count("1") == asked(tmp_path).count("2") == 1
    origins = project.table("int_seg__customer_coordinates")["coordinates_origin"]
    assert origins.value_counts().to_dict() == {"geocoded": 2, "given": 1, "postal_code": 1}
    # the text of an address is in no table that is stored
    with_text = project.query(
        "select table_name, column_name from information_schema.columns join information_schema.tables "
        "using (table_schema, table_name) "
        "where table_type = 'BASE TABLE' and table_schema <> 'raw' and data_type = 'VARCHAR'"
    )
    for table, column in with_text.itertuples(index=False):
        found = project.query(f"select count(*) as n from {table} where lower({column}) like '%planted%'")
        assert found["n"].item() == 0, (table, column)
