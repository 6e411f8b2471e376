"""Scoring SQL as dbt would compile it for DuckDB or Spark, without dbt: so that many models can be tried in a second."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import duckdb
import jinja2
import numpy as np
import pandas as pd
import pyarrow as pa

ROOT = Path(__file__).resolve().parents[3]
FILES = {
    path.stem: path for folder in ("scoring", "types", "config") for path in (ROOT / "macros" / folder).glob("*.sql")
}


class _Return(Exception):  # noqa: N818
    """What `return` does in a dbt macro: it ends the macro with a value."""

    def __init__(self, value: Any) -> None:
        self.value = value


def _give(value: Any) -> None:
    raise _Return(value)


class _Dbt:
    """The few macros of dbt that scoring calls."""

    type_string = staticmethod(lambda: "varchar")
    type_boolean = staticmethod(lambda: "boolean")
    string_literal = staticmethod(lambda text: f"'{text}'")
    escape_single_quotes = staticmethod(lambda text: text.replace("'", "''"))


class _SparkDbt(_Dbt):
    """The same on Spark, where a backslash escapes."""

    type_string = staticmethod(lambda: "string")
    escape_single_quotes = staticmethod(lambda text: text.replace("'", "\\'"))


class _Macros:
    """The package's macros, by name, for one engine."""

    def __init__(self, overrides: dict[str, Any], engine: str = "duckdb") -> None:
        self._overrides = overrides
        self._engine = engine
        self._modules: dict[str, Any] = {}
        self._environment = jinja2.Environment(extensions=["jinja2.ext.do"])
        self._environment.globals.update(
            {
                "config": lambda **settings: "",
                "dbt_segmentation": self,
                "dbt": _SparkDbt if engine == "spark" else _Dbt,
                "adapter": self,
                "return": _give,
                "ref": lambda name: name,
            }
        )

    def dispatch(self, name: str, package: str) -> Any:
        """Give the engine's version of a macro, else the default one."""
        module = self._module(name)
        return self._caught(getattr(module, f"{self._engine}__{name}", None) or getattr(module, f"default__{name}"))

    def __getattr__(self, name: str) -> Any:
        if name in self._overrides:
            return self._overrides[name]
        return self._caught(getattr(self._module(name), name))

    def _module(self, name: str) -> Any:
        if name not in self._modules:
            self._modules[name] = self._template(FILES[name]).module
        return self._modules[name]

    def _template(self, path: Path) -> jinja2.Template:
        return jinja2.Template.from_code(self._environment, _compiled(path), self._environment.globals)

    @staticmethod
    def _caught(macro: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            try:
                return macro(*arguments, **named)
            except _Return as returned:
                return returned.value

        return call

    def render(self, model: str, folder: str = "scoring") -> str:
        """Compile a model of a folder of models."""
        return self._template(ROOT / "models" / folder / f"{model}.sql").render()


@cache
def _compiled(path: Path) -> CodeType:
    """A file of macros or a model, compiled once for all tests."""
    return jinja2.Environment(extensions=["jinja2.ext.do"]).compile(path.read_text(encoding="utf-8"))


def call_macro(name: str, **overrides: Any) -> Any:
    """Call a macro without arguments; `overrides` are the macros that it calls."""
    return getattr(_Macros(overrides), name)()


def render_marts(*models: str) -> list[tuple[str, str]]:
    """Name and query of models that need no parameters, each given as folder/name."""
    macros = _Macros({})
    return [(Path(model).name, macros.render(Path(model).name, Path(model).parent.name)) for model in models]


def score(parameters: pa.Table, features: pd.DataFrame) -> pd.DataFrame:
    """Score raw features with the package's SQL, levels too; rows in the order of the index."""
    with duckdb.connect() as connection:
        wide = features.rename_axis("customer_id").reset_index().assign(snapshot_date=pd.Timestamp("2026-01-31"))
        connection.register("wide", wide)
        connection.execute("create table int_seg__customer_features as select * from wide")
        score_table(parameters, connection)
        told = connection.sql(_levels_query(parameters, connection)).df()
        return told.set_index("customer_id").reindex(features.index)


def score_table(parameters: pa.Table, connection: duckdb.DuckDBPyConnection) -> None:
    """Make int_seg__segment_scores from int_seg__customer_features."""
    connection.execute(f"create or replace table int_seg__segment_scores as {render_score(parameters, connection)}")


def score_on_spark(parameters: pa.Table, features: pd.DataFrame, spark: Any) -> pd.DataFrame:
    """Score raw numbers with the package's SQL in a Spark session: rows of int_seg__segment_scores."""
    with duckdb.connect() as connection:
        macros = _macros(parameters, connection, "spark")
    wide = features.rename_axis("customer_id").reset_index().assign(snapshot_date="2026-01-31")
    # pandas' NaN is a number to Spark, and no null
    rows = wide.astype(object).where(wide.notna(), None).to_numpy().tolist()
    types = ", ".join(f"{name} {'double' if name in features.columns else 'string'}" for name in wide.columns)
    spark.createDataFrame(rows, types).createOrReplaceTempView("int_seg__customer_features")
    spark.sql("select 'm' as model_version").createOrReplaceTempView("int_seg__current_model")
    preprocessed = spark.sql(macros.render("int_seg__preprocessed_features"))
    preprocessed.createOrReplaceTempView("int_seg__preprocessed_features")
    scores = spark.sql(macros.render("int_seg__segment_scores"))
    return pd.DataFrame([tuple(row) for row in scores.collect()], columns=scores.columns)


def _levels_query(parameters: pa.Table, connection: duckdb.DuckDBPyConnection) -> str:
    """Scores with sub_segment_key and micro_segment_key, as int_seg__segment_memberships finds them."""
    macros = _macros(parameters, connection)
    return f"""
        with to_tell as (
            select customer_id, snapshot_date, segment_key as own_segment_key from int_seg__segment_scores
        ),
        preprocessed as (select * from int_seg__preprocessed_features),
        {macros.seg_level_steps(macros.seg_model())}
        select * from int_seg__segment_scores inner join levelled using (customer_id, snapshot_date)
    """


def render_score(parameters: pa.Table, connection: duckdb.DuckDBPyConnection) -> str:
    """Make the view int_seg__preprocessed_features, and give the query of int_seg__segment_scores."""
    macros = _macros(parameters, connection)
    connection.execute("create or replace table int_seg__current_model as select 'm' as model_version")
    connection.execute(
        f"create or replace view int_seg__preprocessed_features as {macros.render('int_seg__preprocessed_features')}"
    )
    return macros.render("int_seg__segment_scores")


def _macros(parameters: pa.Table, connection: duckdb.DuckDBPyConnection, engine: str = "duckdb") -> _Macros:
    """Give the package's macros, for which these rows are the model."""
    connection.register("parameters", parameters)
    rows = connection.sql(
        "select stage, feature, component, cast(value as varchar) as value, text_value from parameters order by 1, 2, 3"
    ).fetchall()
    names = ("stage", "feature", "component", "value", "text_value")
    stages = set(_Macros({}).seg_scoring_stages())
    told = [dict(zip(names, row, strict=True)) for row in rows if row[0] in stages]
    overrides = {
        "seg_model_parameter_rows": lambda scorer: told,
        "seg_absent_features": lambda model: [],
        "seg_var": {"seg_borderline_margin": 0.05}.__getitem__,
    }
    return _Macros(overrides, engine)


def create_features(connection: duckdb.DuckDBPyConnection, names: list[str], n_rows: int, centers: np.ndarray) -> None:
    """Make int_seg__customer_features of n_rows around centres of shape (k, p), inside DuckDB."""
    connection.execute("select setseed(0.5)")
    sums = ", ".join(
        f"[{', '.join(str(float(value)) for value in column)}][1 + g] + random() + random() + random() - 1.5 as {name}"
        for name, column in zip(names, centers.T, strict=True)
    )
    connection.execute(
        f"create table int_seg__customer_features as select customer_id, date '2026-01-31' as snapshot_date, {sums} "
        f"from (select range as customer_id, cast(hash(range) % {len(centers)} as integer) as g from range({n_rows}))"
    )
