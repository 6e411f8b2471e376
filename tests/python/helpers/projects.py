"""A dbt project in a temporary folder, and how to make one."""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import yaml

from dbt_segmentation.duckdb_plugin import Plugin
from helpers import forked

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent
SAMPLE = ROOT / "tests" / "fixtures" / "sample"
TRUTH = ROOT / "tests" / "fixtures" / "truth"
DEMO = ROOT / "seeds" / "demo"
SETTINGS = ("dbt_project.yml", "profiles.yml")
MARTS = (
    "dim_seg__customers",
    "dim_seg__segments",
    "fct_seg__customer_records",
    "fct_seg__record_links",
    "fct_seg__identity_changes",
    "fct_seg__segment_overrides",
    "fct_seg__customer_segments",
    "fct_seg__segment_history",
    "fct_seg__segment_transitions",
    "fct_seg__segment_tree",
    "fct_seg__segment_events",
    "fct_seg__segment_lineage",
    "fct_seg__segment_share_drift",
    "fct_seg__backfill_differences",
    "fct_seg__segment_profiles",
    "fct_seg__segment_kpis",
    "fct_seg__model_runs",
    "fct_seg__model_candidates",
    "fct_seg__model_comparison",
    "fct_seg__segment_drift",
    "fct_seg__rejected_rows",
    "fct_seg__data_quality",
    "fct_seg__alerts",
)
STATE = (
    "int_seg__identity_history",
    "ml_seg__model_parameters",
    "int_seg__refit_decisions",
    "int_seg__promotions",
    "int_seg__segment_memberships",
    "int_seg__membership_losses",
    "int_seg__retold_memberships",
    "int_seg__share_changes",
    "int_seg__check_history",
)
HMAC_KEY = "a key that only tests know: 0123456789abcdef"
# What a second run tells otherwise than the first: that the model is there already, and that the day was told.
SECOND_RUN = {"int_seg__run", "int_seg__fit_key", "int_seg__refit_decision", "ml_seg__fitted_parameters"}
# What holds only what a run built: a second run builds nothing. What is kept of it must stay the same.
BUILT_BY_A_RUN = {
    "int_seg__feature_build",
    "int_seg__day_digests",
    "int_seg__changed_days",
    "int_seg__changed_customers",
    "int_seg__reopened_snapshots",
    "int_seg__ranked_snapshots",
    "int_seg__snapshots_to_build",
    "int_seg__snapshots_in_hand",
    "int_seg__customer_snapshots",
    "int_seg__customer_order_gaps",
    "int_seg__customer_channel_steps",
    "int_seg__session_days_told_again",
}
# Seeds and models without the data tests and unit tests, which the sample's own build runs.
UNTESTED = ("build", "--exclude-resource-type=test", "--exclude-resource-type=unit_test")
# What may differ from run to run: who wrote a row, and when.
STAMPS = ("run_id", "registered_at")

# The processes of `Project.steps`, by project folder. Each keeps a parsed project in memory until `end_workers`.
WORKERS: dict[Path, forked.Steps] = {}


def end_workers() -> None:
    """End the processes that `Project.steps` keeps."""
    for worker in WORKERS.values():
        worker.end()
    WORKERS.clear()


@dataclass
class Project:
    """A dbt project in a folder, with the commands that people run in it."""

    folder: Path
    build: Path
    env: dict[str, str] = field(default_factory=dict)
    catalog: str = ""  # of the file that views were made in, where this is a copy of another name

    def run(self, *command: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command in the project's folder and give what it printed."""
        defaults = {"DO_NOT_TRACK": "1", "NO_COLOR": "1", "COLUMNS": "200"}
        environment = {**os.environ, **defaults, **self.env, **(env or {})}
        if "PYTHONHASHSEED" in environment:  # an interpreter takes it when it starts
            return subprocess.run(
                [str(BIN / command[0]), *command[1:]],
                cwd=self.folder,
                env=environment,
                capture_output=True,
                text=True,
                timeout=600,
                check=False,
            )
        return forked.run(command, self.folder, environment, timeout=600)

    def dbt(self, *arguments: str, env: dict[str, str] | None = None) -> str:
        """Run dbt, which must succeed."""
        result = self.run("dbt", "--no-use-colors", *arguments, env=env)
        assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
        return result.stdout

    def make(self, *arguments: str, env: dict[str, str] | None = None) -> None:
        """Build seeds and models without the data tests, which the sample's own build runs."""
        arguments = (*UNTESTED, *arguments)
        if env:
            self.dbt(*arguments, env=env)
        else:
            self.steps([{"arguments": arguments}])

    def table(self, name: str) -> pd.DataFrame:
        """Read a table of the build file."""
        return self.query(f"select * from {name}")

    def query(self, sql: str) -> pd.DataFrame:
        """Read from the build file."""
        with self._reading() as connection:
            return connection.execute(sql).df()

    @contextmanager
    def _reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the build file under the name that its views know."""
        catalog = self.catalog or self.build.stem
        with duckdb.connect() as connection:
            connection.execute(f"attach '{self.build}' as \"{catalog}\" (read_only)")
            connection.execute(f'use "{catalog}"')
            yield connection

    def execute(self, *statements: str) -> None:
        """Write to the build file."""
        with duckdb.connect(str(self.build)) as connection:
            for statement in statements:
                connection.execute(statement)

    def fingerprint(self, name: str) -> tuple[int, str]:
        """Give the number of rows of a table and a hash of its content, whatever the order of rows."""
        return self.fingerprints(name)[name]

    def fingerprints(self, *names: str) -> dict[str, tuple[int, str]]:
        """Fingerprint several tables."""
        found = {}
        with self._reading() as connection:
            for name in names:
                columns = [row[0] for row in connection.execute(f"describe {name}").fetchall() if row[0] not in STAMPS]
                # of the column names, too; two hashes, for one of 64 bits may meet its like
                row = ", ".join(f'"{column}"' for column in columns)
                content = f"select count(*), sum(hash({row}, 1)), sum(hash({row}, 2)) from {name}"
                rows, *sums = connection.execute(content).fetchone() or (0,)
                found[name] = rows, "|".join(map(str, [*columns, *sums]))
        return found

    def contents(self) -> dict[str, tuple[int, str]]:
        """Fingerprint every table. The bytes of the file say less: opening it may write what was still in its log."""
        tables = self.query("select table_name from duckdb_tables() where schema_name = 'main' order by table_name")
        return self.fingerprints(*tables["table_name"])

    def steps(self, steps: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Run many dbt commands in one process, which parses once: see `dbt_steps`. All must succeed."""
        answers = []
        for step in steps:
            answers += self.answers([step])
            assert "error" not in answers[-1], answers[-1]["error"]
        return answers

    def answers(self, steps: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Run many dbt commands in one process, and give what became of each, failures too."""
        worker = WORKERS.get(self.folder)
        if worker is None:
            environment = {**os.environ, "DO_NOT_TRACK": "1", **self.env}
            worker = WORKERS[self.folder] = forked.Steps(self.folder, environment, self.build)
        return [worker.do(step) for step in steps]

    def at(self, file: Path) -> Project:
        """Give the project as it was when its build file was kept as `file`. For reading only."""
        return Project(self.folder, file, self.env, self.catalog or self.build.stem)

    @contextmanager
    def connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the build file as dbt does, under its catalog's name and with its functions: views need both."""
        with duckdb.connect() as connection:
            key = self.folder / "key"
            key.write_text(HMAC_KEY, encoding="utf-8")
            Plugin("seg", {"key_file": str(key)}).configure_connection(connection)
            connection.execute(f"attach '{self.build}' as consumer (read_only)")
            connection.execute("use consumer")
            yield connection

    def duplicate(self, folder: Path) -> Project:
        """Copy the project, build file included, to a folder of its own."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder, folder / self.build.relative_to(self.folder), self.env)


def pseudonym(system: str, record: str, key: str = HMAC_KEY) -> str:
    """The key of a source record as the package should tell it, made here from the definition of HMAC alone."""
    return hmac.new(key.encode(), f"{system}|-|{record}".encode(), hashlib.sha256).hexdigest()[:32]


def copy_repository(folder: Path) -> Path:
    """Copy what git knows of this repository, or would: nothing that a build left behind."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        source, target = ROOT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return folder


def write_sample(folder: Path, repository: Path) -> Project:
    """Copy this project, with the small sample in place of the demo: a build of seconds, and no demo values."""
    shutil.copytree(repository, folder)
    shutil.rmtree(folder / "seeds" / "demo")
    shutil.copytree(SAMPLE, folder / "seeds" / "demo")
    settings, profiles = (yaml.safe_load((folder / name).read_text(encoding="utf-8")) for name in SETTINGS)
    settings["vars"]["dbt_segmentation"] |= SAMPLE_VARS
    profile = profiles["dbt_segmentation"]
    profile["target"] = "sample"
    profile["outputs"] = {"sample": profile["outputs"]["demo"]}
    for name, document in zip(SETTINGS, (settings, profiles), strict=True):
        (folder / name).write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return Project(folder, folder / "segmentation.duckdb")


def write_consumer(
    folder: Path, repository: Path, variables: dict[str, Any], raw: Sequence[str] | None = None
) -> Project:
    """Write a dbt project that installs this package by `local:` and keeps its raw tables in the schema `raw`.

    `raw` are the statements that make these tables; without them they are the small sample.
    """
    statements = raw or [
        f"create table raw.{name} as from read_csv('{SAMPLE / f'seg_sample_{name}.csv'}', all_varchar=true)"
        for name in ("customers", "orders", "order_lines", "campaign_touches")
    ]
    folder.mkdir(parents=True)
    documents: dict[str, Any] = {
        "dbt_project.yml": {
            "name": "consumer",
            "version": "1.0.0",
            "profile": "consumer",
            "vars": variables,
            "flags": {"send_anonymous_usage_stats": False},
        },
        "packages.yml": {"packages": [{"local": os.path.relpath(repository, folder)}]},
        "profiles.yml": {
            "consumer": {
                "target": "demo",  # the name on purpose: a consumer never gets demo values
                "outputs": {
                    "demo": {
                        "type": "duckdb",
                        "path": "consumer.duckdb",
                        "threads": 2,
                        "settings": {"memory_limit": "1GB", "threads": 2},
                        "plugins": [{"module": "dbt_segmentation.duckdb_plugin"}],
                    }
                },
            }
        },
    }
    for name, document in documents.items():
        (folder / name).write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    project = Project(folder, folder / "consumer.duckdb", {"SEG_HMAC_KEY": HMAC_KEY})
    project.execute("create schema raw", *statements)
    # what `dbt deps` does with a local package, which the example's tests run
    (folder / "dbt_packages").mkdir()
    (folder / "dbt_packages" / "dbt_segmentation").symlink_to(repository, target_is_directory=True)
    return project


def write_shop(folder: Path, repository: Path, **changes: Any) -> Project:
    """Write a consumer project with a table for every input: the demo's rows of some hundred of its people, all texts.

    Keyword arguments change its vars.
    """
    return write_consumer(folder, repository, {**SHOP_VARS, **changes}, _shop_tables())


def _shop_tables() -> list[str]:
    """Statements that make the shop's raw tables: of a chosen person every row, of nobody's rows a few."""

    def seed(name: str) -> str:
        return f"read_csv('{DEMO / f'seg_demo_{name}.csv'}', all_varchar=true, quote='\"', escape='\"', parallel=false)"

    def truth(name: str) -> str:
        return f"read_csv('{TRUTH / f'{name}.csv'}', all_varchar=true)"

    def chosen(text: str, one_in: int) -> str:
        return f"('0x' || left(md5({text}), 7))::bigint % {one_in} = 0"

    owner = "(lower(trim(source_system)), trim(source_record_id))"
    is_owned = f"{owner} in (select (source_system, source_record_id) from shop_records)"
    owned = (
        "orders",
        "campaign_touches",
        "survey_responses",
        "support_tickets",
        "customer_attributes",
        "consents",
        "erasure_requests",
    )
    whole = ("areas", "places", "calendar", "market_indicators", "exchange_rates")
    visitors = "select visitor_id from shop_visitors"
    return [
        # of people with several records more are taken than of the others, and of those who asked to be erased all
        f"""create temporary table shop_people as select person_id from {truth("records")}
        group by person_id
        having case when count(*) > 1 then {chosen("person_id", 5)} else {chosen("person_id", 15)} end
        union select person_id from {truth("records")} where source_record_id in
        (select source_record_id from {seed("erasure_requests")} order by request_id limit 3)""",
        f"create temporary table shop_records as from {truth('records')} where person_id in (from shop_people)",
        f"""create temporary table shop_visitors as select distinct visitor_id from {truth("visitors")}
        where person_id in (from shop_people) or person_id is null and {chosen("visitor_id", 20)}""",
        f"create table raw.customers as from {seed('customers')} where {is_owned}",
        *(
            f"create table raw.{name} as from {seed(name)} where {is_owned} or {chosen('source_record_id', 200)}"
            for name in owned
        ),
        f"""create table raw.order_lines as from {seed("order_lines")}
        where order_id in (select order_id from raw.orders) or {chosen("order_line_id", 500)}""",
        f"create table raw.events as from {seed('events')} where visitor_id in ({visitors}) or {is_owned}",
        f"""create table raw.social_engagements as from {seed("social_engagements")} where {is_owned} or handle in
        (select handle from {seed("social_engagements")} where {is_owned})""",
        *(f"create table raw.{name} as from {seed(name)}" for name in whole),
    ]


SAMPLE_VARS: dict[str, Any] = {
    "seg_customers_relation": "ref:seg_sample_customers",
    "seg_orders_relation": "ref:seg_sample_orders",
    "seg_order_lines_relation": "ref:seg_sample_order_lines",
    "seg_campaign_touches_relation": "ref:seg_sample_campaign_touches",
    "seg_default_consent": "granted",
    "seg_categories": ["bakery", "beauty", "garden", "grocery"],
    "seg_survey_scales": ["novelty", "price"],
    "seg_algorithm": "kmeans",  # that all methods compete is for the demo and the example to show
    "seg_n_segments": 3,  # so few customers show no structure of their own
    "seg_min_segment_size": 8,
    "seg_k_max": 5,
    "seg_drift_min_rows": 8,
    "seg_evidently": False,  # Evidently is for the demo and the example to show
}
CONSUMER_VARS: dict[str, Any] = {
    "seg_customers_relation": "raw.customers",
    "seg_orders_relation": "raw.orders",
    "seg_order_lines_relation": "raw.order_lines",
    "seg_campaign_touches_relation": "raw.campaign_touches",
    "seg_default_consent": "granted",
    "seg_algorithm": "kmeans",
    "seg_categories": ["bakery", "garden"],
    "seg_min_segment_size": 8,
    "seg_k_max": 4,
    "seg_snapshot_count": 4,
    "seg_evidently": False,
}
INPUTS = (
    "customers",
    "orders",
    "order_lines",
    "events",
    "campaign_touches",
    "social_engagements",
    "survey_responses",
    "support_tickets",
    "customer_attributes",
    "consents",
    "erasure_requests",
    "areas",
    "places",
    "calendar",
    "market_indicators",
    "exchange_rates",
)
SHOP_VARS: dict[str, Any] = {
    **{f"seg_{name}_relation": f"raw.{name}" for name in INPUTS},
    "seg_currency": "EUR",
    "seg_timezone": "Europe/Paris",
    "seg_categories": ["grocery", "skincare"],
    "seg_survey_scales": ["ecology", "nps"],
    "seg_algorithm": "kmeans",
    "seg_n_segments": 3,
    "seg_min_segment_size": 8,
    "seg_snapshot_count": 3,
    "seg_drift_min_rows": 20,
    "seg_evidently": False,
}
