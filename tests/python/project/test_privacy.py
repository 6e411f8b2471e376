"""Nobody who may not be profiled is anywhere, and the key is nowhere: in no table, view, artefact or log."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest
from helpers.projects import HMAC_KEY, Project, pseudonym

from dbt_segmentation.pseudonyms import DEMO_KEY

TRUTH = Path(__file__).resolve().parents[2] / "fixtures" / "truth"
# What the people who may not be profiled are called, and nobody else.
PLANTED_NAME = "zwq"
SPARED = ("int_seg__suppressed_records", "ml_seg__suppressed_records")
SPARED_PREFIXES = ("stg_seg__", "seg_demo_")


@pytest.fixture(scope="module")
def withheld() -> pd.DataFrame:
    """Records of the people who may not be profiled."""
    records = pd.read_csv(TRUTH / "records.csv", dtype=str).merge(
        pd.read_csv(TRUTH / "consent.csv", dtype=str), "left", "person_id"
    )
    records = records[records["is_allowed"] != "true"].copy()
    records["record_key"] = [
        pseudonym(system, record, DEMO_KEY)
        for system, record in zip(records["source_system"], records["source_record_id"], strict=True)
    ]
    assert len(records) > 300
    return records


def columns_to_scan(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    columns = connection.execute(
        "select table_schema, table_name, column_name from information_schema.columns "
        "where table_catalog = current_database()"
    ).df()
    spared = columns["table_name"].isin(SPARED) | columns["table_name"].str.startswith(SPARED_PREFIXES)
    assert columns[~spared]["table_name"].nunique() > 70
    return columns[~spared]


def test_the_people_who_may_not_be_profiled_are_those_of_the_truth(
    demo_connection: duckdb.DuckDBPyConnection, withheld: pd.DataFrame
) -> None:
    suppressed = {
        key for (key,) in demo_connection.execute("select record_key from int_seg__suppressed_records").fetchall()
    }
    assert suppressed >= set(withheld["record_key"])
    assert len(suppressed) <= 1.05 * len(withheld)


def test_no_table_and_no_view_holds_anything_of_them(
    demo_connection: duckdb.DuckDBPyConnection, withheld: pd.DataFrame
) -> None:
    demo_connection.register(
        "needles", pd.DataFrame({"needle": [*withheld["record_key"], *withheld["source_record_id"]]})
    )
    found = {}
    for (schema, table), columns in columns_to_scan(demo_connection).groupby(["table_schema", "table_name"])[
        "column_name"
    ]:
        texts = ", ".join(f'cast("{column}" as varchar)' for column in columns)
        hits = demo_connection.execute(
            f"""select distinct text from (select unnest([{texts}]) as text from "{schema}"."{table}")
            where text in (select needle from needles) or lower(text) like '%{PLANTED_NAME}%' limit 3"""
        ).fetchall()
        if hits:
            found[table] = hits
    assert not found


def test_the_search_would_find_them(demo_connection: duckdb.DuckDBPyConnection, withheld: pd.DataFrame) -> None:
    """The same needles are there where they may be: else the test above could not fail."""
    hits = demo_connection.execute(
        f"select count(*) from seg_demo_customers where lower(last_name) like '%{PLANTED_NAME}%'"
    ).fetchone()
    assert hits is not None
    assert hits[0] > 100
    ids = demo_connection.execute("select source_record_id from seg_demo_customers").df()["source_record_id"]
    assert withheld["source_record_id"].isin(ids).all()


def test_no_name_or_mail_of_anybody_is_stored(demo_connection: duckdb.DuckDBPyConnection) -> None:
    """E-mails and phones of people who may be profiled are read in views, and stored in no table."""
    tables = demo_connection.execute(
        "select table_name from information_schema.tables "
        "where table_type = 'BASE TABLE' and table_catalog = current_database()"
    ).df()["table_name"]
    columns = columns_to_scan(demo_connection)
    found = []
    for schema, table, column in columns[columns["table_name"].isin(tables)].itertuples(index=False):
        hits = demo_connection.execute(
            f"""select count(*) from "{schema}"."{table}"
            where regexp_matches(cast("{column}" as varchar), '[a-z0-9.]+@[a-z0-9-]+[.]')"""
        ).fetchone()
        if hits and hits[0]:
            found.append(f"{table}.{column}: {hits[0]}")
    assert not found


def written_by(project: Project) -> list[Path]:
    folders = [project.folder / name for name in ("target", "logs", "published", "reports/out")]
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    assert len(files) > 100
    return files


def test_no_artefact_or_log_holds_them(demo: Project) -> None:
    assert not [file for file in written_by(demo) if PLANTED_NAME.encode() in file.read_bytes().lower()]


def test_no_artefact_log_or_published_file_holds_the_key(published_consumer: Project) -> None:
    files = [*written_by(published_consumer), published_consumer.build]
    for needle in (HMAC_KEY.encode(), HMAC_KEY.encode().hex().encode()):
        assert not [file for file in files if needle in file.read_bytes()]
