"""Look at everything a run needs, and say for each thing whether it is right and what to do if not."""

import os
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pyarrow as pa
from rich.markup import escape
from rich.table import Table

from dbt_segmentation import __version__
from dbt_segmentation.cli.options import EXIT_CONFIG, Settings, console
from dbt_segmentation.cli.session import PLUGIN, Session, open_session
from dbt_segmentation.errors import ConfigError, SegmentationError
from dbt_segmentation.files import literal, open_file, quote
from dbt_segmentation.project import Project
from dbt_segmentation.pseudonyms import HOW_TO, pseudonyms, read_key

OK, NOTE, WRONG = "ok", "note", "wrong"
COLOURS = {OK: "green", NOTE: "yellow", WRONG: "red"}
NEEDED = {"dbt-core": ((1, 11), (1, 12)), "dbt-duckdb": ((1, 11), (1, 12)), "duckdb": ((1, 5), (3, 0))}
EXTRAS = {"evidently": "drift"}
# A run holds the build file twice, and writes the published version beside it.
ROOM_FACTOR, ROOM_AT_LEAST = 4, 500_000_000
# The table that remembers, with each identity, this text's pseudonym under the key of its run.
HISTORY, KEY_CHECK = "int_seg__identity_history", "key check"


@dataclass(frozen=True)
class Check:
    """One line of the table."""

    name: str
    verdict: str
    found: str
    fix: str = ""


def require_same_version(package: Project) -> None:
    """Stop if dbt has another version of this package than Python.

    Raises
    ------
    ConfigError
        Naming both, and where each comes from.
    """
    if package.version != __version__:
        raise ConfigError(
            f"the dbt package is {package.version or 'unknown'} ({package.file}), the Python package {__version__}."
            f" Install the same: pip install 'dbt-segmentation=={package.version}', or change packages.yml and run"
            " `dbt deps`."
        )


def doctor(settings: Settings) -> dict[str, Any]:
    """Run every check, print the table, and give the checks with an exit code."""
    checks = [_python(), *map(_distribution, NEEDED), *map(_extra, EXTRAS)]
    try:
        session = open_session(settings)
    except ConfigError as error:
        checks.append(Check("project and profile", WRONG, str(error), "see the message"))
    else:
        checks += _session_checks(session)
    if not settings.json:
        console.print(_table(checks))
    wrong = any(check.verdict == WRONG for check in checks)
    return {"exit_code": EXIT_CONFIG if wrong else 0, "checks": [asdict(check) for check in checks]}


def _session_checks(session: Session) -> list[Check]:
    project = Check("project and profile", OK, f"{session.project.file}, target {session.target_name}")
    same = _try("package versions", lambda: _same_version(session.package))
    limits = [_limit(session, name) for name in ("threads", "memory_limit")]
    build = _try("build file", lambda: _build_file(session.build))
    key = _try("pseudonym key", lambda: _pseudonym_key(session))
    return [
        project,
        same,
        *limits,
        key,
        build,
        _disk(session),
        *map(_writable, (session.publish_dir, session.reports_dir)),
    ]


def _python() -> Check:
    right = (3, 11) <= sys.version_info[:2] <= (3, 13)
    fix = "" if right else "use Python 3.11, 3.12 or 3.13"
    return Check("python", OK if right else WRONG, platform.python_version(), fix)


def _distribution(name: str) -> Check:
    low, high = NEEDED[name]
    wanted = f"pip install '{name}>={'.'.join(map(str, low))},<{'.'.join(map(str, high))}'"
    try:
        found = version(name)
    except PackageNotFoundError:
        return Check(name, WRONG, "not installed", wanted)
    parts = tuple(int(part) for part in found.split(".")[:2])
    right = low <= parts < high
    return Check(name, OK if right else WRONG, found, "" if right else wanted)


def _extra(name: str) -> Check:
    try:
        return Check(f"extra {EXTRAS[name]}", OK, f"{name} {version(name)}")
    except PackageNotFoundError:
        fix = f"pip install 'dbt-segmentation[{EXTRAS[name]}]' adds its pages to the report"
        return Check(f"extra {EXTRAS[name]}", NOTE, f"{name} is not installed", fix)


def _same_version(package: Project) -> str:
    require_same_version(package)
    return package.version


def _limit(session: Session, name: str) -> Check:
    """Without limits DuckDB takes most of the memory and every core, which a shared machine doesn't forgive."""
    value = session.limits.get(name)
    if value is None:
        return Check(f"DuckDB {name}", NOTE, "not set", f"set settings.{name} for target {session.target_name}")
    return Check(f"DuckDB {name}", OK, str(value))


def _pseudonym_key(session: Session) -> str:
    """Say where the key comes from, never what it is."""
    if session.plugin is None:
        raise ConfigError(f"target {session.target_name} does not name the plugin. Add plugins: [{{module: {PLUGIN}}}]")
    key = read_key(session.plugin)
    if key is None:
        raise ConfigError(f"there is none. {HOW_TO}.")
    _require_same_key(session.build, key)
    if read_key({}) is None and not session.plugin.get("key_file"):
        return "the demo's, which everybody knows: not for real customers"
    return "given"


def _require_same_key(build: Path, key: bytes) -> None:
    """Compare with the key of the run before, as the macro `seg_functions_check` does at the start of a run."""
    if not build.is_file():
        return
    with open_file(build, read_only=True) as connection:
        schemas = connection.execute(
            "select table_schema from information_schema.columns where table_catalog = current_database()"
            f" and table_name = {literal(HISTORY)} and column_name = 'key_check'"
        ).fetchall()
        for (schema,) in schemas:
            table = f"{quote(schema)}.{quote(HISTORY)}"
            told = connection.execute(f"select key_check from {table} order by generation desc limit 1").fetchone()
            if told and told[0] != pseudonyms(key, pa.array([KEY_CHECK]))[0].as_py():
                raise ConfigError(
                    "it is not the one of the run before: every customer_id would change, and history would be lost."
                    " Give the former key back; to start anew on purpose, run with --full-refresh and the var"
                    " seg_allow_full_refresh: true."
                )


def _build_file(build: Path) -> str:
    if not build.is_file():
        return f"{build} (the first run makes it)"
    open_file(build, read_only=False).close()
    return str(build)


def _disk(session: Session) -> Check:
    size = session.build.stat().st_size if session.build.is_file() else 0
    needed = max(ROOM_AT_LEAST, ROOM_FACTOR * size)
    free = shutil.disk_usage(_existing(session.build.parent)).free
    fix = "" if free >= needed else f"free {needed / 1e9:.1f} GB: a run works on a copy"
    return Check("free disk", OK if free >= needed else WRONG, f"{free / 1e9:.1f} GB", fix)


def _writable(directory: Path) -> Check:
    right = os.access(_existing(directory), os.W_OK)
    return Check("can write", OK if right else WRONG, str(directory), "" if right else "change its owner or the var")


def _existing(path: Path) -> Path:
    return next(place for place in (path, *path.parents) if place.exists())


def _try(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, OK, look())
    except SegmentationError as error:
        return Check(name, WRONG, str(error), "see the message")


def _table(checks: list[Check]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("check", "verdict", "found", "what to do"):
        table.add_column(column, overflow="fold")
    for check in checks:
        verdict = f"[{COLOURS[check.verdict]}]{check.verdict}[/]"
        table.add_row(check.name, verdict, escape(check.found), escape(check.fix))
    return table
