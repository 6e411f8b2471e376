"""A fitted model as rows of a table: what SQL scores from, and what any engine can store.

Grain: model_version x stage x feature x component. Stages: run, preprocess, prototype, segment, candidate; `fitting`
adds edge, histogram and reference.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from dbt_segmentation.candidates import CANDIDATE_COLUMNS
from dbt_segmentation.errors import DataError
from dbt_segmentation.preprocessing import Array, FeatureScaling

if TYPE_CHECKING:
    from dbt_segmentation.model import SegmentModel

_FIELDS: dict[str, pa.DataType] = {
    "model_version": pa.string(),
    "stage": pa.string(),
    "feature": pa.string(),
    "component": pa.string(),
    "value": pa.float64(),
    "text_value": pa.string(),
}
PARAMETER_SCHEMA = pa.schema(_FIELDS)

_CANDIDATE_TEXT = ("algorithm", "reason")
_CANDIDATE_WHOLE = ("n_segments", "n_used")
_CANDIDATE_FLAG = ("is_eligible", "is_winner")


class ParameterRows:
    """Collects rows; numbers go to value, texts to text_value."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, float | None, str | None]] = []

    def add(self, stage: str, feature: str, component: str, value: float | int | bool | str | None) -> None:
        """Add one row. A number must be finite, since no engine agrees with another on the rest."""
        if value is None or isinstance(value, str):
            self.rows.append((stage, feature, component, None, value))
            return
        number = float(value)
        if not np.isfinite(number):
            raise DataError(f"Not a finite number in the model: {stage} {feature} {component} = {number}.")
        self.rows.append((stage, feature, component, number, None))

    def to_arrow(self, model_version: str) -> pa.Table:
        """Build the table of `PARAMETER_SCHEMA`."""
        return to_arrow((model_version, *row) for row in self.rows)


def to_arrow(rows: Iterable[tuple[str, str, str, str, float | None, str | None]]) -> pa.Table:
    """Arrow table from tuples in the order of `PARAMETER_SCHEMA`; no rows give an empty, typed table."""
    columns = list(zip(*rows, strict=True)) or [()] * len(PARAMETER_SCHEMA)
    arrays = [pa.array(column, type=part.type) for column, part in zip(columns, PARAMETER_SCHEMA, strict=True)]
    return pa.Table.from_arrays(arrays, schema=PARAMETER_SCHEMA)


def as_parameter_table(table: pa.Table | pd.DataFrame) -> pa.Table:
    """Rows that came back from a warehouse, in the types of `PARAMETER_SCHEMA`."""
    if isinstance(table, pa.Table):
        return table.select(PARAMETER_SCHEMA.names).cast(PARAMETER_SCHEMA)
    return pa.Table.from_pandas(table[PARAMETER_SCHEMA.names], schema=PARAMETER_SCHEMA, preserve_index=False)


def model_rows(model: "SegmentModel", run: dict[str, Any]) -> ParameterRows:
    """Rows of a fitted model.

    Parameters
    ----------
    model : SegmentModel
        Fitted.
    run : dict
        What else to say about the run: hashes, config, versions, decision.

    Returns
    -------
    ParameterRows
        Stages run, preprocess, prototype, segment and candidate.
    """
    rows = ParameterRows()
    for component, value in {**_run_values(model), **run}.items():
        rows.add("run", "model", component, value)
    for position, scaling in enumerate(model.preprocessor_.scalings_):
        rows.add("preprocess", scaling.name, "position", position)
        for component in ("winsor_lower", "winsor_upper", "transform", "impute", "center", "scale"):
            rows.add("preprocess", scaling.name, component, getattr(scaling, component))
    for feature, reason in sorted(model.preprocessor_.dropped_.items()):
        rows.add("preprocess", feature, "dropped", reason)
    for j, key in enumerate(model.segment_keys_):
        for i, scaling in enumerate(model.preprocessor_.scalings_):
            rows.add("prototype", scaling.name, key, model.prototypes_[j, i])
        rows.add("segment", key, "position", j)
        rows.add("segment", key, "size", int(model.sizes_[j]))
        rows.add("segment", key, "share", model.shares_[j])
        rows.add("segment", key, "jaccard", model.jaccard_[j])
    for candidate in model.candidates_.to_dict("records"):
        for component in CANDIDATE_COLUMNS[1:]:
            rows.add("candidate", str(candidate["candidate"]), component, candidate[component])
    return rows


def _run_values(model: "SegmentModel") -> dict[str, Any]:
    winner = model.candidates_.loc[model.candidates_["is_winner"].astype(bool), "candidate"]
    return {
        "algorithm": model.algorithm_,
        "n_segments": len(model.segment_keys_),
        "verdict": model.verdict_,
        "reason": model.reason_,
        "winner": str(winner.iloc[0]) if len(winner) else None,
        "n_rows": int(model.sizes_.sum()),
        "n_used": model.n_used_,
        "n_features": len(model.preprocessor_.scalings_),
        "random_state": model.random_state,
        "within_variance": model.within_variance_,
        "outlier_distance": model.outlier_distance_,
    }


@dataclass(frozen=True)
class StoredModel:
    """A model read back from its rows."""

    model_version: str
    run: dict[str, float | str | None]
    scalings: tuple[FeatureScaling, ...]
    dropped: dict[str, str]
    keys: list[str]
    prototypes: Array
    segments: pd.DataFrame
    candidates: pd.DataFrame

    @property
    def retired_keys(self) -> list[str]:
        """Keys that died."""
        return sorted(set(self.segments.index) - set(self.keys))


def read_model(table: pa.Table | pd.DataFrame) -> StoredModel:
    """Read the rows of one model.

    Raises
    ------
    DataError
        Columns are missing, or the rows are of no model, of several, or of half a one.
    """
    frame = table.to_pandas() if isinstance(table, pa.Table) else table
    absent = [name for name in PARAMETER_SCHEMA.names if name not in frame.columns]
    if absent:
        raise DataError(f"Not model parameters: columns {', '.join(absent)} are missing.")
    versions = sorted(frame["model_version"].unique())
    if len(versions) != 1:
        raise DataError(f"Expected the parameter rows of one model, got {len(versions)} models.")
    stages = {str(stage): rows for stage, rows in frame.groupby("stage")}
    if "run" not in stages or "segment" not in stages:
        raise DataError(f"The parameter rows of model {versions[0]} are not complete.")
    segments = _pivot(stages["segment"])
    living = segments[segments["position"].notna()].sort_values("position", key=lambda column: column.astype(float))
    scalings, dropped = _read_preprocessing(stages.get("preprocess"))
    keys = [str(key) for key in living.index]
    run = {str(name): value for name, value in _pivot(stages["run"]).iloc[0].items()}
    prototypes = _read_prototypes(stages.get("prototype"), keys, scalings)
    candidates = _read_candidates(stages.get("candidate"))
    return StoredModel(str(versions[0]), run, scalings, dropped, keys, prototypes, segments, candidates)


def _pivot(rows: pd.DataFrame) -> pd.DataFrame:
    """Wide form of one stage: index feature, a column a component, numbers and texts as they are."""
    cells = rows["value"].astype(object).where(rows["value"].notna(), rows["text_value"])
    cells = cells.where(cells.notna(), None)
    wide = rows.assign(cell=cells).pivot(index="feature", columns="component", values="cell")
    return wide.astype(object).where(wide.notna(), None)


def _read_preprocessing(rows: pd.DataFrame | None) -> tuple[tuple[FeatureScaling, ...], dict[str, str]]:
    if rows is None:
        return (), {}
    gone = rows[rows["component"] == "dropped"]
    dropped = dict(zip(gone["feature"], gone["text_value"], strict=True))
    kept = rows[rows["component"] != "dropped"]
    if kept.empty:
        return (), dropped
    wide = _pivot(kept).sort_values("position", key=lambda column: column.astype(float))
    scalings = tuple(
        FeatureScaling(
            name=str(name),
            winsor_lower=float(row["winsor_lower"]),
            winsor_upper=float(row["winsor_upper"]),
            transform="log1p" if row["transform"] == "log1p" else "none",
            impute=float(row["impute"]),
            center=float(row["center"]),
            scale=float(row["scale"]),
        )
        for name, row in wide.iterrows()
    )
    return scalings, dropped


def _read_prototypes(rows: pd.DataFrame | None, keys: list[str], scalings: tuple[FeatureScaling, ...]) -> Array:
    prototypes = np.zeros((len(keys), len(scalings)))
    if rows is not None:
        wide = rows.pivot(index="component", columns="feature", values="value")
        prototypes[:] = wide.loc[keys, [scaling.name for scaling in scalings]].to_numpy(dtype=np.float64)
    return prototypes


def _read_candidates(rows: pd.DataFrame | None) -> pd.DataFrame:
    if rows is None:
        return pd.DataFrame(columns=list(CANDIDATE_COLUMNS))
    wide = _pivot(rows).rename_axis("candidate").reset_index()[list(CANDIDATE_COLUMNS)]
    wide.columns.name = None
    for name in CANDIDATE_COLUMNS[1:]:
        if name in _CANDIDATE_FLAG:
            wide[name] = wide[name].astype(float).astype(bool)
        elif name in _CANDIDATE_WHOLE:
            wide[name] = wide[name].astype(float).astype("int64")
        elif name not in _CANDIDATE_TEXT:
            wide[name] = wide[name].astype(float)
    return wide.sort_values("n_segments", ignore_index=True)
