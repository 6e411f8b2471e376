"""The run: build and test a copy of the build file, report, publish, and only then keep the copy.

Nothing that anybody reads changes before every test has passed. Whenever a run is killed, the build file and the
published version are both whole, and the next run removes what it left.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dbt_segmentation import publishing
from dbt_segmentation.cli.doctor import require_same_version
from dbt_segmentation.cli.invoke import Outcome, invoke, require_success
from dbt_segmentation.cli.options import console
from dbt_segmentation.cli.progress import BuildProgress, Stages, peak_memory_mb, say
from dbt_segmentation.cli.report import replace_report, staged_report, write_report
from dbt_segmentation.cli.session import Session, build_lock, dbt_arguments, profile_for
from dbt_segmentation.errors import DataError, LockedError
from dbt_segmentation.files import (
    Signature,
    copy_database,
    fresh_directory,
    open_file,
    signature,
    sync,
    write_ahead_log,
)


def run(session: Session, *, full_refresh: bool = False) -> dict[str, Any]:
    """Build, test, report and publish.

    Returns
    -------
    dict
        Paths of report, marts and parquet, the run's id and dates, and where the time went.

    Raises
    ------
    ConfigError, LockedError, BuildFailedError, DataError
        With nothing published and the build file as it was.
    """
    require_same_version(session.package)
    stages, progress = Stages(), BuildProgress()
    with build_lock(session), _run_directory(session) as directory, staged_report(session) as staged:
        copy = directory / session.build.name
        with stages.stage("Prepare"):
            before = _prepare(session, copy)
        with stages.stage("Build and test"), profile_for(session, copy) as profiles:
            arguments = ["build", *dbt_arguments(session, profiles), *(["--full-refresh"] if full_refresh else [])]
            with progress:
                outcome = invoke(arguments, [progress.on_event])
            require_success(outcome, "the build")
        with stages.stage("Report"):
            write_report(copy, staged, session.language)
        with stages.stage("Publish"):
            version = _publish(session, copy, before, staged, outcome)
    console.print(stages.table(progress.node_seconds))
    say(f"peak memory {peak_memory_mb()} MB; {_counts(outcome)}")
    return {
        "report": str(session.reports_dir / "index.html"),
        "marts": str(session.publish_dir / "marts.duckdb"),
        "parquet": str(session.publish_dir / "parquet"),
        "version": version.name,
        "run_id": version.manifest["run_id"],
        "as_of_date": version.manifest["as_of_date"],
        "seconds": stages.seconds,
        "node_seconds": progress.node_seconds,
        "peak_memory_mb": peak_memory_mb(),
    }


@contextmanager
def _run_directory(session: Session) -> Iterator[Path]:
    """Give an empty directory beside the build file, so that the copy can be renamed onto it.

    Its name is always the same: dbt keeps what it has parsed as long as the path of the database doesn't change, and
    what a killed run left is found and removed.
    """
    with fresh_directory(session.build.parent / f".{session.build.name}.run") as directory:
        yield directory


def _prepare(session: Session, copy: Path) -> Signature | None:
    """Make the copy that dbt will build in, and give what the build file was at that time."""
    if session.build.is_file():
        say(f"copying {session.build.name}")
        return copy_database(session.build, copy)
    if write_ahead_log(session.build).exists():
        raise LockedError(
            f"{session.build} is missing, but {write_ahead_log(session.build).name} is there. "
            "Put the file back, or remove the log to start afresh."
        )
    if publishing.restore_state(session.publish_dir, copy):
        say(f"{session.build.name} is missing: what it remembered was restored from {session.publish_dir}")
    return None


def _publish(
    session: Session, copy: Path, before: Signature | None, staged: Path, outcome: Outcome
) -> publishing.Version:
    """Write the new version, then swap build file, published version and report, in this order.

    The build file goes first. Killed in between, the next run starts from a build that remembers at least as much as
    what is published: the other way round it could give a published segment's key away a second time.
    """
    with publishing.publish_lock(session.publish_dir):
        version = publishing.prepare(copy, session.publish_dir, schemas=schemas(outcome), step=say)
        try:
            _keep_copy(session.build, copy, before)
        except BaseException:
            publishing.discard(version)
            raise
        publishing.activate(version)
    try:
        replace_report(staged, session.reports_dir)
    except OSError as error:
        raise DataError(
            f"Everything was published, but the report could not be put into {session.reports_dir}: {error}. "
            "Mend that and run `dbt-segmentation report`."
        ) from error
    return version


def _keep_copy(build: Path, copy: Path, before: Signature | None) -> None:
    """Put the copy in the build file's place, unless somebody has used that file meanwhile."""
    if before is not None and build.is_file():
        open_file(build, read_only=True).close()  # fails while a writer holds it
    if signature(build) != before:
        raise LockedError(f"{build} was changed by another program during the run. Nothing was published; run again.")
    sync(copy)
    os.replace(copy, build)
    sync(build.parent)


def schemas(outcome: Outcome) -> dict[str, str]:
    """Give the schema in which dbt built each table of this package."""
    found = {}
    for result in outcome.results:
        relation = str(getattr(result.node, "name", ""))
        if getattr(result.node, "resource_type", "") == "model" and "_seg__" in relation:
            found[str(result.node.alias)] = str(result.node.schema)
    return found


def _counts(outcome: Outcome) -> str:
    statuses: dict[str, int] = {}
    for result in outcome.results:
        statuses[str(result.status)] = statuses.get(str(result.status), 0) + 1
    return ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
