"""From rows back to a model."""

import numpy as np
import pandas as pd
import pyarrow as pa

from dbt_segmentation.algorithms import Assignment, Merge
from dbt_segmentation.arrays import Array
from dbt_segmentation.choosing.candidates import CANDIDATE_COLUMNS, CANDIDATE_FLAG, CANDIDATE_TEXT, CANDIDATE_WHOLE
from dbt_segmentation.errors import DataError
from dbt_segmentation.levels import LEVELS
from dbt_segmentation.parameters.levels import read_levels
from dbt_segmentation.parameters.rows import PARAMETER_SCHEMA
from dbt_segmentation.parameters.stored import StoredModel
from dbt_segmentation.preprocessing import FeatureScaling, Imputer, Preprocessor, Projection

Stages = dict[str, pd.DataFrame]


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
    keys = [str(key) for key in living.index]
    preprocessor = _read_preprocessor(stages)
    importance = stages.get("importance", frame[:0])
    assignment = _read_assignment(stages, keys, preprocessor.names_, segments)
    wide = {level: segments if level == LEVELS[0] else _pivot(stages[level]) for level in LEVELS if level in stages}
    sizes = living["size"].to_numpy(dtype=np.float64).astype(np.int64)
    return StoredModel(
        run={str(name): value for name, value in _pivot(stages["run"]).iloc[0].items()},
        preprocessor=preprocessor,
        keys=keys,
        assignment=assignment,
        segments=segments,
        candidates=_read_candidates(stages.get("candidate")),
        merges=_read_merges(stages.get("merge"), keys),
        importances={
            (str(feature), str(measure)): float(value)
            for feature, measure, value in zip(
                importance["feature"], importance["component"], importance["value"], strict=True
            )
        },
        model_version=str(versions[0]),
        levels=read_levels(
            wide, _values(stages, "micro_prototype"), preprocessor.names_, keys, (assignment.middles, sizes)
        ),
    )


def _read_merges(rows: pd.DataFrame | None, keys: list[str]) -> tuple[Merge, ...]:
    wide = [] if rows is None else _pivot(rows).sort_index().to_dict("records")
    return tuple(
        Merge(float(row["rows"]), float(row["into_rows"]), keys.index(str(row["into"])), str(row["why"]))
        for row in wide
        if row.get("into") is not None  # a model of an earlier version tells it in words only
    )


def _pivot(rows: pd.DataFrame) -> pd.DataFrame:
    """Wide form of one stage: index feature, a column a component, numbers and texts as they are."""
    cells = rows["value"].astype(object).where(rows["value"].notna(), rows["text_value"])
    cells = cells.where(cells.notna(), None)
    wide = rows.assign(cell=cells).pivot(index="feature", columns="component", values="cell")
    return wide.astype(object).where(wide.notna(), None)


def _values(stages: Stages, stage: str) -> dict[tuple[str, str], float]:
    """Numbers of one stage by feature and component."""
    if stage not in stages:
        return {}
    rows = stages[stage]
    return {
        (str(feature), str(component)): float(value)
        for feature, component, value in zip(rows["feature"], rows["component"], rows["value"], strict=True)
    }


def _read_preprocessor(stages: Stages) -> Preprocessor:
    rows = stages.get("preprocess")
    if rows is None:
        return Preprocessor.restored((), {})
    gone = rows[rows["component"] == "dropped"]
    dropped = {str(name): str(text) for name, text in zip(gone["feature"], gone["text_value"], strict=True)}
    kept = rows[rows["component"] != "dropped"]
    if kept.empty:
        return Preprocessor.restored((), dropped)
    wide = _pivot(kept).sort_values("position", key=lambda column: column.astype(float))
    texts = stages.get("category", rows[:0]).sort_values("component").groupby("feature")["text_value"].agg(list)
    categories = {str(name): tuple(str(text) for text in found) for name, found in texts.items()}
    knots = _read_knots(_values(stages, "knot"))
    scalings = tuple(
        _scaling(str(name), row, knots.get(str(name), ()), categories.get(str(name), ()))
        for name, row in wide.iterrows()
    )
    names = [scaling.name for scaling in scalings]
    imputer = _read_imputer(_values(stages, "imputation"), names, np.array([scaling.imputed for scaling in scalings]))
    preprocessor = Preprocessor.restored(scalings, dropped, imputer, _read_projection(stages, names))
    preprocessor.correlations_ = _values(stages, "correlation")
    return preprocessor


def _scaling(
    name: str, row: pd.Series, knots: tuple[tuple[float, float], ...], categories: tuple[str, ...]
) -> FeatureScaling:
    def number(component: str, default: float) -> float:
        value = row.get(component)
        return default if value is None else float(value)

    return FeatureScaling(
        name=name,
        winsor_lower=float(row["winsor_lower"]),
        winsor_upper=float(row["winsor_upper"]),
        transform=str(row["transform"]),
        impute=float(row["impute"]),
        center=float(row["center"]),
        scale=float(row["scale"]),
        scaling=str(row.get("scaling") or "zscore"),
        exponent=number("exponent", 1.0),
        knots=knots,
        source=str(row.get("source") or ""),
        categories=categories,
        weight=number("weight", 1.0),
        # models of earlier versions have no unit: they took values as they were
        unit=number("unit", 1.0),
    )


def _read_knots(values: dict[tuple[str, str], float]) -> dict[str, tuple[tuple[float, float], ...]]:
    found: dict[str, list[tuple[float, float]]] = {}
    for (feature, component), value in sorted(values.items()):
        if component.endswith(":value"):
            found.setdefault(feature, []).append((value, values[feature, component.replace(":value", ":rank")]))
    return {feature: tuple(knots) for feature, knots in found.items()}


def _read_imputer(values: dict[tuple[str, str], float], names: list[str], constants: Array) -> Imputer:
    plain = Imputer.constant(constants)
    if not values:
        return plain
    numbers = sorted({component for _, component in values if component[1:-1].isdigit() and component[0] == "("})
    if numbers:
        prototypes = np.array([[values[name, number] for name in names] for number in numbers])
        return Imputer(constants, plain.intercepts, plain.coefficients, prototypes)
    intercepts = np.array([values.get((name, "(intercept)"), constants[i]) for i, name in enumerate(names)])
    coefficients = np.array([[values.get((name, other), 0.0) for other in names] for name in names])
    return Imputer(constants, intercepts, coefficients, plain.prototypes)


def _read_projection(stages: Stages, names: list[str]) -> Projection | None:
    values, loadings = _values(stages, "component"), _values(stages, "loading")
    if not values:
        return None
    results = sorted({feature for feature, _ in loadings}, key=lambda feature: values[feature, "(position)"])
    return Projection(
        tuple(results),
        np.array([[values[result, name] for result in results] for name in names]),
        np.array([values[result, "(offset)"] for result in results]),
        np.array([[loadings[result, name] for result in results] for name in names]),
        np.array([value for _, value in sorted(_values(stages, "scree").items())]),
    )


def _read_assignment(stages: Stages, keys: list[str], names: tuple[str, ...], segments: pd.DataFrame) -> Assignment:
    prototypes, parts, factors = (_values(stages, stage) for stage in ("prototype", "part", "factor"))
    labels = {component for _, component in prototypes} or set(keys)
    ordered = [(j, label) for j, key in enumerate(keys) for label in sorted(labels) if label.split(":")[0] == key]
    centers = np.array([[prototypes[name, label] for name in names] for _, label in ordered])
    owners = np.array([j for j, _ in ordered], dtype=np.int64)
    noise = None
    if "noise_distance" in segments.columns:
        found = segments["noise_distance"].dropna()
        noise = (keys.index(str(found.index[0])), float(found.iloc[0])) if len(found) else None
    centers = centers.reshape(len(ordered), len(names))
    if not parts:
        return Assignment(centers, owners, len(keys), noise=noise)
    n_features = len(names)
    turned = np.zeros((len(ordered), n_features, n_features))
    for number, (_, label) in enumerate(ordered):
        for i, name in enumerate(names):
            for row in range(n_features):
                turned[number, i, row] = factors.get((name, f"{label}:{row:02d}"), 0.0)
    constants = np.array([parts[label, "(constant)"] for _, label in ordered])
    return Assignment(centers, owners, len(keys), turned, constants, noise)


def _read_candidates(rows: pd.DataFrame | None) -> pd.DataFrame:
    if rows is None:
        return pd.DataFrame(columns=list(CANDIDATE_COLUMNS))
    wide = _pivot(rows).rename_axis("candidate").reset_index()
    # a registry may hold models of an earlier version, which measured less
    wide = wide.reindex(columns=list(CANDIDATE_COLUMNS))
    wide.columns.name = None
    for name in CANDIDATE_COLUMNS[1:]:
        if name in CANDIDATE_FLAG:
            wide[name] = wide[name].astype(float).fillna(0).astype(bool)
        elif name in CANDIDATE_WHOLE:
            wide[name] = wide[name].astype(float).fillna(0).astype("int64")
        elif name not in CANDIDATE_TEXT:
            wide[name] = wide[name].astype(float)
    return wide.sort_values("candidate", ignore_index=True)
