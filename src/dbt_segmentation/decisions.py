"""The refit decision as the warehouse tells it, in the form in which a fit takes it."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pyarrow as pa

from dbt_segmentation.frames import to_pandas

# What of the recorded settings only decides which rows the sample holds; all others are the model's.
SAMPLE_SETTINGS = ("sample_size", "snapshot_period", "window_days")


def read_decision(rows: pa.Table | pd.DataFrame) -> dict[str, Any]:
    """Read the row of int_seg__refit_decision.

    Parameters
    ----------
    rows : table
        One row, or none where there is nothing to fit on. Columns decision, fitted_model_version, fit_key,
        as_of_date, config_json and used_keys.

    Returns
    -------
    dict
        The `decision` argument of `fit_parameters`. It says keep, too, where a model was already fitted on
        exactly this sample and these settings: a second build has nothing to add.
    """
    frame = to_pandas(rows)
    if frame.empty:
        return {"decision": "keep"}
    row = frame.iloc[0]
    if row["decision"] != "fit" or pd.notna(row["fitted_model_version"]):
        return {"decision": "keep"}
    config = json.loads(row["config_json"])
    return {
        "decision": "fit",
        "decision_key": row["fit_key"],
        "as_of_date": str(row["as_of_date"])[:10],
        "used_keys": str(row["used_keys"]).split(",") if pd.notna(row["used_keys"]) else [],
        "config": {name: value for name, value in config.items() if name not in SAMPLE_SETTINGS},
    }
