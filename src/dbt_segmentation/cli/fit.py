"""The other door of a fit, where no Python models run: read the sample, call the library, write the same rows."""

from __future__ import annotations

import json
from typing import Any

from dbt_segmentation.cli.engine import Engine
from dbt_segmentation.cli.invoke import require_success
from dbt_segmentation.cli.progress import FitProgress
from dbt_segmentation.cli.tables import read_tables
from dbt_segmentation.decisions import read_decision
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
    advice = (
        f"Build it first: `dbt-segmentation dbt build --select +{DECISION} +{SAMPLE} +{CHAMPION} {PATTERNS}`, "
        "or everything at once: `dbt-segmentation run`."
    )
    tables = read_tables(engine, (SAMPLE, CHAMPION, DECISION, PATTERNS), advice)
    decision = read_decision(tables[DECISION])
    with FitProgress() as progress:
        parameters = fit_parameters(tables[SAMPLE], tables[CHAMPION], decision, tables[PATTERNS], progress.show)
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
