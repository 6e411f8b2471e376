"""What features cost: a full build and the run of the next day, beside one group by: `make bench-features`.

Judged rows of orders, order lines and events are made in DuckDB; dbt builds everything in models/changes and
models/features from them. The same features are then built in pandas from a tenth of the rows, and must be equal.
Everything is written to a temporary directory.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import features_in_pandas
import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[1]
LAST_DAY = date(2025, 12, 31)
DAYS = 730
WINDOW = 180
ROWS_PER_CUSTOMER = 50
LINES_PER_ORDER = 4
EVENTS_PER_VISIT = 6
CATEGORIES = 12
STEPS = (
    *("event_page_view", "event_page_view", "event_view_item", "event_view_item", "event_search"),
    *("event_add_to_cart", "event_begin_checkout", "event_purchase", "event_login", "event_view_cart"),
)
INPUTS = {
    "customers": "source_system varchar, source_record_id varchar, created_at timestamp",
    "orders": "order_id varchar, source_system varchar, source_record_id varchar, ordered_at timestamp, "
    "channel varchar, gross_amount decimal(18, 4), discount_amount decimal(18, 4), refund_amount decimal(18, 4)",
    "order_lines": "order_line_id varchar, order_id varchar, category varchar, quantity double, "
    "line_amount decimal(18, 4)",
    "events": "event_id varchar, occurred_at timestamp, event_name varchar, source_system varchar, "
    "source_record_id varchar, device varchar",
}
VARIABLES = {
    **{f"seg_{name}_relation": f"raw.{name}" for name in INPUTS},
    "seg_default_consent": "granted",
    "seg_identity_rules": "exact",
    "seg_snapshot_period": "month",
    "seg_snapshot_count": 12,
    "seg_window_days": WINDOW,
}


def main() -> int:
    """Build at each size and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--millions", type=float, nargs="+", default=[1, 5, 20, 50], help="order lines and events together"
    )
    parser.add_argument("--memory", default="6GB", help="memory_limit of DuckDB")
    parser.add_argument(
        "--pandas", action=argparse.BooleanOptionalAction, default=True, help="compare a tenth of the rows with pandas"
    )
    parser.add_argument("--models", action="store_true", help="print what each model took")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, {os.cpu_count()} cores, {date.today()}\n")
    print(
        "| million rows | customers | group by | full build | ratio | CPU ratio | next day | of full build | peak GB |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for millions in options.millions:
        with tempfile.TemporaryDirectory(prefix="dbt_segmentation_bench_") as directory:
            bench = Bench(Path(directory), options.memory)
            bench.prepare(int(millions * 1e6))
            reference, full = bench.reference(), bench.run()
            bench.add_day()
            following = bench.run()
            print(
                f"| {millions:g} | {bench.customers:,} | {reference.wall:.1f} s | {full.wall:.1f} s "
                f"| {full.wall / reference.wall:.1f} | {full.cpu / reference.cpu:.1f} | {following.wall:.1f} s "
                f"| {following.wall / full.wall:.0%} | {max(full.peak, following.peak):.1f} |",
                flush=True,
            )
            if options.models:
                print_models(full, following)
    if options.pandas:
        print("\n| million rows | features x rows | SQL | pandas | pandas / SQL |\n|---:|---:|---:|---:|---:|")
        for millions in options.millions:
            compare_with_pandas(int(millions * 1e5), options.memory)
    return 0


def compare_with_pandas(rows: int, memory: str) -> None:
    """Build the same features in SQL and in pandas and print what each took; the program ends where a value differs."""
    with tempfile.TemporaryDirectory(prefix="dbt_segmentation_bench_") as directory:
        bench = Bench(Path(directory), memory)
        bench.prepare(rows)
        in_sql = bench.run()
        start = time.perf_counter()
        built = bench.in_pandas()
        seconds = time.perf_counter() - start
        bench.check(built)
        print(
            f"| {rows / 1e6:g} | {built.shape[1]} x {len(built):,} | {in_sql.wall:.1f} s | {seconds:.1f} s "
            f"| {seconds / in_sql.wall:.1f} |",
            flush=True,
        )


@dataclass(frozen=True)
class Cost:
    """What something took: seconds of wall and processor time, gigabytes at the peak."""

    wall: float
    cpu: float
    peak: float
    models: dict[str, float]


class Bench:
    """A copy of this project's settings in a folder of its own, with generated rows."""

    def __init__(self, folder: Path, memory: str) -> None:
        self.folder, self.memory = folder, memory
        self.file = folder / "bench.duckdb"
        self.customers = 0

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open the build file with the limits that dbt has."""
        return duckdb.connect(str(self.file), config={"threads": 2, "memory_limit": self.memory})

    def prepare(self, rows: int) -> None:
        """Make every table that features read, empty, by dbt; then fill customers, orders, lines and events."""
        self.customers = rows // ROWS_PER_CUSTOMER
        with self.connect() as connection:
            connection.execute("create schema raw")
            for name, columns in INPUTS.items():
                connection.execute(f"create table raw.{name} ({columns})")
        self.dbt("seed", "--select", "path:seeds/reference")
        self.dbt("run", "--empty", "--select", "+path:models/features", "+path:models/changes")
        with self.connect() as connection:
            for name in ("run", "customers", "orders", "order_lines", "events"):
                relation = f"int_seg__{name}"
                connection.execute(f"create table {relation}_rows as from {relation} limit 0")
                kind = connection.execute(
                    "select table_type from information_schema.tables where table_name = ?", [relation]
                ).fetchall()[0][0]
                connection.execute(f"drop {'view' if kind == 'VIEW' else 'table'} {relation}")
                connection.execute(f"alter table {relation}_rows rename to {relation}")
            connection.execute("create macro u(i, salt) as (hash(i * 64 + salt) >> 11) / 9007199254740992.0")
            connection.execute(
                "insert into int_seg__run by name select 'r' as run_id, ?::date as as_of_date", [LAST_DAY]
            )
            connection.execute(
                "insert into int_seg__customers by name select md5('c' || i) as customer_id, "
                f"date '2023-01-01' + cast(u(i, 1) * 1000 as integer) as created_date from range({self.customers}) t(i)"
            )
            self._add_rows(connection, 0, rows // 10, "{last} - cast(floor({days} * u(i, 4)) as integer)")

    def add_day(self) -> None:
        """Add a day with as many rows as the days before have."""
        with self.connect() as connection:
            number = connection.execute("select count(*) from int_seg__orders").fetchone()
            assert number is not None
            self._add_rows(connection, number[0], number[0] + number[0] // DAYS, "{last} + 1")
            connection.execute("update int_seg__run set as_of_date = as_of_date + 1")

    def _add_rows(self, connection: duckdb.DuckDBPyConnection, first: int, end: int, day: str) -> None:
        """Add orders with their lines and visits with their events, numbered from `first`; few customers have many."""
        day = day.format(last=f"date '{LAST_DAY}'", days=DAYS)
        owner = f"md5('c' || cast(floor({self.customers} * u(i, {{0}}) * u(i, {{1}})) as bigint))"
        connection.execute(f"""
            create or replace temp table new_orders as
            with drawn as (
                select i, {day} as day, round(10 + 200 * u(i, 5) * u(i, 6), 2) as gross from range({first}, {end}) t(i)
            )
            select
                'o' || i as order_id, {owner.format(2, 3)} as customer_id, day as order_day,
                day::timestamp + to_seconds(cast(86399 * u(i, 7) as bigint)) as ordered_local,
                case when u(i, 8) < 0.6 then 'web' else 'store' end as channel, 's' || (i % 50) as store_id,
                u(i, 9) < 0.1 as coupon_used, gross::decimal(18, 4) as gross_amount,
                (case when u(i, 10) < 0.2 then round(gross * 0.1, 2) else 0 end)::decimal(18, 4) as discount_amount,
                (case when u(i, 11) < 0.05 then round(gross * 0.5, 2) else 0 end)::decimal(18, 4) as refund_amount,
                'completed' as status,
                (gross_amount - discount_amount - refund_amount)::decimal(18, 4) as revenue
            from drawn order by day, i
        """)
        connection.execute("insert into int_seg__orders by name from new_orders")
        connection.execute(f"""
            insert into int_seg__order_lines by name
            select
                order_id || '-' || j as order_line_id, order_id, customer_id, order_day,
                'p' || hash(order_id || j) % 5000 as product_id,
                'category ' || hash(order_id || j) % {CATEGORIES} as category,
                case when hash(order_id || j) % 3 = 0 then 'private' else 'national' end as brand_type,
                (1 + hash(order_id || j) % 3)::double as quantity,
                (gross_amount / {LINES_PER_ORDER})::decimal(18, 4) as line_amount, 0 as discount_amount
            from new_orders, range({LINES_PER_ORDER}) t(j)
        """)
        connection.execute(f"""
            insert into int_seg__events by name
            with drawn as (
                select
                    i, {owner.format(22, 23)} as customer_id, {day} as day, cast(86000 * u(i, 25) as bigint) as second,
                    (['desktop', 'mobile', 'tablet'])[1 + cast(floor(3 * u(i, 26)) as integer)] as device
                from range({first}, {end}) t(i)
            )
            select
                'e' || i || '-' || j as event_id, customer_id, day as occurred_day, day as known_day,
                -- one visit in ten has a long pause
                day::timestamp + to_seconds(
                    least(86399, second + j * 60 * (1 + cast(2 * u(i * 8 + j, 27) as integer))
                    + case when j > 2 and u(i, 29) < 0.1 then 3600 else 0 end)
                ) as occurred_at,
                occurred_at as occurred_local, device,
                ({list(STEPS)})[1 + cast(floor({len(STEPS)} * u(i * 8 + j, 28)) as integer)] as event_name
            from drawn, range({EVENTS_PER_VISIT}) t(j) order by day, i, j
        """)

    def reference(self) -> Cost:
        """One group by of customer and day over order lines and events, into a table."""
        with self.connect() as connection:
            start, processor = time.perf_counter(), time.process_time()
            connection.execute("""
                create table by_day as
                select customer_id, day, count(*) as row_count, sum(amount) as amount
                from (
                    select customer_id, order_day as day, line_amount as amount from int_seg__order_lines
                    union all
                    select customer_id, occurred_day as day, 0 as amount from int_seg__events
                )
                group by customer_id, day
            """)
            cost = Cost(time.perf_counter() - start, time.process_time() - processor, 0, {})
            connection.execute("drop table by_day")
        return cost

    def in_pandas(self) -> pd.DataFrame:
        """Read the rows and build the features in pandas."""
        columns = {
            "customers": ("customer_id, created_date", ""),
            "orders": (
                "order_id, customer_id, order_day, ordered_local, channel, status, coupon_used",
                "gross_amount, discount_amount, refund_amount, revenue",
            ),
            "order_lines": ("order_id, customer_id, order_day, category, brand_type, quantity", "line_amount"),
            "events": (
                "event_id, customer_id, occurred_day, occurred_at, occurred_local, device, event_name",
                "",
            ),
        }
        with self.connect() as connection:
            # pandas has no decimals that are quick
            tables = [
                connection.execute(
                    f"select {plain}{''.join(f', {name}::double as {name}' for name in amounts.split(', ') if name)} "
                    f"from int_seg__{table}"
                ).df()
                for table, (plain, amounts) in columns.items()
            ]
            days = connection.execute("select snapshot_date from int_seg__snapshots order by 1").fetchall()
        return features_in_pandas.features(*tables, [day for (day,) in days], WINDOW)

    def check(self, built: pd.DataFrame) -> None:
        """End the program unless both ways have the same features, all that SQL has a value of, and the same values."""
        with self.connect() as connection:
            told = connection.execute(
                "select * exclude (is_as_of, is_window_complete) from int_seg__customer_features"
            ).df()
        told["snapshot_date"] = told["snapshot_date"].dt.date
        told = told.set_index(["customer_id", "snapshot_date"]).dropna(axis=1, how="all").sort_index()
        built = built.sort_index()
        if not told.index.equals(built.index) or set(told) != set(built):
            sys.exit(f"pandas has other rows or features: {sorted(set(told) ^ set(built))}")
        for name, column in told.items():
            other = built[name]
            if pd.api.types.is_numeric_dtype(column):
                same = np.isclose(column, other.astype(float), rtol=1e-6, atol=1e-5, equal_nan=True)
            else:
                same = (column == other) | (column.isna() & other.isna())
            if not np.all(same):
                sys.exit(f"{name} differs in {np.sum(~same):,} rows of {len(told):,}")

    def run(self) -> Cost:
        """Build what has changed. The seconds are those of the models, without dbt's own start."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        peak = self.dbt("run", "--select", "path:models/features", "path:models/changes")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        results = json.loads((self.folder / "target" / "run_results.json").read_text())["results"]
        times = [
            (timing["started_at"], timing["completed_at"])
            for result in results
            for timing in result["timing"]
            if timing["name"] == "execute"
        ]
        wall = pd.Timestamp(max(end for _, end in times)) - pd.Timestamp(min(start for start, _ in times))
        models = {result["unique_id"].split(".")[-1]: result["execution_time"] for result in results}
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Cost(wall.total_seconds(), cpu, peak, models)

    def dbt(self, *arguments: str) -> float:
        """Run dbt on this project with the bench's settings; give its peak memory in gigabytes."""
        profile = {
            "dbt_segmentation": {
                "target": "bench",
                "outputs": {
                    "bench": {
                        "type": "duckdb",
                        "path": str(self.file),
                        "threads": 2,
                        "settings": {"memory_limit": self.memory, "threads": 2},
                        "plugins": [{"module": "dbt_segmentation.duckdb_plugin", "config": {"demo_key": True}}],
                    }
                },
            }
        }
        (self.folder / "profiles.yml").write_text(json.dumps(profile))
        command = [
            *(str(Path(sys.executable).with_name("dbt")), *arguments, "--profiles-dir", str(self.folder)),
            *("--vars", json.dumps(VARIABLES), "--target-path", str(self.folder / "target")),
            *("--log-path", str(self.folder / "logs"), "--no-use-colors"),
        ]
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "DO_NOT_TRACK": "1"}
        )
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(said[-4000:])
        return usage.ru_maxrss / 1e6


def print_models(*runs: Cost) -> None:
    """Print what each model took in each run, slowest first."""
    for name in sorted(runs[0].models, key=lambda name: -runs[0].models[name]):
        print(f"  {name:40s} " + " ".join(f"{run.models.get(name, 0):7.2f}" for run in runs))


if __name__ == "__main__":
    sys.exit(main())
