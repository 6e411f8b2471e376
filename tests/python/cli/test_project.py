"""Reading project files: wrong names of vars, in every place where one can be set."""

from pathlib import Path

import pytest
import yaml

from dbt_segmentation.errors import ConfigError
from dbt_segmentation.project import (
    check_vars,
    effective_vars,
    find_project,
    known_vars,
    packages_are_local,
    parse_vars,
    profiles_directory,
    segmentation_package,
    var_problems,
)

DEFAULTS = {"seg_k_max": 10, "seg_window_days": 180, "seg_orders_relation": None}


def project_file(directory: Path, name: str, variables: dict[str, object] | None = None) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    document = {"name": name, "version": "0.1.0", "vars": variables or {}}
    (directory / "dbt_project.yml").write_text(yaml.safe_dump(document))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    project_file(tmp_path / "shop", "shop")
    project_file(tmp_path / "shop/dbt_packages/dbt_segmentation", "dbt_segmentation", {"dbt_segmentation": DEFAULTS})
    return tmp_path / "shop"


def problems(directory: Path, cli: str = "") -> list[str]:
    project = find_project(directory)
    return var_problems(project, segmentation_package(project), parse_vars(cli))


@pytest.mark.parametrize(
    "variables",
    [{"seg_widow_days": 90}, {"dbt_segmentation": {"seg_widow_days": 90}}, {"shop": {"seg_widow_days": 90}}],
)
def test_mistyped_name_in_the_project_names_file_and_right_name(shop: Path, variables: dict[str, object]) -> None:
    project_file(shop, "shop", variables)
    (problem,) = problems(shop)
    assert str(shop / "dbt_project.yml") in problem
    assert "'seg_widow_days'" in problem
    assert "Did you mean 'seg_window_days'?" in problem


def test_mistyped_name_on_the_command_line(shop: Path) -> None:
    (problem,) = problems(shop, "{seg_kmax: 3, other: 1}")
    assert problem == "--vars: unknown var 'seg_kmax'. Did you mean 'seg_k_max'?"


def test_mistyped_name_in_another_package(shop: Path) -> None:
    project_file(shop / "dbt_packages/other", "other", {"seg_orders_relatoin": "raw.orders"})
    (problem,) = problems(shop)
    assert "other/dbt_project.yml" in problem
    assert "'seg_orders_relation'" in problem


def test_right_names_pass_wherever_they_reach_the_package(shop: Path) -> None:
    project_file(shop, "shop", {"seg_k_max": 5, "other": 1, "dbt_segmentation": {"seg_window_days": 90}})
    assert problems(shop, "seg_k_max: 4") == []


def test_right_name_where_it_has_no_effect(shop: Path) -> None:
    project_file(shop, "shop", {"shop": {"seg_k_max": 5}})
    assert "never reaches the package" in problems(shop)[0]


def test_same_var_twice_with_different_values(shop: Path) -> None:
    project_file(shop, "shop", {"seg_k_max": 5, "dbt_segmentation": {"seg_k_max": 6}})
    assert "is 5 under vars and 6 under vars.dbt_segmentation" in problems(shop)[0]


def test_all_problems_are_told_at_once(shop: Path) -> None:
    project_file(shop, "shop", {"seg_one": 5, "seg_two": 6})
    project = find_project(shop)
    with pytest.raises(ConfigError) as caught:
        check_vars(project, segmentation_package(project), {"seg_three": 1})
    assert [name in str(caught.value) for name in ("seg_one", "seg_two", "seg_three")] == [True] * 3


def test_later_scopes_win_as_in_dbt(shop: Path) -> None:
    project_file(shop, "shop", {"seg_k_max": 5, "seg_window_days": 30, "dbt_segmentation": {"seg_window_days": 90}})
    project = find_project(shop)
    values = effective_vars(project, segmentation_package(project), {"seg_k_max": 4})
    assert values == {"seg_k_max": 4, "seg_window_days": 90, "seg_orders_relation": None}


def test_package_itself_may_be_the_project() -> None:
    root = find_project(Path(__file__).parents[3])
    assert segmentation_package(root) is root
    assert {"seg_publish_dir", "seg_reports_dir", "seg_language"} <= set(known_vars(root))


@pytest.mark.parametrize("content", ["[1, 2]", "a: b: c", "\x00"])
def test_broken_project_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "dbt_project.yml").write_text(content)
    with pytest.raises(ConfigError, match=r"dbt_project\.yml"):
        find_project(tmp_path)


@pytest.mark.parametrize("text", ["[1]", "a: b: c", "text"])
def test_vars_that_are_no_mapping(text: str) -> None:
    with pytest.raises(ConfigError, match="--vars"):
        parse_vars(text)


def test_project_is_found_from_a_folder_inside_it(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop / "models/deep").mkdir(parents=True)
    monkeypatch.chdir(shop / "models/deep")
    assert find_project().directory == shop


def test_no_project_and_no_package(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--project-dir"):
        find_project(tmp_path)
    project_file(tmp_path, "shop")
    with pytest.raises(ConfigError, match=r"packages\.yml"):
        segmentation_package(find_project(tmp_path))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, None),
        ("packages: [{local: ../a}]", True),
        ("packages: [{local: ../a}, {package: dbt-labs/dbt_utils, version: 1.3.0}]", False),
    ],
)
def test_whether_packages_need_a_network(shop: Path, content: str | None, expected: bool | None) -> None:
    if content:
        (shop / "packages.yml").write_text(content)
    assert packages_are_local(find_project(shop)) is expected


def test_profiles_directory_in_order_of_precedence(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DBT_PROFILES_DIR", raising=False)
    project = find_project(shop)
    with pytest.raises(ConfigError, match="--profiles-dir"):
        profiles_directory(project)
    for place in (tmp_path / "home/.dbt", shop, tmp_path):
        place.mkdir(parents=True, exist_ok=True)
        (place / "profiles.yml").touch()
        assert profiles_directory(project) == place
    (tmp_path / "env").mkdir()
    monkeypatch.setenv("DBT_PROFILES_DIR", str(tmp_path / "env"))
    with pytest.raises(ConfigError, match="env"):
        profiles_directory(project)
    assert profiles_directory(project, shop) == shop
