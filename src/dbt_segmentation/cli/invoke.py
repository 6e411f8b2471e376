"""Run dbt in this process, follow its nodes, and say what failed in words."""

import contextlib
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dbt_segmentation.cli.options import BuildFailedError
from dbt_segmentation.errors import ConfigError, SegmentationError
from dbt_segmentation.files import explain

FAILED = ("error", "fail", "runtime error", "partial success")
MESSAGE_PREFIX, CONFIG_PREFIX = "seg:", "seg config:"


@dataclass
class Outcome:
    """What an invocation of dbt came to.

    Attributes
    ----------
    results : list
        dbt's result for each node, hooks included.
    exception : BaseException or None
        What stopped dbt before or outside the nodes.
    errors : list of str
        What dbt logged as errors: `run-operation` puts its reason nowhere else.
    """

    success: bool
    results: list[Any] = field(default_factory=list)
    exception: BaseException | None = None
    errors: list[str] = field(default_factory=list)

    @property
    def message(self) -> str:
        """The reason why dbt stopped, on one line."""
        return " ".join((str(self.exception or "") or " ".join(self.errors) or "no reason given").split())


def invoke(arguments: Sequence[str], callbacks: Sequence[Callable[[Any], None]] = ()) -> Outcome:
    """Run one dbt command. Its database connections are closed afterwards, its log file is written as always."""
    from dbt.cli.main import dbtRunner

    errors: list[str] = []

    def remember_errors(event: Any) -> None:
        if event.info.level == "error":
            errors.append(str(event.info.msg))

    here = os.getcwd()
    quiet = ["--log-level", "none", "--no-use-colors", "--no-send-anonymous-usage-stats"]
    try:
        # What macros and Python models print is for people; stdout is for results.
        with contextlib.redirect_stdout(sys.stderr):
            response = dbtRunner(callbacks=[remember_errors, *callbacks]).invoke([*quiet, *arguments])
    finally:
        _close_connections()
        os.chdir(here)
    if isinstance(response.exception, KeyboardInterrupt):
        raise response.exception
    results = list(getattr(response.result, "results", None) or [])
    return Outcome(response.success, results, response.exception, errors)


def _close_connections() -> None:
    """Let go of the DuckDB file: dbt-duckdb keeps it open until the process ends."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import FACTORY

    FACTORY.cleanup_connections()
    with DuckDBConnectionManager._LOCK:
        if DuckDBConnectionManager._ENV is not None:
            DuckDBConnectionManager._ENV.close()
        DuckDBConnectionManager._ENV = None


def require_success(outcome: Outcome, what: str) -> None:
    """Raise what a failed invocation means for the person who started it.

    Raises
    ------
    ConfigError
        If a setting is wrong, or dbt could not even start.
    LockedError
        If another process holds the build file.
    BuildFailedError
        If nodes failed; it carries a line for each.
    """
    if outcome.success:
        return
    texts = [str(outcome.exception or ""), *outcome.errors, *(str(result.message or "") for result in outcome.results)]
    settings = [line for text in texts for line in _our_lines(text, CONFIG_PREFIX)]
    if settings:
        raise ConfigError("\n".join(dict.fromkeys(settings)))
    nodes = [result for result in outcome.results if hasattr(result, "node")]
    if outcome.exception is not None or not nodes:
        raise _stopped(outcome.message)
    failures = [_failure(result) for result in nodes if str(result.status) in FAILED]
    skipped = sum(str(result.status) == "skipped" for result in outcome.results)
    raise BuildFailedError(f"{what}: {len(failures)} failed, {skipped} skipped. Nothing was published.", failures)


def _stopped(text: str) -> SegmentationError:
    held = re.search(r'Could not set lock on file "([^"]+)"', text)
    if held:
        return explain(Exception(text), Path(held[1]))
    ours = _our_lines(text, MESSAGE_PREFIX)
    return ConfigError("\n".join(ours) if ours else f"dbt could not start: {text}")


def _failure(result: Any) -> dict[str, str]:
    """Describe a failed node: its name, what it says, and what its author says to do about it."""
    node, text = result.node, str(result.message or "")
    ours = _our_lines(text, MESSAGE_PREFIX)
    meta = getattr(getattr(node, "config", None), "meta", None) or {}
    return {
        "node": str(getattr(node, "name", "") or getattr(node, "unique_id", "")),
        "status": str(result.status),
        "message": "\n    ".join(ours) or _plain(text),
        "help": str(meta.get("seg_help") or ""),
    }


def _our_lines(text: str, prefix: str) -> list[str]:
    """Give the lines of a message that our macros wrote, without dbt's wrapping and our prefix."""
    lines = (line.strip() for line in text.splitlines())
    return [line.partition(prefix)[2].strip() for line in lines if prefix in line]


def _plain(text: str) -> str:
    """Drop the paths of compiled code, and keep a failure to a few lines."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and "compiled code at" not in line]
    if any("Python model failed" in line for line in lines):
        return lines[-1]  # of a traceback, what went wrong stands last
    return "\n    ".join(lines[:8])
