"""Things that are written in two places say the same, and things that should be written once are."""

from __future__ import annotations

import ast
import csv
import re
import tomllib
from collections import Counter
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
PROJECT = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def properties() -> list[tuple[Path, dict]]:
    folders = [ROOT / name for name in ("models", "python_models", "seeds")]
    files = sorted(file for folder in folders for file in folder.rglob("*.yml"))
    assert len(files) > 8
    return [(file, yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files]


def test_one_version() -> None:
    packaged = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    changelog = re.search(r"^## (\S+)", text("CHANGELOG.md"), re.MULTILINE)
    assert changelog is not None
    assert packaged == PROJECT["version"] == changelog.group(1)


def test_every_var_has_a_spec_and_one_comment_line() -> None:
    defaults = PROJECT["vars"]["dbt_segmentation"]
    specs = set(re.findall(r"^    '(seg_\w+)':", text("macros/config/seg_var_specs.sql"), re.MULTILINE))
    assert set(defaults) == specs
    for name in defaults:
        assert re.search(rf"^    {name}: .*  # \S", text("dbt_project.yml"), re.MULTILINE), name


def test_no_script_or_document_names_an_unknown_var() -> None:
    known = set(PROJECT["vars"]["dbt_segmentation"])
    files = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*/*.yml"), *ROOT.glob("models/**/*.sql")]
    for file in files:
        content = file.read_text(encoding="utf-8")
        used = set(re.findall(r"seg_var\(['\"](seg_\w+)['\"]\)", content))
        used |= set(re.findall(r"^\s+(seg_\w+):", content, re.MULTILINE)) if file.suffix in (".md", ".yml") else set()
        assert used <= known, file


def test_every_model_is_described_and_opens_with_its_grain() -> None:
    described = {model["name"] for _, content in properties() for model in content.get("models", [])}
    sql = sorted((ROOT / "models").rglob("*.sql"))
    assert len(sql) > 40
    for file in sql:
        assert file.stem in described, file.stem
        assert file.read_text(encoding="utf-8").startswith("-- One row"), file.stem
    for file in (ROOT / "python_models").rglob("*.py"):
        assert file.stem in described
        assert file.read_text(encoding="utf-8").startswith('"""One row'), file.stem
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 25


def test_engines_differ_in_dispatched_macros() -> None:
    # whether Python runs here, what a message calls the engine, and which engine built what is kept
    told = {"seg_has_python_models", "seg_config_check", "seg_features_hash"}
    files = [*(ROOT / "macros").rglob("*.sql"), *(ROOT / "models").rglob("*.sql")]
    assert {file.stem for file in files if "target.type" in file.read_text(encoding="utf-8")} == told


def test_every_mart_column_is_described_by_a_text_written_once() -> None:
    blocks = re.findall(r"{% docs (\w+) %}\n(.*?)\n{% enddocs %}", text("models/docs/columns.md"), re.DOTALL)
    names, texts = [name for name, _ in blocks], [body for _, body in blocks]
    assert [name for name, n in Counter(names).items() if n > 1] == []
    assert [body for body, n in Counter(texts).items() if n > 1] == []
    used = set()
    for file, content in properties():
        for model in content.get("models", []):
            for column in model.get("columns", []):
                reference = re.fullmatch(r"{{ doc\('(\w+)'\) }}", column["description"])
                if file.parent.name in ("marts", "monitoring"):
                    assert reference is not None, (model["name"], column["name"])
                used |= {reference.group(1)} if reference else set()
    assert used <= set(names)
    assert set(names) <= used


def family_features() -> dict[str, dict[str, list[str]]]:
    """Read what seg_family_features lists: a literal, which Jinja and Python write alike."""
    body = re.search(r"return\((\{.*\})\) \}\}", text("macros/config/seg_family_features.sql"), re.DOTALL)
    assert body is not None
    told: dict[str, dict[str, list[str]]] = ast.literal_eval(body.group(1))
    return told


def test_every_feature_is_in_the_catalogue_with_its_family_and_type() -> None:
    with (ROOT / "seeds/reference/seg_feature_catalogue.csv").open(encoding="utf-8") as file:
        catalogue = {row["feature"]: row for row in csv.DictReader(file)}
    types = {"counts": "number", "numbers": "number", "flags": "flag", "categories": "category"}
    listed = [
        (feature, family, types[kind])
        for family, kinds in family_features().items()
        for kind, names in kinds.items()
        for feature in names
    ]
    measures = re.findall(r"'(\w+)': '\w+'", text("macros/config/seg_window_features.sql"))
    listed += [(f"{measure}_{days}", "trend", "number") for measure in measures for days in ("life", "decayed")]
    assert len(listed) == len({feature for feature, _, _ in listed})
    assert {(name, row["family"], row["value_type"]) for name, row in catalogue.items()} == set(listed)
    for name, row in catalogue.items():
        assert all(row.values()), name
        assert row["treatment"] in ("log", "share", "none", "one_hot"), name
        assert (row["treatment"] == "one_hot") == (row["value_type"] == "category"), name


def test_clustering_starts_from_the_features_that_the_catalogue_says() -> None:
    with (ROOT / "seeds/reference/seg_feature_catalogue.csv").open(encoding="utf-8") as file:
        chosen = {row["feature"] for row in csv.DictReader(file) if row["clustering"] == "true"}
    body = text("macros/config/seg_features.sql").split("_seg_default_clustering_features()")[-1]
    assert set(re.findall(r"'(\w+)'", body)) == chosen
    # a change of this list changes every user's segments
    assert chosen == {
        "recency_days",
        "order_count",
        "revenue",
        "average_order_value",
        "basket_lines",
        "category_count",
        "category_concentration",
        "discount_share",
        "private_label_share",
    }


def test_archetype_patterns_name_known_archetypes_and_features() -> None:
    with (ROOT / "seeds/reference/seg_segment_archetypes.csv").open(encoding="utf-8") as file:
        archetypes = [row["archetype"] for row in csv.DictReader(file)]
    with (ROOT / "seeds/reference/seg_feature_catalogue.csv").open(encoding="utf-8") as file:
        features = {row["feature"] for row in csv.DictReader(file)}
    with (ROOT / "seeds/reference/seg_archetype_patterns.csv").open(encoding="utf-8") as file:
        patterns = list(csv.DictReader(file))
    assert {row["archetype"] for row in patterns} == set(archetypes)
    assert {row["feature"] for row in patterns} <= features


def test_input_columns_of_the_guide_are_those_of_the_contract() -> None:
    contract = text("macros/inputs/seg_input_columns.sql")
    guide = text("docs/inputs.md")
    for name, body in re.findall(r"^    '(\w+)': {\n(.*?)^    },", contract, re.MULTILINE | re.DOTALL):
        columns = re.findall(r"'(\w+)': \('", body)
        row = re.search(rf"^\| {name} \| [^|]+ \| ([^|]+) \|$", guide, re.MULTILINE)
        assert row is not None, name
        told = [column.strip(" !") for column in re.sub(r" \([^)]*\)", "", row.group(1)).split(",")]
        assert told == columns, name


def test_one_public_macro_a_file_described_with_its_arguments() -> None:
    described = {macro["name"]: macro for macro in yaml.safe_load(text("macros/_macros.yml"))["macros"]}
    files = sorted((ROOT / "macros").rglob("*.sql"))
    assert len(files) > 40
    for file in files:
        if re.match(r"[a-z]+__", file.stem):  # named for an engine: in place of one of dbt's own macros there
            continue
        macros = re.findall(r"{%-? macro (\w+)\((.*?)\)", file.read_text(encoding="utf-8"))
        public = [(name, arguments) for name, arguments in macros if not re.match(r"_|[a-z]+__", name)]
        assert [name for name, _ in public] == [file.stem]
        names = [argument.split("=")[0].strip() for argument in public[0][1].split(",") if argument.strip()]
        assert [argument["name"] for argument in described[file.stem].get("arguments", [])] == names
    assert len(described) == len(files)
