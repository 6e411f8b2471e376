"""Publishing: complete, equal to its source, swapped in one step, kept for rollback."""

import hashlib
import json
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from dbt_segmentation import publishing
from dbt_segmentation.errors import DataError, LockedError
from dbt_segmentation.publishing import PUBLISHED_TABLES, STATE_TABLES

MakeBuild = Callable[..., Path]


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(query).fetchall()


def published_run(directory: Path) -> str:
    return str(rows(directory / "marts.duckdb", "select any_value(run_id) from dim_seg__customers")[0][0])


def run_and_kill(script: str, *arguments: Path) -> int:
    """Run a script that kills itself without a chance to clean up."""
    kill = "import os, signal, sys\nfrom pathlib import Path\ndef die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)\n"
    command = [sys.executable, "-c", kill + textwrap.dedent(script), *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, timeout=120).returncode


def test_published_files_hold_the_allow_listed_tables_and_nothing_else(make_build: MakeBuild, tmp_path: Path) -> None:
    target = tmp_path / "published"
    publishing.publish(make_build(), target)
    listed = {name for (name,) in rows(target / "marts.duckdb", "select table_name from information_schema.tables")}
    assert listed == set(PUBLISHED_TABLES)
    assert {path.stem for path in (target / "parquet").iterdir()} == set(PUBLISHED_TABLES)


def test_published_tables_equal_their_source(make_build: MakeBuild, tmp_path: Path) -> None:
    build, target = make_build(), tmp_path / "published"
    publishing.publish(build, target)
    for table in PUBLISHED_TABLES:
        wanted = sorted(rows(build, f"from {table}"), key=str)
        assert sorted(rows(target / "marts.duckdb", f"from {table}"), key=str) == wanted
        parquet = f"select * replace (running::hugeint as running) from '{target}/parquet/{table}.parquet'"
        assert sorted(duckdb.sql(parquet).fetchall(), key=str) == wanted


def test_old_readers_can_open_what_is_published(make_build: MakeBuild, tmp_path: Path) -> None:
    publishing.publish(make_build(), tmp_path / "published")
    query = "select tags['storage_version'] from duckdb_databases() where path is not null"
    tags = rows(tmp_path / "published/marts.duckdb", query)
    assert tags == [("v1.0.0+",)]


def test_comments_are_carried(make_build: MakeBuild, tmp_path: Path) -> None:
    publishing.publish(make_build(), tmp_path / "published")
    file = tmp_path / "published/marts.duckdb"
    name = "dim_seg__segments"
    assert rows(file, f"select comment from duckdb_tables() where table_name = '{name}'") == [(f"It's {name}",)]
    query = f"select comment from duckdb_columns() where table_name = '{name}' and column_name = 'value'"
    assert rows(file, query) == [('A value; with "quotes"',)]


def test_manifest_says_what_is_there(make_build: MakeBuild, tmp_path: Path) -> None:
    target = tmp_path / "published"
    publishing.publish(make_build(rows=61), target)
    manifest = json.loads((target / "manifest.json").read_text())
    assert (manifest["run_id"], manifest["as_of_date"]) == ("run-1", "2017-12-31")
    assert manifest["versions"]["duckdb"] == duckdb.__version__
    assert set(manifest["tables"]) == set(PUBLISHED_TABLES)
    for table, entry in manifest["tables"].items():
        assert entry["rows"] == 61
        assert entry["columns"][0] == {"name": "customer_id", "type": "VARCHAR", "description": None}
        assert entry["sha256"] == hashlib.sha256((target / entry["parquet"]).read_bytes()).hexdigest(), table


def test_same_content_gives_the_same_parquet_bytes_whatever_the_row_order(
    make_build: MakeBuild, tmp_path: Path
) -> None:
    first, second = make_build("a.duckdb"), make_build("b.duckdb")
    with duckdb.connect(str(second)) as connection:
        for table in PUBLISHED_TABLES:
            connection.execute(f"create or replace table {table} as from {table} order by value desc")
    one, two = publishing.publish(first, tmp_path / "p1"), publishing.publish(second, tmp_path / "p2")
    for table in PUBLISHED_TABLES:
        assert one.manifest["tables"][table]["sha256"] == two.manifest["tables"][table]["sha256"]


def test_views_and_other_schemas_are_published_too(make_build: MakeBuild, tmp_path: Path) -> None:
    build = make_build(schema="analytics")
    with duckdb.connect(str(build)) as connection:
        connection.execute("alter table analytics.dim_seg__segments rename to hidden")
        connection.execute("create view analytics.dim_seg__segments as select * from build.analytics.hidden")
    publishing.publish(build, tmp_path / "published")
    assert rows(tmp_path / "published/marts.duckdb", "select count(*) from dim_seg__segments") == [(60,)]


def test_table_in_two_schemas_needs_to_be_told_which(make_build: MakeBuild, tmp_path: Path) -> None:
    build = make_build()
    with duckdb.connect(str(build)) as connection:
        connection.execute(
            "create schema dev; create table dev.dim_seg__segments as from main.dim_seg__segments limit 3"
        )
    with pytest.raises(DataError, match=r"dim_seg__segments \(dev, main\)"):
        publishing.publish(build, tmp_path / "published")
    publishing.publish(build, tmp_path / "published", schemas={"dim_seg__segments": "dev"})
    assert rows(tmp_path / "published/marts.duckdb", "select count(*) from dim_seg__segments") == [(3,)]


@pytest.mark.parametrize("table", ["dim_seg__segments", "ml_seg__model_parameters"])
def test_missing_table_publishes_nothing(make_build: MakeBuild, tmp_path: Path, table: str) -> None:
    target = tmp_path / "published"
    publishing.publish(make_build("first.duckdb", run_id="first"), target)
    build = make_build(run_id="second")
    with duckdb.connect(str(build)) as connection:
        connection.execute(f"drop table {table}")
    with pytest.raises(DataError, match=table):
        publishing.publish(build, target)
    assert published_run(target) == "first"
    assert len(publishing.list_versions(target)) == 1
    assert not list((target / "versions").glob(".*"))


def test_table_left_from_an_earlier_run_is_refused(make_build: MakeBuild, tmp_path: Path) -> None:
    build = make_build()
    with duckdb.connect(str(build)) as connection:
        connection.execute("update fct_seg__segment_kpis set run_id = 'run-0'")
    with pytest.raises(DataError, match=r"fct_seg__segment_kpis.* is left from an earlier run"):
        publishing.publish(build, tmp_path / "published")


def test_a_copy_that_differs_is_refused(make_build: MakeBuild, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lossy(connection: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
        connection.execute(f"create table {target} as select * from {source} limit 59")

    monkeypatch.setattr(publishing.copying, "copy_table", lossy)
    with pytest.raises(DataError, match="59 rows for 60"):
        publishing.publish(make_build(), tmp_path / "published")
    assert publishing.current_version(tmp_path / "published") is None


def test_open_reader_keeps_what_it_opened(make_build: MakeBuild, tmp_path: Path) -> None:
    target = tmp_path / "published"
    publishing.publish(make_build("a.duckdb", run_id="first"), target)
    with duckdb.connect(str(target / "marts.duckdb"), read_only=True) as reader:
        for number in range(5):  # enough to remove the version that the reader has open
            publishing.publish(make_build(f"b{number}.duckdb", run_id="later"), target)
        assert reader.execute("select distinct run_id from fct_seg__segment_history").fetchall() == [("first",)]
    assert published_run(target) == "later"


def test_readers_always_see_one_whole_version(make_build: MakeBuild, tmp_path: Path) -> None:
    """Somebody who opens the files again and again during publications never fails, and never sees a mixture."""
    target = tmp_path / "published"
    builds = [make_build(f"b{number}.duckdb", run_id=f"run-{number}", rows=200 + number) for number in range(4)]
    publishing.publish(builds[0], target)
    stop, seen, problems = threading.Event(), set(), []

    def read() -> None:
        while not stop.is_set():
            try:
                folder = (target / "current").resolve()
                manifest = json.loads((folder / "manifest.json").read_text())
                query = " union ".join(f"select run_id from {name}" for name in PUBLISHED_TABLES)
                found = {run for (run,) in rows(folder / "marts.duckdb", query)}
                if found != {manifest["run_id"]}:
                    problems.append(found)
                seen.add(published_run(target))
            except Exception as error:
                problems.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for build in builds[1:]:
        publishing.publish(build, target)
    stop.set()
    reader.join()
    assert problems == []
    assert len(seen) > 1


@pytest.mark.parametrize("where", ["copying.sha256", "sync_tree", "activate", "os.rename", "replace_symlink"])
def test_kill_leaves_what_was_published(make_build: MakeBuild, tmp_path: Path, where: str) -> None:
    target = tmp_path / "published"
    publishing.publish(make_build("first.duckdb", run_id="first"), target)
    second = make_build("second.duckdb", run_id="second")
    owner, _, name = f"publishing.{where}".rpartition(".")
    script = f"""
        from dbt_segmentation import publishing
        {owner}.{name} = die
        publishing.publish(Path(sys.argv[1]), Path(sys.argv[2]))
    """
    assert run_and_kill(script, second, target) == -signal.SIGKILL
    assert published_run(target) == "first"
    assert json.loads((target / "manifest.json").read_text())["run_id"] == "first"
    publishing.publish(second, target)  # neither the lock nor leftovers are in the way
    assert published_run(target) == "second"
    assert not list((target / "versions").glob(".*"))


def test_last_three_versions_are_kept(make_build: MakeBuild, tmp_path: Path) -> None:
    target = tmp_path / "published"
    for number in range(5):
        publishing.publish(make_build(f"b{number}.duckdb", run_id=f"run-{number}"), target)
    assert [found.manifest["run_id"] for found in publishing.list_versions(target)] == ["run-2", "run-3", "run-4"]


def test_rollback_goes_to_what_was_published_before(make_build: MakeBuild, tmp_path: Path) -> None:
    target = tmp_path / "published"
    versions = [publishing.publish(make_build(f"b{n}.duckdb", run_id=f"run-{n}"), target) for n in range(3)]
    publishing.rollback(target)
    assert published_run(target) == "run-1"
    # run-2 was found bad. What is published next must not lead back to it.
    publishing.publish(make_build("b3.duckdb", run_id="run-3"), target)
    publishing.rollback(target)
    assert published_run(target) == "run-1"
    publishing.rollback(target, versions[2].name)
    assert published_run(target) == "run-2"
    with pytest.raises(DataError, match="no version nonsense"):
        publishing.rollback(target, "nonsense")


def test_rollback_without_an_earlier_version_says_so(make_build: MakeBuild, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nothing is published"):
        publishing.rollback(tmp_path / "published")
    publishing.publish(make_build(), tmp_path / "published")
    with pytest.raises(DataError, match="no previous version"):
        publishing.rollback(tmp_path / "published")
    assert published_run(tmp_path / "published") == "run-1"


def test_two_publications_do_not_meet(make_build: MakeBuild, tmp_path: Path) -> None:
    target = tmp_path / "published"
    with publishing.publish_lock(target), pytest.raises(LockedError, match="process"):
        publishing.publish(make_build(), target)
    publishing.publish(make_build("b.duckdb"), target)


def test_state_comes_back_into_the_schema_where_dbt_looks_for_it(make_build: MakeBuild, tmp_path: Path) -> None:
    target, lost = tmp_path / "published", tmp_path / "new" / "build.duckdb"
    build = make_build(schema="analytics")
    assert not publishing.restore_state(target, lost)
    publishing.publish(build, target)
    lost.parent.mkdir()
    assert publishing.restore_state(target, lost)
    for table in STATE_TABLES:
        assert rows(lost, f"from analytics.{table}") == rows(build, f"from analytics.{table}")


def test_build_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    (tmp_path / "build.duckdb").write_bytes(b"not a database" * 1000)
    with pytest.raises(DataError, match=r"build\.duckdb can't be opened"):
        publishing.publish(tmp_path / "build.duckdb", tmp_path / "published")
    with pytest.raises(DataError, match="does not exist"):
        publishing.publish(tmp_path / "absent.duckdb", tmp_path / "published")
