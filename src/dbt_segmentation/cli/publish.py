"""Publish the build file as it is, or go back to an earlier version."""

from typing import Any

from dbt_segmentation import publishing
from dbt_segmentation.cli.doctor import require_same_version
from dbt_segmentation.cli.invoke import invoke, require_success
from dbt_segmentation.cli.progress import BuildProgress, say
from dbt_segmentation.cli.run import schemas
from dbt_segmentation.cli.session import Session, build_lock, dbt_arguments
from dbt_segmentation.errors import DataError
from dbt_segmentation.files import open_file


def publish(session: Session) -> dict[str, Any]:
    """Run all tests on the build file, then publish it.

    A plain `dbt build` leaves its tables even where tests failed, and what it recorded may be of a part of the
    project. So nothing is believed: the tests run again here, and every mart must be of the file's last run.

    Raises
    ------
    BuildFailedError
        If a test fails. Nothing is published.
    DataError
        If there is no build file, or tables of several runs are in it.
    LockedError
        If another process holds the build file.
    """
    require_same_version(session.package)
    if not session.build.is_file():
        raise DataError(f"{session.build} does not exist. Run `dbt-segmentation run` first.")
    with build_lock(session):
        open_file(session.build, read_only=False).close()
        with BuildProgress() as progress:
            outcome = invoke(["test", *dbt_arguments(session, session.profiles_dir)], [progress.on_event])
        require_success(outcome, "the tests")
        version = publishing.publish(session.build, session.publish_dir, schemas=schemas(outcome), step=say)
    return _paths(session, version)


def rollback(session: Session, to: str | None = None) -> dict[str, Any]:
    """Point readers back to an earlier version. Errors as `publishing.rollback`."""
    return _paths(session, publishing.rollback(session.publish_dir, to))


def _paths(session: Session, version: publishing.Version) -> dict[str, Any]:
    return {
        "version": version.name,
        "run_id": version.manifest["run_id"],
        "as_of_date": version.manifest["as_of_date"],
        "marts": str(session.publish_dir / "marts.duckdb"),
        "parquet": str(session.publish_dir / "parquet"),
    }
