"""The engine that a command works on, whatever it is: project, profile, vars, and on Spark a prepared session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dbt_segmentation.cli.invoke import Outcome, invoke
from dbt_segmentation.cli.options import Settings
from dbt_segmentation.cli.session import install_local_packages, load_profile
from dbt_segmentation.project import (
    Project,
    check_vars,
    find_project,
    parse_vars,
    profiles_directory,
    segmentation_package,
)


@dataclass(frozen=True)
class Engine:
    """What a command needs to know to call dbt.

    Attributes
    ----------
    kind : str
        The target's type, as dbt names it.
    arguments : list of str
        Options that make dbt work on this project, profile and vars.
    """

    kind: str
    arguments: list[str]

    def dbt(self, command: str, *options: str) -> Outcome:
        """Run one dbt command."""
        return invoke([command, *options, *self.arguments])


def open_engine(settings: Settings) -> Engine:
    """Read project, packages, vars and profile; start the Spark session where the target is one.

    Raises
    ------
    ConfigError
        With one message that names the file.
    """
    project, profiles_dir, profile = _profile(settings)
    prepare(profile.credentials)
    arguments = ["--project-dir", str(project.directory), "--profiles-dir", str(profiles_dir)]
    arguments += ["--profile", profile.profile_name, "--target", profile.target_name, "--threads", str(profile.threads)]
    return Engine(profile.credentials.type, arguments + (["--vars", settings.vars] if settings.vars else []))


def is_duckdb(settings: Settings) -> bool:
    """Tell whether the target is a DuckDB file."""
    _, _, profile = _profile(settings)
    return str(profile.credentials.type) == "duckdb"


def _profile(settings: Settings) -> tuple[Project, Path, Any]:
    """Give the project, the folder of its profile, and the profile as dbt renders it."""
    project = find_project(settings.project_dir)
    install_local_packages(project)
    cli_vars = parse_vars(settings.vars)
    check_vars(project, segmentation_package(project), cli_vars)
    profiles_dir = profiles_directory(project, settings.profiles_dir)
    return project, profiles_dir, load_profile(settings, project, profiles_dir, cli_vars)


def prepare(credentials: Any) -> None:
    """Register this package's functions where dbt will look for them. DuckDB's plugin does it by itself.

    Raises
    ------
    ConfigError
        If the session can't be started or there is no key.
    """
    if credentials.type == "spark" and str(credentials.method) in ("session", "SparkConnectionMethod.SESSION"):
        from dbt_segmentation.spark_session import start

        start(credentials.server_side_parameters or {})


def run_dbt(settings: Settings, arguments: Sequence[str]) -> dict[str, Any]:
    """Run dbt as it is, with our functions registered. dbt says by itself what it does.

    Returns
    -------
    dict
        exit_code, dbt's own.
    """
    from dbt.cli.main import dbtRunner

    engine = open_engine(settings)
    response = dbtRunner().invoke([*arguments, *engine.arguments])
    return {"exit_code": 0 if response.success else 1 if response.exception is None else 2}
