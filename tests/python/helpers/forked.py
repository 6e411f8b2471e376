"""Run commands of dbt and of this package in processes that are forked from one that has imported what they need.

Importing takes a command of dbt longer than most of its models do, and the tests run more than a hundred. Each command still
gets a process, environment and folder of its own. Garbage in cycles is left until a process ends: looking for it through all
that dbt has parsed takes a sixth of a build.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PRELOADED = [
    "dbt.cli.main",
    "dbt.adapters.duckdb.impl",
    "dbt_segmentation.cli.main",
    "dbt_segmentation.fitting",
    "dbt_segmentation.identity",
    "evidently",
    "evidently.presets",
    "rapidfuzz",
    "holidays",
]
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(PRELOADED)


def run(
    command: Sequence[str], folder: Path, env: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run `dbt ...` or `dbt-segmentation ...` as `subprocess.run` would, with what it printed as text."""
    with tempfile.TemporaryDirectory() as scratch:
        printed = [Path(scratch, name) for name in ("stdout", "stderr")]
        process = CONTEXT.Process(target=_run, args=(list(command), str(folder), dict(env), *map(str, printed)))
        process.start()
        process.join(timeout)
        if process.is_alive():
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(command, timeout)
        out, err = (path.read_text(encoding="utf-8", errors="replace") if path.exists() else "" for path in printed)
    return subprocess.CompletedProcess(command, int(process.exitcode or 0), out, err)


class Steps:
    """A process that runs many dbt commands on one project, which it parses once: see `dbt_steps`."""

    def __init__(self, folder: Path, env: Mapping[str, str], build: Path) -> None:
        self._connection, theirs = CONTEXT.Pipe()
        # a daemon ends with the tests, also where a fixture failed before anybody could end it
        self._process = CONTEXT.Process(target=_serve, args=(theirs, str(folder), dict(env), str(build)), daemon=True)
        self._process.start()
        theirs.close()

    def do(self, step: dict[str, Any]) -> dict[str, Any]:
        """Do one step and give what became of it."""
        self._connection.send(step)
        try:
            answer: dict[str, Any] = self._connection.recv()
        except EOFError:
            self._process.join()
            raise AssertionError(f"the process that runs dbt ended with {self._process.exitcode}: {step}") from None
        return answer

    def end(self) -> None:
        """Let the process end, and wait for it."""
        if self._process.is_alive():
            self._connection.send(None)
        self._process.join()


def _serve(connection: Any, folder: str, env: dict[str, str], build: str) -> None:
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what dbt, macros and models print is no answer
    from helpers.dbt_steps import serve

    serve(connection, build)


def _run(command: list[str], folder: str, env: dict[str, str], out: str, err: str) -> None:
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    gc.disable()
    sys.argv = command
    main: Any
    if command[0] == "dbt":
        from dbt.cli.main import cli as main
    else:
        from dbt_segmentation.cli.main import main
    sys.exit(main())
