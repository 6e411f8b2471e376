"""Month after month on the demo: which segments are told, who moves, and what the planted changes do to them.

A run as of each month's end, on what had happened by then; seeds/demo/README.md says what is planted. Prints Markdown
tables. Everything is written to a temporary directory.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from dbt_segmentation.duckdb_plugin import Plugin

ROOT = Path(__file__).parents[1]
TRUTH = ROOT / "tests" / "fixtures" / "truth"
# what the personas differ in: what they buy, how and when
FEATURES = (
    *(f"share_{name}" for name in ("children", "fragrance", "garden", "grocery", "linen", "skincare", "tableware")),
    *("store_order_share", "evening_share", "discount_share", "average_order_value"),
)


def main() -> int:
    """Run every month and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", default="2025-06-30", help="end of the first month")
    parser.add_argument("--last", default="2026-06-30", help="end of the last month")
    parser.add_argument(
        "--refit", choices=("auto", "always"), default="always", help="whether every month fits a model"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dbt_segmentation_bench_") as directory:
        build = run(Path(directory), options.first, options.last, options.refit)
        with duckdb.connect(str(build), read_only=True) as connection:
            Plugin("seg", {"demo_key": True}).configure_connection(connection)
            print_events(connection)
            print_stays(connection)
            print_personas(connection)
    return 0


def run(directory: Path, first: str, last: str, refit: str) -> Path:
    """Run as of each month's end and give the build file."""
    settings = {
        "seg_publish_dir": str(directory / "published"),
        "seg_reports_dir": str(directory / "reports"),
        "seg_refit": refit,
        "seg_evidently": False,
        "seg_clustering_features": list(FEATURES),
    }
    command = [sys.executable, "-m", "dbt_segmentation.cli", "run", "--as-of", first, "--until", last]
    build = directory / "segmentation.duckdb"
    environment = {**os.environ, "SEG_DUCKDB_PATH": str(build), "DBT_TARGET_PATH": str(directory / "target")}
    environment["DBT_LOG_PATH"] = str(directory / "logs")
    done = subprocess.run([*command, "--vars", json.dumps(settings)], cwd=ROOT, env=environment, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    return build


def print_events(connection: duckdb.DuckDBPyConnection) -> None:
    """Tell what became of each segment at each fit, and whether the model was promoted."""
    told = connection.sql("""
        select fitted_as_of_date, verdict, segment_key, event, related_segment_keys, customers_at_fit
        from fct_seg__segment_events where level = 'segment' order by fitted_as_of_date, segment_key
    """).df()
    print(f"\n{date.today()}\n\n| fitted as of | verdict | segments | kept their key | otherwise |")
    print("|---|---|---:|---:|---|")
    for (day, verdict), own in told.groupby(["fitted_as_of_date", "verdict"]):
        kept = own[own["event"].isin(["survived", "merged"]) & (own["customers_at_fit"] > 0)]
        other = own[own["event"] != "survived"]
        events = ", ".join(f"{row.segment_key} {row.event}" for row in other.itertuples())
        print(f"| {day:%Y-%m-%d} | {verdict} | {(own['customers_at_fit'] > 0).sum()} | {len(kept)} | {events} |")


def print_stays(connection: duckdb.DuckDBPyConnection) -> None:
    """Tell which share of each persona is in the same segment as the month before."""
    moves = _memberships(connection)
    moves["before"] = moves.groupby("customer_id")["segment_key"].shift()
    moves = moves.dropna(subset=["before"])
    moves["stays"] = moves["before"] == moves["segment_key"]
    table = moves.pivot_table(index="persona", columns="snapshot_date", values="stays", aggfunc="mean")
    print(f"\n| share that stays | {' | '.join(f'{day:%y-%m}' for day in table.columns)} |")
    print(f"|---|{'---:|' * table.shape[1]}")
    for persona, shares in table.iterrows():
        print(f"| {persona} | {' | '.join(f'{share:.2f}' for share in shares)} |")


def print_personas(connection: duckdb.DuckDBPyConnection) -> None:
    """Tell in which segments each persona was at the first and at the last month."""
    memberships = _memberships(connection)
    for day in (memberships["snapshot_date"].min(), memberships["snapshot_date"].max()):
        own = memberships[memberships["snapshot_date"] == day]
        table = pd.crosstab(own["persona"], own["segment_key"])
        print(f"\n| {day:%Y-%m-%d} | {' | '.join(table.columns)} |\n|---|{'---:|' * table.shape[1]}")
        for persona, counts in table.iterrows():
            print(f"| {persona} | {' | '.join(str(count) for count in counts)} |")


def _memberships(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Segment and persona of everybody whose record is told, at each month's end."""
    records = pd.read_csv(TRUTH / "records.csv", dtype=str)
    people = pd.read_csv(TRUTH / "people.csv", dtype=str)
    personas = records.merge(people[["person_id", "persona"]], on="person_id")  # noqa: F841 - read by the query
    return connection.sql("""
        select distinct on (m.customer_id, m.snapshot_date) m.customer_id, m.snapshot_date, m.segment_key, p.persona
        from int_seg__segment_memberships as m
        join fct_seg__customer_records as r using (customer_id)
        join personas as p using (source_system, source_record_id)
        where not m.is_provisional or m.snapshot_date = (select max(snapshot_date) from int_seg__segment_memberships)
        order by m.customer_id, m.snapshot_date
    """).df()


if __name__ == "__main__":
    sys.exit(main())
