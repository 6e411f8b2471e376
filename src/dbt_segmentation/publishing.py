"""Publish the marts: a new version beside the old ones, then one swap that readers see whole.

    published/versions/<time>_<run_id>/   marts.duckdb, parquet/<table>.parquet, manifest.json, state.duckdb
    published/current                  -> versions/<one of them>
    published/marts.duckdb             -> current/marts.duckdb      and likewise parquet, manifest.json

`current` is the only thing that ever changes, and it changes by a rename. Whoever has a file open keeps the old one.
"""

import json
import os
import platform
import shutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from dbt_segmentation import copying
from dbt_segmentation.errors import DataError
from dbt_segmentation.files import exclusive, literal, open_file, quote, replace_symlink, sync, sync_tree

PUBLISHED_TABLES = (
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
# What a segmentation remembers. Only for restoring a lost build file: no reader needs it.
STATE_TABLES = (
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
RUN_TABLE = "int_seg__run"
KEPT_VERSIONS = 3
RECORDED = ("dbt-segmentation", "dbt-core", "dbt-duckdb", "duckdb", "scikit-learn")
LINKS = ("marts.duckdb", "parquet", "manifest.json")

Step = Callable[[str], object]


@dataclass(frozen=True)
class Version:
    """One published version.

    Attributes
    ----------
    directory : Path
        Where it is, or will be once it is current.
    manifest : mapping
        What its manifest.json says.
    """

    directory: Path
    manifest: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The directory's name, which sorts by time."""
        return self.directory.name


def publish_lock(publish_dir: Path) -> AbstractContextManager[None]:
    """Hold this while preparing and activating, so that two publications don't meet.

    Raises
    ------
    LockedError
        If another process publishes there.
    """
    return exclusive(publish_dir / ".lock", str(publish_dir))


def publish(build: Path, publish_dir: Path, *, schemas: Mapping[str, str] | None = None, step: Step = str) -> Version:
    """Copy the allow-listed marts of a build file into a new version and make it current.

    Parameters
    ----------
    build : Path
        DuckDB file of a build whose tests have passed. Opened read-only.
    publish_dir : Path
        Made if absent.
    schemas : mapping of str to str, optional
        Table to schema, where the build file holds a table more than once.
    step : callable
        Told the name of each table before it is copied.

    Raises
    ------
    DataError
        If a table is missing, is left from an earlier run, or its copy differs. Nothing published changes.
    LockedError
        If a writer holds the build file, or another process publishes.
    """
    with publish_lock(publish_dir):
        return activate(prepare(build, publish_dir, schemas=schemas, step=step))


def prepare(build: Path, publish_dir: Path, *, schemas: Mapping[str, str] | None = None, step: Step = str) -> Version:
    """Write and check a complete new version that no reader sees yet. Arguments and errors as `publish`."""
    versions = publish_dir / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    for leftover in versions.glob(".*"):
        shutil.rmtree(leftover)
    scratch = versions / ".new"
    (scratch / "parquet").mkdir(parents=True)
    try:
        manifest = _write(build, scratch, schemas, step)
        created = datetime.now(UTC)
        manifest["created_at"] = created.isoformat(timespec="seconds")
        current = current_version(publish_dir)
        manifest["previous_version"] = current.name if current else None
        (scratch / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        sync_tree(scratch)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    return Version(versions / f"{created:%Y%m%dT%H%M%S%fZ}_{manifest['run_id']}", manifest)


def discard(prepared: Version) -> None:
    """Remove a prepared version that is not to become current."""
    shutil.rmtree(prepared.directory.parent / ".new", ignore_errors=True)


def activate(prepared: Version) -> Version:
    """Make a prepared version the one that readers see, and remove versions that are too old."""
    publish_dir = prepared.directory.parent.parent
    os.rename(prepared.directory.parent / ".new", prepared.directory)
    sync(prepared.directory.parent)
    for name in LINKS:
        # Made before `current` moves for the first time: all of them come to life in that one step.
        if not (publish_dir / name).is_symlink():
            replace_symlink(publish_dir / name, f"current/{name}")
    replace_symlink(publish_dir / "current", f"versions/{prepared.name}")
    _remove_old(publish_dir)
    return prepared


def rollback(publish_dir: Path, to: str | None = None) -> Version:
    """Point readers back to an earlier version.

    Parameters
    ----------
    publish_dir : Path
        Has at least two versions.
    to : str, optional
        Name of a version. By default the one that was current when the current one was published.

    Raises
    ------
    DataError
        If there is nothing to go back to.
    """
    with publish_lock(publish_dir):
        current = current_version(publish_dir)
        if current is None:
            raise DataError(f"nothing is published in {publish_dir}.")
        names = [found.name for found in list_versions(publish_dir)]
        target = to or str(current.manifest.get("previous_version") or "")
        if target not in names or target == current.name:
            kept = ", ".join(name for name in names if name != current.name) or "none"
            wanted = f"version {to}" if to else "previous version"
            raise DataError(f"no {wanted} in {publish_dir}. Kept besides the current one: {kept}.")
        replace_symlink(publish_dir / "current", f"versions/{target}")
        return _read_version(publish_dir / "versions" / target)


def current_version(publish_dir: Path) -> Version | None:
    """Give the version that readers see, or None before the first."""
    link = publish_dir / "current"
    return _read_version(link.resolve()) if link.is_symlink() and link.exists() else None


def list_versions(publish_dir: Path) -> list[Version]:
    """Give all kept versions, oldest first."""
    folders = sorted((publish_dir / "versions").glob("[!.]*"))
    return [_read_version(folder) for folder in folders if (folder / "manifest.json").is_file()]


def restore_state(publish_dir: Path, build: Path) -> bool:
    """Make a new build file that remembers what the published version remembers.

    Returns
    -------
    bool
        False if nothing is published: then no file is made, and the first build starts from nothing.
    """
    current = current_version(publish_dir)
    if current is None:
        return False
    state = current.directory / "state.duckdb"
    with copying.workspace(state, build.parent) as connection:
        connection.execute(f"attach {literal(str(build))} as seg_build")
        _copy_state(connection, "state", "seg_build", None)
        connection.execute("checkpoint seg_build")
    return True


def _write(build: Path, scratch: Path, schemas: Mapping[str, str] | None, step: Step) -> dict[str, Any]:
    """Write all files of a version but the manifest, check them, and give the manifest."""
    with copying.workspace(build, scratch) as connection:
        places = copying.locate(connection, build.stem, (*PUBLISHED_TABLES, RUN_TABLE), schemas)
        run_id, as_of_date = _run(connection, places[RUN_TABLE])
        copying.attach_new(connection, scratch / "marts.duckdb", "seg_marts")
        expected = {}
        for table in PUBLISHED_TABLES:
            step(table)
            _require_this_run(connection, places[table], run_id)
            target = f"seg_marts.main.{quote(table)}"
            copying.copy_table(connection, places[table], target)
            parquet = literal(str(scratch / "parquet" / f"{table}.parquet"))
            connection.execute(f"copy {target} to {parquet} (format parquet, compression zstd)")
            expected[table] = copying.content(connection, places[table])
        copying.attach_new(connection, scratch / "state.duckdb", "seg_state")
        _copy_state(connection, build.stem, "seg_state", schemas)
        connection.execute("checkpoint seg_marts")
        connection.execute("checkpoint seg_state")
        connection.execute("detach seg_marts")
        connection.execute("detach seg_state")
    shutil.rmtree(scratch / "spill", ignore_errors=True)
    return {
        "run_id": run_id,
        "as_of_date": as_of_date,
        "tables": _check(scratch, expected),
        "versions": {"python": platform.python_version()} | {name: version(name) for name in RECORDED},
    }


def _run(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[str, str | None]:
    rows = connection.execute(f"select run_id::varchar, as_of_date::varchar from {relation}").fetchall()
    if len(rows) != 1:
        raise DataError(f"{RUN_TABLE} has {len(rows)} rows, not one. Run `dbt-segmentation run`.")
    return rows[0][0], rows[0][1]


def _require_this_run(connection: duckdb.DuckDBPyConnection, relation: str, run_id: str) -> None:
    """Refuse a table left behind by an earlier build: after a failed build, a file holds tables of both."""
    rows = connection.execute(f"select count(*), count(*) filter (run_id = ?) from {relation}", [run_id]).fetchone()
    if rows and rows[0] > 0 and rows[1] == 0:
        raise DataError(f"{relation} is left from an earlier run than {RUN_TABLE}. Run `dbt-segmentation run`.")


def _copy_state(
    connection: duckdb.DuckDBPyConnection, source: str, target: str, schemas: Mapping[str, str] | None
) -> None:
    """Copy the state tables, each into a schema of the same name, where dbt will look for it."""
    for table, place in copying.locate(connection, source, STATE_TABLES, schemas).items():
        schema = place.split('"."')[1]
        connection.execute(f'create schema if not exists {quote(target)}."{schema}"')
        copying.copy_table(connection, place, f'{quote(target)}."{schema}".{quote(table)}')


def _check(scratch: Path, expected: Mapping[str, copying.Content]) -> dict[str, Any]:
    """Open what was written, as a reader would, and compare it with the source."""
    described = {}
    with open_file(scratch / "marts.duckdb", read_only=True) as reader:
        for table, wanted in expected.items():
            parquet = scratch / "parquet" / f"{table}.parquet"
            found = {table: copying.content(reader, f"main.{quote(table)}")}
            copying.require_equal({table: wanted}, found, "marts.duckdb")
            found = {table: copying.content(reader, copying.as_typed(f"read_parquet({literal(str(parquet))})", wanted))}
            copying.require_equal({table: wanted}, found, "parquet")
            described[table] = {
                "rows": wanted.rows,
                "columns": copying.column_rows(reader, table, wanted),
                "parquet": f"parquet/{table}.parquet",
                "sha256": copying.sha256(parquet),
            }
    return described


def _read_version(directory: Path) -> Version:
    try:
        manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{directory / 'manifest.json'} can't be read: {error}") from error
    return Version(directory, manifest)


def _remove_old(publish_dir: Path) -> None:
    """Keep the newest versions, and always the current one and the one that a rollback goes to."""
    versions = list_versions(publish_dir)
    current = current_version(publish_dir)
    kept = {found.name for found in versions[-KEPT_VERSIONS:]}
    if current is not None:
        kept |= {current.name, str(current.manifest.get("previous_version"))}
    for found in versions:
        if found.name not in kept:
            shutil.rmtree(found.directory)
