"""A dbt project in a temporary folder, and how to make one."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import yaml

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent
MARTS = (
    "dim_seg__customers",
    "dim_seg__segments",
    "fct_seg__customer_segments",
    "fct_seg__segment_history",
    "fct_seg__segment_transitions",
    "fct_seg__segment_profiles",
    "fct_seg__segment_kpis",
    "fct_seg__model_runs",
    "fct_seg__model_candidates",
    "fct_seg__segment_drift",
    "fct_seg__rejected_rows",
)
STATE = ("ml_seg__model_parameters", "int_seg__refit_decisions", "int_seg__segment_memberships")
# What may differ from run to run: who wrote a row, and when.
STAMPS = ("run_id", "registered_at")


@dataclass
class Project:
    """A dbt project in a folder, with the commands that people run in it."""

    folder: Path
    build: Path
    env: dict[str, str] = field(default_factory=dict)

    def run(self, *command: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command in the project's folder and give what it printed."""
        return subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            cwd=self.folder,
            env={**os.environ, "DO_NOT_TRACK": "1", "NO_COLOR": "1", "COLUMNS": "200", **self.env, **(env or {})},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def dbt(self, *arguments: str, env: dict[str, str] | None = None) -> str:
        """Run dbt, which must succeed."""
        result = self.run("dbt", "--no-use-colors", *arguments, env=env)
        assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
        return result.stdout

    def make(self, *arguments: str, env: dict[str, str] | None = None) -> str:
        """Build seeds and models without the data tests, which the sample's own build runs."""
        kinds = ("test", "unit_test")
        return self.dbt("build", *(f"--exclude-resource-type={kind}" for kind in kinds), *arguments, env=env)

    def table(self, name: str) -> pd.DataFrame:
        """Read a table of the build file."""
        return self.query(f"select * from {name}")

    def query(self, sql: str) -> pd.DataFrame:
        """Read from the build file."""
        with duckdb.connect(str(self.build), read_only=True) as connection:
            return connection.execute(sql).df()

    def execute(self, *statements: str) -> None:
        """Write to the build file."""
        with duckdb.connect(str(self.build)) as connection:
            for statement in statements:
                connection.execute(statement)

    def fingerprint(self, name: str) -> tuple[int, str]:
        """Give the number of rows of a table and a hash of its content, whatever the order of rows."""
        with duckdb.connect(str(self.build), read_only=True) as connection:
            columns = [row[0] for row in connection.execute(f"describe {name}").fetchall() if row[0] not in STAMPS]
            texts = ", ".join(f"coalesce({column}::varchar, chr(0))" for column in columns)
            rows = connection.execute(f"select concat_ws('|', {texts}) as r from {name} order by r").fetchall()
        return len(rows), hashlib.sha256("\n".join(row[0] for row in rows).encode()).hexdigest()

    def fingerprints(self, *names: str) -> dict[str, tuple[int, str]]:
        """Fingerprint several tables."""
        return {name: self.fingerprint(name) for name in names}

    def duplicate(self, folder: Path) -> Project:
        """Copy the project, build file included, to a folder of its own."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder, folder / self.build.relative_to(self.folder), self.env)


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


def write_consumer(folder: Path, repository: Path, variables: dict[str, Any]) -> Project:
    """Write a dbt project that installs this package by `local:` and keeps its raw tables in the schema `raw`."""
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
                    }
                },
            }
        },
    }
    for name, document in documents.items():
        (folder / name).write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    project = Project(folder, folder / "consumer.duckdb")
    seeds = repository / "seeds" / "demo"
    project.execute(
        "create schema raw",
        *(
            f"create table raw.{name} as select * from read_csv('{seeds / f'seg_sample_{name}.csv'}', all_varchar=true)"
            for name in ("customers", "orders", "order_lines", "campaign_touches")
        ),
    )
    project.dbt("deps")
    return project


CONSUMER_VARS: dict[str, Any] = {
    "seg_customers_relation": "raw.customers",
    "seg_orders_relation": "raw.orders",
    "seg_order_lines_relation": "raw.order_lines",
    "seg_campaign_touches_relation": "raw.campaign_touches",
    "seg_default_consent": "granted",
    "seg_categories": ["bakery", "garden"],
    "seg_min_segment_size": 8,
    "seg_k_max": 4,
    "seg_snapshot_count": 4,
}
