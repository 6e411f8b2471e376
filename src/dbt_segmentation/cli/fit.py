"""The other door of a fit, where no Python models run: read the sample, call the library, write the same rows."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from dbt_segmentation.cli.engine import Engine
from dbt_segmentation.cli.invoke import require_success
from dbt_segmentation.decisions import read_decision
from dbt_segmentation.errors import DataError
from dbt_segmentation.fitting import fit_parameters

# what the Python model ml_seg__fitted_parameters reads, too
SAMPLE, CHAMPION, DECISION, PATTERNS = (
    "int_seg__fit_sample",
    "int_seg__champion_parameters",
    "int_seg__refit_decision",
    "seg_archetype_patterns",
)
COLUMNS = ("model_version", "stage", "feature", "component", "value", "text_value")


def fit(engine: Engine) -> dict[str, Any]:
    """Fit on the sample that the last build drew, and put the parameters where ml_seg__model_parameters reads them.

    Returns
    -------
    dict
        decision, model_version (null where the champion stays), and the numbers of sample_rows and parameter_rows.

    Raises
    ------
    DataError
        If the sample has not been built yet.
    ConfigError, BuildFailedError
        As dbt tells.
    """
    tables = _read(engine)
    decision = read_decision(tables[DECISION])
    parameters = fit_parameters(tables[SAMPLE], tables[CHAMPION], decision, tables[PATTERNS])
    rows = [[None if value is None else _text(value) for value in row.values()] for row in _rows(parameters)]
    outcome = engine.dbt(
        "run-operation", "dbt_segmentation.seg_store_fitted_parameters", "--args", json.dumps({"rows": rows})
    )
    require_success(outcome, "writing the parameters")
    return {
        "decision": decision["decision"],
        "model_version": rows[0][0] if rows else None,
        "sample_rows": len(tables[SAMPLE]),
        "parameter_rows": len(rows),
    }


def _rows(parameters: Any) -> list[dict[str, Any]]:
    """Rows as mappings, in the order of `COLUMNS`."""
    return [dict(row) for row in parameters.select(COLUMNS).to_pylist()]


def _text(value: object) -> str:
    """Write a value as a text that reads back as the same one."""
    return repr(value) if isinstance(value, float) else str(value)


def _read(engine: Engine) -> dict[str, pd.DataFrame]:
    """Read the tables of a fit through dbt's own connection.

    Raises
    ------
    DataError
        One of them is not there.
    """
    from dbt.adapters.factory import FACTORY, get_adapter_by_type
    from dbt.cli.main import dbtRunner

    response = dbtRunner().invoke(["--quiet", "--log-level", "none", "parse", *engine.arguments])
    if not response.success:
        require_success(engine.dbt("parse"), "reading the project")
    relations = {node.name: node.relation_name for node in response.result.nodes.values()}
    adapter = get_adapter_by_type(engine.kind)
    tables = {}
    try:
        with adapter.connection_named("dbt-segmentation fit"):
            for name in (SAMPLE, CHAMPION, DECISION, PATTERNS):
                tables[name] = _table(adapter, name, relations[name])
    finally:
        FACTORY.cleanup_connections()
    return tables


def _table(adapter: Any, name: str, relation: str) -> pd.DataFrame:
    try:
        _, cursor = adapter.connections.add_query(f"select * from {relation}")
        rows = cursor.fetchall()
        columns = [column[0] for column in cursor.description]
    except Exception as error:
        raise DataError(
            f"{relation} can't be read. Build it first: `dbt-segmentation dbt build --select +{DECISION} +{SAMPLE}"
            f" +{CHAMPION} {PATTERNS}`, or everything at once: `dbt-segmentation run`. "
            f"({' '.join(str(error).split())[:300]})"
        ) from error
    return pd.DataFrame([tuple(row) for row in rows], columns=columns)
