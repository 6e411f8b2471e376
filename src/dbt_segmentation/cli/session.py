"""The project, profile and vars that a command works on, as dbt itself reads them."""

import os
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from dbt_segmentation.cli.options import Settings
from dbt_segmentation.errors import ConfigError
from dbt_segmentation.files import exclusive
from dbt_segmentation.project import (
    PACKAGE,
    Project,
    check_vars,
    effective_vars,
    find_project,
    installed_packages,
    packages_are_local,
    parse_vars,
    profiles_directory,
    read_yaml,
    segmentation_package,
)
from dbt_segmentation.publishing import LINKS

PLUGIN = "dbt_segmentation.duckdb_plugin"


@dataclass(frozen=True)
class Session:
    """Everything a command needs to know before it starts.

    Attributes
    ----------
    package : Project
        This dbt package, as the project has it installed.
    profiles_dir : Path
        Holds the profiles.yml that dbt would read.
    profile_name, target_name : str
        Rendered.
    build : Path
        The target's DuckDB file, absolute.
    threads : int
        That dbt will use.
    limits : mapping
        DuckDB settings of the target.
    plugin : mapping or None
        Config of this package's DuckDB plugin; None where the target does not name it.
    vars : mapping
        Values of the package's vars.
    """

    settings: Settings
    project: Project
    package: Project
    profiles_dir: Path
    profile_name: str
    target_name: str
    build: Path
    threads: int
    limits: Mapping[str, Any]
    plugin: Mapping[str, Any] | None
    vars: Mapping[str, Any]

    @property
    def publish_dir(self) -> Path:
        """Where versions are published."""
        return self.project.directory / str(self.vars.get("seg_publish_dir") or "published")

    @property
    def reports_dir(self) -> Path:
        """Where the report appears."""
        return self.project.directory / str(self.vars.get("seg_reports_dir") or "reports/out")

    @property
    def language(self) -> str:
        """Language of the report."""
        return str(self.vars.get("seg_language") or "en")


def open_session(settings: Settings) -> Session:
    """Read project, packages, vars and profile, and stop on the first of them that is wrong.

    Raises
    ------
    ConfigError
        With one message that names the file.
    """
    project = find_project(settings.project_dir)
    install_local_packages(project)
    package = segmentation_package(project)
    cli_vars = parse_vars(settings.vars)
    check_vars(project, package, cli_vars)
    profiles_dir = profiles_directory(project, settings.profiles_dir)
    profile = load_profile(settings, project, profiles_dir, cli_vars)
    session = Session(
        settings=settings,
        project=project,
        package=package,
        profiles_dir=profiles_dir,
        profile_name=profile.profile_name,
        target_name=profile.target_name,
        build=_build_file(project, profile),
        threads=profile.threads,
        limits={**(profile.credentials.config_options or {}), **(profile.credentials.settings or {})},
        plugin=_plugin_config(profile),
        vars=effective_vars(project, package, cli_vars),
    )
    _require_apart(session)
    return session


def _plugin_config(profile: Any) -> dict[str, Any] | None:
    for plugin in profile.credentials.plugins or []:
        if plugin.module == PLUGIN:
            return dict(plugin.config or {})
    return None


def _require_apart(session: Session) -> None:
    """Refuse a build file that publishing would overwrite, or that readers would find."""
    build, published = session.build.resolve(), session.publish_dir.resolve()
    if build.is_relative_to(published) and published != session.project.directory.resolve():
        raise ConfigError(
            f"The build file {session.build} lies in seg_publish_dir ({session.publish_dir}), where readers look. "
            "Keep it elsewhere: change `path` in profiles.yml, or the var."
        )
    if build.parent == published and build.name in LINKS:
        raise ConfigError(
            f"The build file {session.build} has the name of a published file. Rename it in profiles.yml."
        )


def install_local_packages(project: Project) -> None:
    """Run `dbt deps` where it is due and needs no network.

    Raises
    ------
    ConfigError
        If packages are not installed and some of them are not local.
    """
    local = packages_are_local(project)
    if project.name == PACKAGE or local is None or installed_packages(project):
        return
    if not local:
        raise ConfigError(f"the packages of {project.directory} are not installed. Run `dbt deps` there.")
    from dbt_segmentation.cli.invoke import invoke

    outcome = invoke(["deps", "--project-dir", str(project.directory)])
    if not outcome.success:
        raise ConfigError(f"`dbt deps` failed in {project.directory}: {outcome.message}")


def load_profile(settings: Settings, project: Project, profiles_dir: Path, cli_vars: dict[str, Any]) -> Any:
    """Give dbt's own rendering of the profile, with jinja and environment variables resolved.

    Raises
    ------
    ConfigError
        With dbt's reason.
    """
    from dbt.config.runtime import load_profile as dbt_load_profile
    from dbt.flags import set_from_args
    from dbt_common.clients.system import get_env
    from dbt_common.context import set_invocation_context
    from dbt_common.exceptions import DbtBaseException

    arguments = Namespace(
        profiles_dir=str(profiles_dir), project_dir=str(project.directory), vars=cli_vars, target=settings.target
    )
    try:
        set_invocation_context(get_env())
        set_from_args(arguments, None)
        return dbt_load_profile(str(project.directory), cli_vars, settings.profile, settings.target, settings.threads)
    except DbtBaseException as error:
        raise ConfigError(f"{profiles_dir / 'profiles.yml'}: {one_paragraph(str(error))}") from error


def one_paragraph(text: str) -> str:
    """Drop dbt's empty lines and indentation."""
    return " ".join(line.strip() for line in text.splitlines() if line.strip())


def _build_file(project: Project, profile: Any) -> Path:
    kind, path = profile.credentials.type, str(getattr(profile.credentials, "path", ""))
    if kind != "duckdb":
        raise ConfigError(
            f"target {profile.target_name!r} is of type {kind}; this command builds in a DuckDB file. "
            "Choose a DuckDB target with --target, or run `dbt build`."
        )
    if path == ":memory:" or "://" in path or path.startswith(("md:", "motherduck:")):
        raise ConfigError(f"target {profile.target_name!r} has the path {path}; it must be a file on this machine.")
    # dbt changes to the project's directory before DuckDB opens a relative path
    return Path(os.path.abspath(project.directory / Path(path).expanduser()))


@contextmanager
def profile_for(session: Session, file: Path) -> Iterator[Path]:
    """Give a profiles directory in which the target builds into another file; all else stays as written.

    Jinja is kept, so that what comes from environment variables is never written down.
    """
    profiles = read_yaml(session.profiles_dir / "profiles.yml")
    profile = profiles[session.profile_name]
    output = {**profile["outputs"][session.target_name], "path": str(file)}
    document = {session.profile_name: {"target": session.target_name, "outputs": {session.target_name: output}}}
    with TemporaryDirectory(prefix="dbt_segmentation_") as directory:  # readable by this user only
        (Path(directory) / "profiles.yml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
        yield Path(directory)


def dbt_arguments(session: Session, profiles_dir: Path) -> list[str]:
    """Give the options that make dbt work on this session's project, profile and vars."""
    arguments = ["--project-dir", str(session.project.directory), "--profiles-dir", str(profiles_dir)]
    arguments += ["--profile", session.profile_name, "--target", session.target_name]
    arguments += ["--threads", str(session.threads)]
    return arguments + (["--vars", session.settings.vars] if session.settings.vars else [])


def build_lock(session: Session) -> Any:
    """Hold off other commands of this program that would work on the same build file."""
    return exclusive(session.build.with_name(session.build.name + ".lock"), str(session.build))
