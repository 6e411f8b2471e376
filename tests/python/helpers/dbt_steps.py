"""Run many dbt commands on one project in one process, which parses once: a command of its own would parse each time.

Works in the current folder. Answers each step that comes through the connection with a mapping: `statuses`, what became of each
node, or `error`. A step may have

- `start`: file to put in the build file's place before it;
- `sql`: statements to execute in the build file before it;
- `arguments`: of dbt, vars among them; a var decides about what runs, not about what was parsed;
- `keep`: file to copy the build file to after it.
"""

from __future__ import annotations

import gc
import os
import shutil
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import duckdb
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.nodes import CompiledNode

from dbt_segmentation.cli.invoke import _close_connections
from dbt_segmentation.duckdb_plugin import Plugin

QUIET = ("--quiet", "--no-use-colors", "--log-level", "none", "--no-send-anonymous-usage-stats")
PARSED = (".sql", ".yml", ".py", ".csv", ".md")
NOT_PARSED = {"target", "logs", "dbt_packages", "published", "reports"}


def serve(connection: Connection, build: str) -> None:
    """Answer one step after the other until nobody asks any more."""
    gc.disable()
    parsed, of_files = None, None
    while (step := connection.recv()) is not None:
        files = _files()
        if parsed is None or files != of_files:
            parsed, of_files = dbtRunner().invoke([*QUIET, "parse"]), files
            gc.freeze()  # what was parsed stays
        connection.send(_step(step, build, parsed.result) if parsed.success else {"error": f"{parsed.exception}"})
        gc.collect()


def _step(step: dict[str, Any], build: str, manifest: Any) -> dict[str, Any]:
    if step.get("start"):
        shutil.copyfile(step["start"], build)
    if step.get("sql"):
        with duckdb.connect(build) as connection:
            Plugin("seg", {}).configure_connection(connection)  # views need the functions
            for statement in step["sql"]:
                connection.execute(statement)
    _forget_compilation(manifest)
    response = dbtRunner(manifest=manifest).invoke([*QUIET, *step["arguments"]])
    _close_connections()
    results: list[Any] = [
        result for result in getattr(response.result, "results", None) or [] if hasattr(result, "node")
    ]
    if not response.success:
        failures = [
            f"{result.node.name}: {result.message}" for result in results if str(result.status) in ("error", "fail")
        ]
        return {"error": "\n".join([str(step["arguments"]), str(response.exception or ""), *failures])}
    if step.get("keep"):
        shutil.copyfile(build, step["keep"])
    return {"statuses": {result.node.name: str(result.status) for result in results}}


def _files() -> list[tuple[str, int, int]]:
    """What would have to be parsed again if it changed."""
    found = []
    for folder, folders, names in os.walk("."):
        folders[:] = [name for name in folders if name not in NOT_PARSED]
        for path in (Path(folder, name) for name in names if name.endswith(PARSED)):
            found.append((str(path), path.stat().st_mtime_ns, path.stat().st_size))
    return sorted(found)


def _forget_compilation(manifest: Any) -> None:
    """Compiling leaves ephemeral models marked as written into those that read them, which a second command would trust."""
    for node in manifest.nodes.values():
        if isinstance(node, CompiledNode):
            node.compiled, node.compiled_code = False, None
            node.extra_ctes, node.extra_ctes_injected = [], False
