"""Options that every command has, and one way to end: a message, an exit code, never a traceback."""

import functools
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import duckdb
from rich.console import Console
from rich.markup import escape

from dbt_segmentation.errors import LockedError, SegmentationError
from dbt_segmentation.project import parse_vars

EXIT_FAILED, EXIT_CONFIG, EXIT_LOCKED, EXIT_INTERRUPTED = 1, 2, 3, 130
TITLES = {EXIT_FAILED: "Failed", EXIT_CONFIG: "Configuration", EXIT_LOCKED: "Locked"}

# stdout carries results only, so that scripts can read them. Everything for people goes here.
console = Console(stderr=True, highlight=False)


@dataclass(frozen=True)
class Settings:
    """What the command line said, as dbt has it."""

    project_dir: Path | None = None
    profiles_dir: Path | None = None
    profile: str | None = None
    target: str | None = None
    vars: str | None = None
    threads: int | None = None
    json: bool = False
    debug: bool = False

    def with_var(self, name: str, value: Any) -> "Settings":
        """Give these settings with one more var.

        Raises
        ------
        ConfigError
            What `--vars` says is no mapping.
        """
        return replace(self, vars=json.dumps({**parse_vars(self.vars), name: value}))


class BuildFailedError(SegmentationError):
    """Nodes of a dbt build failed.

    Attributes
    ----------
    failures : list of dict
        For each: node, status, message, help.
    """

    def __init__(self, message: str, failures: list[dict[str, str]]) -> None:
        super().__init__(message)
        self.failures = failures


def command_options(function: Callable[..., dict[str, Any]]) -> Callable[..., None]:
    """Give a command the common options, and turn what it returns or raises into output and an exit code."""

    @click.option("--project-dir", type=click.Path(path_type=Path), help="Directory of dbt_project.yml.")
    @click.option("--profiles-dir", type=click.Path(path_type=Path), help="Directory of profiles.yml.")
    @click.option("--profile", help="Profile to use instead of the project's.")
    @click.option("-t", "--target", help="Target of the profile.")
    @click.option("--vars", "vars_", help="YAML mapping of vars, which win over those in dbt_project.yml.")
    @click.option("--threads", type=click.IntRange(min=1), help="Threads that dbt uses.")
    @click.option("--json", "json_", is_flag=True, help="Print one JSON object instead of text.")
    @click.option("--debug", is_flag=True, help="Show the traceback of an error.")
    @functools.wraps(function)
    def wrapped(**options: Any) -> None:
        settings = Settings(
            **{
                name: options.pop(name)
                for name in ("project_dir", "profiles_dir", "profile", "target", "threads", "debug")
            },
            vars=options.pop("vars_"),
            json=options.pop("json_"),
        )
        sys.exit(_finish(settings, functools.partial(function, settings, **options)))

    return wrapped


def _finish(settings: Settings, run: Callable[[], dict[str, Any]]) -> int:
    # dbt and Evidently ask these before they would report home.
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    try:
        result = run()
    except SegmentationError as error:
        if settings.debug:
            console.print_exception()
        _explain(settings, error)
        return error.exit_code
    except KeyboardInterrupt:
        console.print("[bold red]Stopped.[/] Nothing was published.")
        return EXIT_INTERRUPTED
    except duckdb.Error as error:
        if settings.debug:
            console.print_exception()
        _explain(settings, SegmentationError(f"DuckDB: {str(error).strip().splitlines()[0]}"))
        return EXIT_FAILED
    except OSError as error:
        if settings.debug:
            console.print_exception()
        _explain(settings, SegmentationError(f"{error.strerror or error}: {error.filename or 'no file named'}"))
        return EXIT_FAILED
    code = int(result.pop("exit_code", 0))
    if settings.json:
        print_json({"ok": code == 0, "exit_code": code, **result})
    return code


def print_json(document: dict[str, Any]) -> None:
    """Print the one object that --json promises."""
    click.echo(json.dumps(document, indent=2, default=str))


def _explain(settings: Settings, error: SegmentationError) -> None:
    failures = error.failures if isinstance(error, BuildFailedError) else []
    if settings.json:
        kind = type(error).__name__
        print_json(
            {"ok": False, "exit_code": error.exit_code, "error": kind, "message": str(error), "failures": failures}
        )
    style = "yellow" if isinstance(error, LockedError) else "red"
    console.print(f"[bold {style}]{TITLES.get(error.exit_code, 'Error')}:[/] {escape(str(error))}", soft_wrap=True)
    for failure in failures:
        console.print(f"  [bold]{escape(failure['node'])}[/] ({failure['status']})", soft_wrap=True)
        console.print(f"    {escape(failure['message'])}", soft_wrap=True)
        if failure["help"]:
            console.print(f"    [cyan]To fix it:[/] {escape(failure['help'])}", soft_wrap=True)
