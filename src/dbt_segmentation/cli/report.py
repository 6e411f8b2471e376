"""Render the report from a build file or from what is published."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dbt_segmentation.cli.progress import say
from dbt_segmentation.cli.session import Session, build_lock
from dbt_segmentation.copying import locate
from dbt_segmentation.errors import DataError
from dbt_segmentation.files import fresh_directory, open_file, replace_directory
from dbt_segmentation.publishing import RUN_TABLE

SAMPLE = "int_seg__evidently_sample"
EVIDENTLY_FOLDER = "evidently"


def report(session: Session, *, published: bool = False) -> dict[str, Any]:
    """Write the report anew.

    Parameters
    ----------
    session : Session
        Says where to read and write.
    published : bool
        Read what is published. By default the build file is read, or what is published if there is none.

    Raises
    ------
    DataError
        If there is nothing to report on.
    LockedError
        If a writer holds the build file.
    """
    marts = session.publish_dir / "marts.duckdb"
    source = marts if published or not session.build.is_file() else session.build
    if not source.is_file():
        raise DataError(f"neither {session.build} nor {marts} exists. Run `dbt-segmentation run` first.")
    open_file(source, read_only=True).close()
    with build_lock(session), staged_report(session) as staged:
        write_report(source, staged, session.language)
        replace_report(staged, session.reports_dir)
    return {"report": str(session.reports_dir / "index.html"), "source": str(source)}


@contextmanager
def staged_report(session: Session) -> Iterator[Path]:
    """Give a directory beside the report's in which to write the new one; it is gone afterwards."""
    with fresh_directory(session.reports_dir.with_name(f".{session.reports_dir.name}.new")) as directory:
        yield directory


def replace_report(staged: Path, reports_dir: Path) -> None:
    """Put a finished report in its place. Whatever else lies in that directory is somebody else's and stays."""
    reports_dir.mkdir(parents=True, exist_ok=True)
    # pages first: an index must never link to a page that is not there yet
    for entry in sorted(staged.iterdir(), key=lambda path: path.is_file()):
        if entry.is_dir():
            replace_directory(entry, reports_dir / entry.name)
        else:
            os.replace(entry, reports_dir / entry.name)


def write_report(source: Path, directory: Path, language: str) -> Path:
    """Render the report into a directory of its own, Evidently's pages first.

    Parameters
    ----------
    source : Path
        Build file or published file; opened read-only.
    directory : Path
        Exists, and is empty.
    language : str
        en or fr.
    """
    # Both import plotly or pandas, which a command that renders nothing shouldn't wait for.
    from dbt_segmentation.report import build_report

    pages = _evidently_pages(source, directory, language)
    return build_report(source, directory, evidently_pages=pages, language=language, progress=_part)


def _part(done: int, total: int, name: str) -> None:
    if done < total:
        say(name)


def _page(done: int, total: int, name: str) -> None:
    say(f"{done:>4} of {total}  {name}")


def _evidently_pages(source: Path, directory: Path, language: str) -> list[dict[str, Any]]:
    if find_spec("evidently") is None:
        say("no Evidently pages: pip install 'dbt-segmentation[drift]' adds them")
        return []
    with open_file(source, read_only=True) as connection:
        try:
            places = locate(connection, source.stem, [SAMPLE, RUN_TABLE])
        except DataError:
            say(f"no Evidently pages: {source.name} holds no sample of customers")
            return []
        sample = connection.execute(f"select * from {places[SAMPLE]}").to_arrow_table()
        ((run_id, as_of_date),) = connection.execute(f"select run_id, as_of_date from {places[RUN_TABLE]}").fetchall()
    from dbt_segmentation.drift.evidently_adapter import render_pages

    run = {"run_id": run_id, "as_of_date": as_of_date}
    return render_pages(sample, directory / EVIDENTLY_FOLDER, run, language=language, progress=_page)
