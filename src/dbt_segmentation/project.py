"""Read dbt's project files without dbt: which project, which packages, which `seg_` vars.

dbt ignores a mistyped var without a word, and a macro sees only the names it asks for. So names are checked here,
in every file that may set one.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dbt_segmentation.errors import ConfigError, did_you_mean

PACKAGE = "dbt_segmentation"
PREFIX = "seg_"
PROJECT_FILE = "dbt_project.yml"


@dataclass(frozen=True)
class Project:
    """A dbt project, as its `dbt_project.yml` describes it.

    Attributes
    ----------
    directory : Path
        Absolute.
    document : mapping
        The parsed file, unrendered. dbt doesn't render `vars` either.
    """

    directory: Path
    document: Mapping[str, Any]

    @property
    def file(self) -> Path:
        """The project file."""
        return self.directory / PROJECT_FILE

    @property
    def name(self) -> str:
        """The project's name, empty if the file gives none."""
        return str(self.document.get("name") or "")

    @property
    def version(self) -> str:
        """The project's version, empty if the file gives none."""
        return str(self.document.get("version") or "")

    @property
    def packages_directory(self) -> Path:
        """Where `dbt deps` puts packages."""
        return self.directory / str(self.document.get("packages-install-path") or "dbt_packages")

    @property
    def declared_vars(self) -> Mapping[str, Any]:
        """The `vars` block."""
        return _mapping(self.document.get("vars"), f"{self.file}: vars")


def find_project(directory: Path | None = None) -> Project:
    """Find the project to work on, where dbt would: the directory given, else the current one or a parent.

    Raises
    ------
    ConfigError
        If there is no project file, or it can't be read.
    """
    if directory is not None:
        return read_project(directory.resolve())
    here = Path.cwd()
    for candidate in (here, *here.parents):
        if (candidate / PROJECT_FILE).is_file():
            return read_project(candidate)
    raise ConfigError(f"no {PROJECT_FILE} in {here} or above. Go to a dbt project, or name it with --project-dir.")


def read_project(directory: Path) -> Project:
    """Read one project file.

    Raises
    ------
    ConfigError
        If the file is absent, is not YAML, or is not a mapping.
    """
    file = directory / PROJECT_FILE
    if not file.is_file():
        raise ConfigError(f"{file} does not exist. Name a dbt project with --project-dir.")
    return Project(directory, read_yaml(file))


def read_yaml(file: Path) -> Mapping[str, Any]:
    """Read a YAML file that holds a mapping or nothing."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{file} can't be read: {error}") from error
    return _mapping(content, str(file))


def parse_vars(text: str | None) -> dict[str, Any]:
    """Parse what `--vars` was given, as dbt does: a YAML mapping.

    Raises
    ------
    ConfigError
        If it is anything else.
    """
    try:
        return dict(_mapping(yaml.safe_load(text or "{}"), "--vars"))
    except yaml.YAMLError as error:
        raise ConfigError(f"--vars is not YAML: {error}") from error


def installed_packages(project: Project) -> list[Project]:
    """Give the packages that `dbt deps` has installed, in order of name."""
    directory = project.packages_directory
    if not directory.is_dir():
        return []
    folders = [path for path in sorted(directory.iterdir()) if (path / PROJECT_FILE).is_file()]
    return [read_project(folder) for folder in folders]


def segmentation_package(project: Project) -> Project:
    """Give this dbt package as the project has it installed, or the project itself if it is the package.

    Raises
    ------
    ConfigError
        If the project doesn't have it.
    """
    for candidate in (project, *installed_packages(project)):
        if candidate.name == PACKAGE:
            return candidate
    raise ConfigError(
        f"{project.directory} does not have the dbt package {PACKAGE}. Add it to packages.yml and run `dbt deps`."
    )


def packages_are_local(project: Project) -> bool | None:
    """Say whether all declared packages are on this disk, so that `dbt deps` needs no network; None: none declared."""
    declared: list[Any] = []
    for name in ("packages.yml", "dependencies.yml"):
        if (project.directory / name).is_file():
            declared += read_yaml(project.directory / name).get("packages") or []
    if not declared:
        return None
    return all(isinstance(package, Mapping) and "local" in package for package in declared)


def profiles_directory(project: Project, option: Path | None = None) -> Path:
    """Find profiles.yml where dbt does (option, DBT_PROFILES_DIR, here, ~/.dbt), and beside the project file too.

    Raises
    ------
    ConfigError
        If it is in none of these places.
    """
    if option is not None:
        places = [option]
    elif os.environ.get("DBT_PROFILES_DIR"):
        places = [Path(os.environ["DBT_PROFILES_DIR"])]
    else:
        places = [Path.cwd(), project.directory, Path.home() / ".dbt"]
    for place in places:
        if (place / "profiles.yml").is_file():
            return place.resolve()
    raise ConfigError(f"no profiles.yml in {', '.join(map(str, places))}. Name its directory with --profiles-dir.")


def known_vars(package: Project) -> dict[str, Any]:
    """Give every var of this package with its default, from its own project file."""
    scopes = package.declared_vars
    inner = _mapping(scopes.get(PACKAGE), f"{package.file}: vars.{PACKAGE}")
    return {name: value for scope in (scopes, inner) for name, value in scope.items() if _is_ours(name)}


def effective_vars(project: Project, package: Project, cli_vars: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values that the package's models see: defaults, then the project's, its scoped ones, then `--vars`."""
    values = known_vars(package)
    scopes = project.declared_vars
    inner = _mapping(scopes.get(PACKAGE), f"{project.file}: vars.{PACKAGE}")
    for scope in (scopes, inner, cli_vars):
        values.update({name: value for name, value in scope.items() if name in values})
    return values


def var_problems(project: Project, package: Project, cli_vars: Mapping[str, Any]) -> list[str]:
    """Name every `seg_` var that is unknown, set twice with different values, or set where it has no effect.

    Returns
    -------
    list of str
        A sentence for each problem: file, name, and what to write instead.
    """
    known = known_vars(package)
    problems = [f"--vars: {_unknown(name, known)}" for name in cli_vars if _is_ours(name) and name not in known]
    others = [other for other in installed_packages(project) if other.name not in (PACKAGE, project.name)]
    for source in (project, *others):
        for scope, name, _ in _settings(source):
            if name not in known:
                problems.append(f"{source.file}: {_unknown(name, known)}")
            elif source is project and scope not in ("", PACKAGE):
                problems.append(
                    f"{source.file}: {name!r} under vars.{scope} never reaches the package. Move it to vars.{PACKAGE}."
                )
    return problems + _contradictions(project)


def check_vars(project: Project, package: Project, cli_vars: Mapping[str, Any]) -> None:
    """Stop on the first batch of wrong names.

    Raises
    ------
    ConfigError
        With one line for each problem.
    """
    problems = var_problems(project, package, cli_vars)
    if problems:
        raise ConfigError("\n".join(problems))


def _settings(source: Project) -> Iterator[tuple[str, str, Any]]:
    for key, value in source.declared_vars.items():
        if _is_ours(key):
            yield "", key, value
        elif isinstance(value, Mapping):
            yield from ((str(key), name, inner) for name, inner in value.items() if _is_ours(name))


def _contradictions(project: Project) -> list[str]:
    if project.name == PACKAGE:
        return []
    wide = {name: value for scope, name, value in _settings(project) if scope == ""}
    return [
        f"{project.file}: {name!r} is {wide[name]!r} under vars and {value!r} under vars.{PACKAGE}. Keep one of them."
        for scope, name, value in _settings(project)
        if scope == PACKAGE and name in wide and wide[name] != value
    ]


def _unknown(name: str, known: Mapping[str, Any]) -> str:
    return f"unknown var {name!r}. {did_you_mean(name, known)}"


def _is_ours(name: object) -> bool:
    return isinstance(name, str) and name.startswith(PREFIX)


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ConfigError(f"{where} must be a mapping of names to values, not {type(value).__name__}.")
    return value
