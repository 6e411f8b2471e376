"""What nobody should send, in every input at once: a build neither stops, nor loses a row, nor tells of who refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from helpers.projects import (
    BUILT_BY_A_RUN,
    CONSUMER_VARS,
    HMAC_KEY,
    ROOT,
    SECOND_RUN,
    Project,
    pseudonym,
    write_consumer,
)

from dbt_segmentation.duckdb_plugin import Plugin

Make = Callable[..., Project]

HOSTILE = [
    "'; drop table raw.customers; --",
    '"quoted" \\ back\\slash',
    "\x00",
    "a\x00b",
    "\x01\x02\x1b[31m",
    "💥👩‍👩‍👧‍👦",
    "{{ 1 / 0 }} {% raw %}",
    "٣٤٥",
    "1," * 500_000,
    "%s%n %(x)s ${jndi:x}",
    "\ud7ff\ue000\ufffd\u202e",
    "9999-12-31",
    "9999-12-31 23:59:59",
    "0001-01-01",
    "infinity",
    "-inf",
    "nan",
    "1e308",
    "-1e-308",
    "99999999999999999999999999999999999999999",
    "-1",
    "0",
    "null",
    "NULL",
    "true",
    "2026-02-30",
    "2025-03-30 02:30:00 Europe/Paris",
    "12:00",
    "",
    "   ",
]
CONTRACT = (ROOT / "macros/inputs/seg_input_columns.sql").read_text(encoding="utf-8")
# input -> column -> (type, must)
INPUTS = {
    name: {
        column: (kind, must == "must") for column, kind, must in re.findall(r"'(\w+)': \('(\w+)', (must|false)\)", body)
    }
    for name, body in re.findall(r"'(\w+)': \{(.*?)\},\n", CONTRACT, re.S)
}
KEYS = {
    "orders": "order_id",
    "order_lines": "order_line_id",
    "events": "event_id",
    "campaign_touches": "touch_id",
    "social_engagements": "engagement_id",
    "survey_responses": "response_id",
    "support_tickets": "ticket_id",
    "erasure_requests": "request_id",
    "places": "place_id",
}
GOOD: dict[str, Any] = {
    "string": "some text",
    "timestamp": "2025-06-01 10:00:00",
    "date": "2025-06-01",
    "amount": "10.50",
    "double": "3",
    "integer": "2",
    "boolean": "true",
}
# Only people who may not be profiled are called so, or have a number or an e-mail like this.
PLANTED = "zwq"
# What counts as no grant, whoever writes it.
NO_GRANT = [
    ("profiling", "denied", "2025-02-01"),
    ("profiling", "withdrawn", "2025-02-01"),
    ("profiling", "objected", "2025-02-01"),
    ("profiling", "granted?", "2025-02-01"),
    ("profiling", "yes", "2025-02-01"),
    ("profiling", "true", "2025-02-01"),
    ("profiling", "", "2025-02-01"),
    ("profiling", None, "2025-02-01"),
    ("profiling", "granted\x00", "2025-02-01"),
    ("profiling", "x" * 1_000_000, "2025-02-01"),
    ("profiling", "granted", None),
    ("profiling", "granted", "9999-12-31"),
    ("profiling", "granted", "infinity"),
    ("profiling", "granted", "03/04/2025"),
    (None, "granted", "2025-02-01"),
    ("", "denied", None),
    ("Profiling ", "DENIED", "2025-02-01"),
    ("profiling'; --", "granted", "2025-02-01"),
    ("all", "granted", "2025-02-01"),
]


def row(name: str, /, **values: Any) -> dict[str, Any]:
    """A good row of an input, but for what is given."""
    columns = {column: GOOD[kind] for column, (kind, _) in INPUTS[name].items()}
    fixed = {
        "source_system": "shop",
        "source_record_id": "C001",
        "currency": "EUR",
        "status": "paid",
        "scale_min": "1",
        "scale_max": "5",
        "order_id": "O00001",
        "purpose": "ads",
        "duration_unit": "s",
        "area_level": "commune",
        "area_code": "01053",
        "zone": "A",
        "properties": "{}",
        "closed_at": "2025-06-02 10:00:00",
        "country_code": "FR",
    }
    return {**columns, **{key: value for key, value in fixed.items() if key in columns}, **values}


def hostile_rows(name: str) -> list[dict[str, Any]]:
    """Per value: a row of nothing else, one where all that may be missing is it, one where of that only texts are."""
    rows = []
    for number, value in enumerate(HOSTILE):
        must = {column for column, (_, needed) in INPUTS[name].items() if needed}
        own_key = {KEYS[name]: f"H{number}{value}"} if name in KEYS else {}
        owner = {"source_record_id": f"H{number}", "source_system": "shop"} if name == "customers" else {}
        if name in ("events", "social_engagements"):
            owner = {"source_record_id": "C001", "source_system": "shop"}
        # whom a ledger names so would be forgotten, and with them whoever is the same in all fields
        nobody = {"source_record_id": f"{PLANTED}-nobody"} if name in ("consents", "erasure_requests") else {}
        rows += [
            {**dict.fromkeys(INPUTS[name], value), **nobody},
            row(name, **{**dict.fromkeys(INPUTS[name].keys() - must, value), **own_key, **owner, **nobody}),
        ]
        if name not in ("customers", "consents", "erasure_requests"):
            texts = {column for column, (kind, _) in INPUTS[name].items() if kind == "string"} - must
            own_key = {column: f"T{key}" for column, key in own_key.items()}
            rows.append(row(name, **{**dict.fromkeys(texts, value), **own_key, **owner}))
    return rows


def planted_people() -> list[dict[str, Any]]:
    ids = [f"ZWQ-S{number}" for number in range(len(NO_GRANT))] + ["ZWQ-SILENT", "ZWQ-ERASED", "ZWQ-R1"]
    return [
        {
            "source_system": "Shop ",
            "source_record_id": key,
            "email": f"{key.lower()}@secret.example",
            "first_name": f"Zwq{number}",
            "last_name": "Zwqson",
            "phone": f"+336123456{number:02}",
            "address": f"{number} rue Zwq",
            "city": "Zwqville",
            "sector": "zwqsector",
            "created_at": "2025-01-01",
        }
        for number, key in enumerate(ids)
    ]


def planted_rows(name: str) -> list[dict[str, Any]]:
    """Rows of, and about, people who refused: by their number, also with blanks, and in another letter case."""
    if "source_record_id" not in INPUTS[name]:
        return []
    # what names the row is told of a row that is rejected: else nobody could find it
    spared = (
        "source_system",
        "source_record_id",
        "currency",
        "purpose",
        "status",
        "country_code",
        "attribute",
        KEYS.get(name),
    )
    texts = {
        column: f"zwq text {column}"
        for column, (kind, _) in INPUTS[name].items()
        if kind == "string" and column not in spared
    }
    rows = []
    for owner in ("ZWQ-R1", "  ZWQ-R1\t", "zwq-r1", "ZWQ-ERASED", "zwq-r1@secret.example"):
        rows.append(row(name, **{**texts, "source_record_id": owner, "source_system": " SHOP"}))
        rows.append(
            row(
                name,
                **{
                    **texts,
                    "source_record_id": owner,
                    **({KEYS[name]: "zwq-r1@secret.example"} if name in KEYS else {}),
                },
            )
        )
    # a good row that tells of them
    about = dict.fromkeys(texts, "/account?mail=zwq-r1@secret.example&x=zwq-r1%40secret.example")
    if name not in ("consents", "erasure_requests", "customers"):
        rows.append(row(name, **{**about, **({KEYS[name]: "zwq-r1@secret.example"} if name in KEYS else {})}))
    return rows


def fill(connection: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]]) -> None:
    columns = list(INPUTS[name])
    quoted = ", ".join(f'"{column}" varchar' for column in columns)
    given = {
        column
        for (column,) in connection.execute(
            f"select column_name from duckdb_columns() where schema_name = 'raw' and table_name = '{name}'"
        ).fetchall()
    }
    if given:
        for column in set(columns) - given:
            connection.execute(f'alter table raw.{name} add column "{column}" varchar')
    else:
        connection.execute(f"create table raw.{name} ({quoted})")
    names = ", ".join(f'"{column}"' for column in columns)
    connection.executemany(
        f"insert into raw.{name} ({names}) values ({', '.join('?' * len(columns))})",
        [[each.get(column) for column in columns] for each in rows],
    )


REFERENCES = {
    "category_map": ["input", "field", "from_value", "to_value"],
    "event_taxonomy": ["source_name", "event_name", "category", "description"],
    "codebook": ["theme", "term", "language", "label_fr", "label_en"],
    "flows": ["input", "owner", "update_frequency", "allowed_age_days", "stop_age_days", "how_to_correct"],
    "business_ranges": ["input", "field", "minimum", "maximum", "share_allowed", "severity", "how_to_correct"],
    "credible_counts": ["level", "name", "minimum", "maximum", "severity", "how_to_correct"],
    "quality_limits": ["metric", "input", "field", "warn", "stop", "min_rows", "how_to_correct"],
    "population_margins": ["dimension", "category", "share"],
    "segment_overrides": ["target", "target_key", "field", "value", "author", "decided_on", "reason"],
}
REFERENCE_ROWS: dict[str, list[list[Any]]] = {
    "event_taxonomy": [
        ["a", "Page_View", "event_page_view", ""],
        ["b", "page_view ", "event_page_view", ""],
        ["c", "page_view", "event_other", ""],
    ],
    "flows": [["orders", "O'Neil", "daily", value, value, 'Ask "him"'] for value in ("2", "x", "inf", "1e300")],
    "business_ranges": [
        ["orders", "revenue", value, value, value, "warning", "do"] for value in ("1", "x", "inf", "nan")
    ],
    "credible_counts": [["customers", "*", value, value, "warning", "do"] for value in ("1", "x", "inf", "nan")],
    "quality_limits": [
        ["missing_share", "orders", "channel", value, value, value, "do"] for value in ("1", "x", "inf", "nan")
    ],
    "population_margins": [
        ["gender", category, share]
        for category in ("female", "male", "x")
        for share in ("0.5", "-1", "inf", "nan", "x", None)
    ],
    "segment_overrides": [
        *(
            ["segment", "seg_001", field, value, "O'Neil", day, 'for "fun"']
            for field in ("label_en", "merged_into", "approved", "x")
            for value in ("seg_001", "seg_002", "true", "'; drop table x; --", None)
            for day in ("2025-01-01", "2999-01-01", "x", None)
        ),
        ["customer", "nobody", "segment_key", "seg_001", "Ada", "2025-01-01", "because"],
    ],
    "codebook": [["price", "prix", "fr", "Prix", "Price"], ["price", "(.*", "fr", "Prix", "Price"]],
}


def write_hostile(folder: Path, repository: Path) -> Project:
    inputs = {f"seg_{name}_relation": f"raw.{name}" for name in INPUTS}
    references = {f"seg_{name}_relation": f"raw.ref_{name}" for name in REFERENCES}
    variables = {
        **CONSUMER_VARS,
        **inputs,
        **references,
        "seg_default_consent": None,
        "seg_timezone": "Europe/Paris",
        "seg_categories": ["bakery", "gar'den", 'qu"ote', "{{ x }} 1", 5],
        "seg_source_priority": ["shop'; drop table raw.orders; --", 'q"', 7],
    }
    project = write_consumer(folder, repository, {key: value for key, value in variables.items() if value is not None})
    with duckdb.connect(str(project.build)) as connection:
        for name in INPUTS:
            rows = hostile_rows(name) + planted_rows(name)
            if name == "customers":
                rows += planted_people()
            if name == "consents":
                granted = [{"source_system": "shop", "source_record_id": f"C{number:03}"} for number in range(1, 61)]
                granted += [
                    {"source_system": "shop", "source_record_id": f"H{number}"} for number in range(len(HOSTILE))
                ]
                granted += [{"source_system": "shop", "source_record_id": "ZWQ-ERASED"}]
                rows += [
                    {**who, "purpose": "profiling", "status": "granted", "recorded_at": "2025-01-01"} for who in granted
                ]
                rows += [
                    {
                        "source_system": "SHOP",
                        "source_record_id": f" ZWQ-S{number}",
                        "purpose": purpose,
                        "status": status,
                        "recorded_at": at,
                    }
                    for number, (purpose, status, at) in enumerate(NO_GRANT)
                ]
                rows += [
                    {
                        "source_system": "shop",
                        "source_record_id": "ZWQ-R1",
                        "purpose": "profiling",
                        "status": status,
                        "recorded_at": "2025-02-01",
                    }
                    for status in ("granted", "denied")
                ]
            if name == "erasure_requests":
                rows += [
                    {"request_id": f"E{n}", "source_system": "shop", "source_record_id": who, "requested_at": at}
                    for n, (who, at) in enumerate(
                        [("ZWQ-ERASED", "not a date"), ("zwq-unknown", "2025-01-01"), (None, None)]
                    )
                ]
            if name == "orders":
                # a copy of somebody else's order, and an order whose copy belongs to somebody who refused
                rows += [row(name, order_id="O00001", source_record_id="ZWQ-R1", ordered_at="2024-01-01")]
                rows += [
                    row(
                        name,
                        order_id="zwq-shared",
                        source_record_id="ZWQ-R1",
                        gross_amount="987654.3217",
                        channel="zwqchannel",
                    )
                ]
            if name == "order_lines":
                rows += [row(name, order_line_id="zwqline", order_id="zwq-shared", category="zwqcategory")]
                rows += [
                    row(name, order_line_id=f"zwqline{n}", order_id="zwq-r1@secret.example", category="zwqcategory")
                    for n in range(3)
                ]
            if name == "exchange_rates":
                rows += [
                    {"currency": "USD", "day": "2025-01-01", "rate": rate}
                    for rate in ("0.9", "0.9", "-1", "0", "inf", "1e300")
                ]
            fill(connection, name, rows)
        for name, columns in REFERENCES.items():
            connection.execute(f"create table raw.ref_{name} ({', '.join(f'{column} varchar' for column in columns)})")
            rows = [[value] * len(columns) for value in [*HOSTILE, None]] + REFERENCE_ROWS.get(name, [])
            connection.executemany(f"insert into raw.ref_{name} values ({', '.join('?' * len(columns))})", rows)
    return project


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    project = write_hostile(tmp_path_factory.mktemp("hostile") / "consumer", repository)
    project.make()
    return project


@pytest.fixture
def built(hostile: Project) -> Iterator[duckdb.DuckDBPyConnection]:
    key = hostile.folder / "key"
    key.write_text(HMAC_KEY, encoding="utf-8")
    with duckdb.connect(str(hostile.build), read_only=True) as connection:
        Plugin("seg", {"key_file": str(key)}).configure_connection(connection)
        yield connection


def test_every_row_of_every_input_has_a_fate(built: duckdb.DuckDBPyConnection) -> None:
    told = built.execute("select * from int_seg__input_reconciliation").df().set_index("input")
    assert set(told.index) == set(INPUTS)
    for name in INPUTS:
        (read,) = built.execute(f"select count(*) from raw.{name}").fetchone() or (None,)
        assert told.loc[name, "rows_read"] == read
        assert told.loc[name, ["rows_used", "rows_rejected", "rows_later", "rows_withheld"]].sum() == read, name


def test_only_who_granted_is_a_customer_whatever_the_ledger_holds(built: duckdb.DuckDBPyConnection) -> None:
    records = {
        record for (record,) in built.execute("select source_record_id from int_seg__customer_records").fetchall()
    }
    granted = {f"C{number:03}" for number in range(1, 61)} | {f"H{number}" for number in range(len(HOSTILE))}
    assert granted <= records
    # a record that is a copy of one that was granted in all its fields is the same person
    assert records - granted <= set(HOSTILE)


def test_no_table_or_view_tells_of_who_refused(built: duckdb.DuckDBPyConnection) -> None:
    ids = [each["source_record_id"] for each in planted_people()] + ["zwq-r1", "zwq-unknown", "zwq-nobody"]
    built.execute("create temp table needles (needle varchar)")
    built.executemany("insert into needles values (?)", [[pseudonym("shop", each)] for each in ids])
    columns = built.execute(
        "select table_name, column_name from duckdb_columns() "
        "where schema_name like 'main%' and database_name = current_database()"
    ).fetchall()
    found = []
    for table in sorted(
        {
            table
            for table, _ in columns
            if not table.startswith("stg_seg__") and not table.endswith("_seg__suppressed_records")
        }
    ):
        texts = ", ".join(f'cast("{column}" as varchar)' for each, column in columns if each == table)
        hits = built.execute(
            f"""select distinct left(text, 60) from (select unnest([{texts}]) as text from "{table}")
            where text in (select needle from needles) or lower(text) like '%{PLANTED}%' or text like '%987654.32%'
            or regexp_matches(text, '[a-z0-9]@[a-z0-9-]+[.]') limit 3"""
        ).fetchall()
        found += [(table, hit) for (hit,) in hits]
    assert not found


def test_no_file_that_dbt_wrote_tells_of_who_refused(hostile: Project) -> None:
    files = [file for folder in ("target", "logs") for file in (hostile.folder / folder).rglob("*") if file.is_file()]
    assert len(files) > 100
    assert not [file for file in files if b"zwq" in file.read_bytes().lower()]


def test_texts_are_kept_as_they_came(built: duckdb.DuckDBPyConnection) -> None:
    pages = {
        page
        for (page,) in built.execute("select page from int_seg__checked_events where row_status = 'used'").fetchall()
    }
    assert {value.strip() for value in HOSTILE} - {""} <= pages


def test_nothing_that_no_calendar_or_purse_can_hold_is_used(built: duckdb.DuckDBPyConnection) -> None:
    used = "where row_status = 'used'"
    (day,) = built.execute(f"select max(order_day) from int_seg__checked_orders {used}").fetchone() or (None,)
    assert str(day) < "2027"
    rates = built.execute(
        f"select rate from int_seg__checked_exchange_rates {used} and currency = 'USD' and day = '2025-01-01'"
    ).fetchall()
    assert rates == [(0.9,)]
    (events, distinct) = built.execute("select count(*), count(distinct event_id) from int_seg__events").fetchone() or (
        0,
        1,
    )
    assert events == distinct  # an edited taxonomy with a name twice doubles none


def test_a_second_build_changes_nothing(hostile: Project) -> None:
    names = hostile.query(
        "select table_name from duckdb_tables() where schema_name = 'main' and table_name not like 'seg_%'"
    )["table_name"]
    before = hostile.fingerprints(*names)
    hostile.make()
    assert len(before) > 80
    after = hostile.fingerprints(*names)
    assert {name for name in names if after[name] != before[name]} <= SECOND_RUN | BUILT_BY_A_RUN
