"""The example end to end: a year of real purchases, as `make demo` runs it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from helpers.browser import check_report, complaints, open_page, outside_requests
from helpers.projects import MARTS, STATE, Project


def test_totals_reconcile_with_the_source(journey: Project) -> None:
    reconciled = journey.table("int_seg__input_reconciliation").set_index("input")
    assert reconciled.loc["customers", "rows_used"] == 2469
    assert reconciled.loc["orders", "rows_used"] == 155_848
    assert reconciled.loc["order_lines", "rows_read"] == 1_469_307
    rejected = journey.query("select count(*) as n from fct_seg__rejected_rows where input = 'order_lines'")["n"].iloc[
        0
    ]
    assert reconciled.loc["order_lines", "rows_used"] + rejected == 1_469_307
    sales = journey.query("select sum(revenue)::varchar as sales from int_seg__orders")["sales"].iloc[0]
    assert float(sales) == 4_596_039.58
    lines = journey.query("select sum(line_amount)::varchar as sales from int_seg__order_lines")["sales"].iloc[0]
    assert float(lines) == 4_596_039.58


def test_the_last_three_lines_say_where_things_are(journey: Project) -> None:
    lines = (journey.folder / "run.log").read_text(encoding="utf-8").splitlines()[-3:]
    assert [line.split(": ")[0] for line in lines] == ["report", "marts", "parquet"]
    paths = [Path(line.split(": ", 1)[1]) for line in lines]
    assert paths[0].name == "index.html"
    assert paths[0].is_file()
    assert paths[1].is_file()
    assert paths[2].is_dir()


def test_what_is_published_is_what_was_built(journey: Project) -> None:
    published = journey.folder / "published"
    manifest = json.loads((published / "manifest.json").read_text(encoding="utf-8"))
    with duckdb.connect(str(published / "marts.duckdb"), read_only=True) as connection:
        tables = {row[0] for row in connection.execute("show tables").fetchall()}
        assert set(MARTS) <= tables
        for mart in MARTS:
            rows = connection.execute(f"select count(*) from {mart}").fetchone()
            parquet = connection.execute(
                f"select count(*) from read_parquet('{published / 'parquet' / mart}.parquet')"
            ).fetchone()
            built = journey.query(f"select count(*) as n from {mart}")["n"].iloc[0]
            assert rows[0] == parquet[0] == built
    assert manifest["run_id"] == journey.table("int_seg__run")["run_id"].iloc[0]
    # what is remembered, and what identifies a person in the shop's own systems, is not for readers
    assert not {table for table in tables if table.startswith(("int_seg__", "ml_seg__", "stg_"))}


def test_ten_month_ends_have_features_and_segments(journey: Project) -> None:
    snapshots = journey.query("select distinct snapshot_date::varchar as day from fct_seg__segment_kpis order by day")
    assert len(snapshots) == 10
    assert snapshots["day"].iloc[-1] == "2017-12-31"
    smallest = journey.query("select min(customers_at_fit) as n from dim_seg__segments where status = 'active'")
    assert smallest["n"].iloc[0] >= 50


def test_another_build_on_one_thread_changes_nothing(journey: Project, tmp_path: Path) -> None:
    before = journey.fingerprints(*MARTS, *STATE)
    # in a copy of the build file, because the project is shared; of the same name, which is the database's name
    copy = tmp_path / journey.build.name
    shutil.copyfile(journey.build, copy)
    again = Project(journey.folder, copy, {"SEG_DUCKDB_PATH": str(copy)})

    places = ("--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs"))
    again.make("--threads", "1", *places, env={"SEG_DUCKDB_THREADS": "1", "PYTHONHASHSEED": "1"})

    assert again.fingerprints(*MARTS, *STATE) == before


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_the_report_draws_and_asks_nobody(browser: Any, journey: Project, width: int) -> None:
    check_report(browser, journey.folder / "reports" / "out" / "index.html", width)


@pytest.mark.browser
def test_every_evidently_page_opens_and_asks_nobody(browser: Any, journey: Project) -> None:
    pages = sorted((journey.folder / "reports" / "out" / "evidently").glob("*.html"))
    assert len(pages) == 10
    for page in (pages[0], pages[-1]):
        open_page(browser, page, 1200)
        assert complaints(browser) == []
        assert outside_requests(browser) == []
