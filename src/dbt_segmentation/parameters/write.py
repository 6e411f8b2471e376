"""From a model to its rows."""

import math

from dbt_segmentation.choosing.candidates import CANDIDATE_COLUMNS
from dbt_segmentation.parameters.levels import add_levels
from dbt_segmentation.parameters.rows import ParameterRows
from dbt_segmentation.parameters.stored import StoredModel
from dbt_segmentation.preprocessing import FeatureScaling, Imputer, Preprocessor, Projection


def model_rows(model: StoredModel) -> ParameterRows:
    """Rows of a model.

    Stages: run, preprocess, category, knot, imputation, correlation, component, loading, scree, prototype, part,
    factor, segment, sub_segment, micro_segment, micro_prototype, tree, merge, importance and candidate.
    """
    rows = ParameterRows()
    for component, value in model.run.items():
        rows.add("run", "model", component, value)
    _add_preprocessing(rows, model.preprocessor)
    _add_assignment(rows, model)
    for j, key in enumerate(model.keys):
        rows.add("segment", key, "position", j)
        for component in ("size", "share", "jaccard", "silhouette"):
            rows.add("segment", key, component, _number(model.segments.loc[key, component]))
    add_levels(rows, model.keys, model.preprocessor.names_, model.levels)
    for number, merge in enumerate(model.merges):
        rows.add("merge", f"{number:02d}", "text", merge.text(model.keys))
        rows.add("merge", f"{number:02d}", "why", merge.why)
        rows.add("merge", f"{number:02d}", "rows", merge.rows)
        rows.add("merge", f"{number:02d}", "into", model.keys[merge.into])
        rows.add("merge", f"{number:02d}", "into_rows", merge.into_rows)
    for (feature, measure), importance in model.importances.items():
        rows.add("importance", feature, measure, importance)
    for candidate in model.candidates.to_dict("records"):
        for component in CANDIDATE_COLUMNS[1:]:
            rows.add("candidate", str(candidate["candidate"]), component, _number(candidate[component]))
    return rows


def _number(value: object) -> float | int | str | None:
    """Give the value as a row takes it: what was not measured is nothing."""
    if value is None or isinstance(value, str):
        return value
    number = float(str(value)) if not isinstance(value, bool) else float(value)
    return None if math.isnan(number) else number


def _add_preprocessing(rows: ParameterRows, preprocessor: Preprocessor) -> None:
    for position, scaling in enumerate(preprocessor.scalings_):
        rows.add("preprocess", scaling.name, "position", position)
        for component in ("winsor_lower", "winsor_upper", "transform", "impute", "center", "scale", "scaling"):
            rows.add("preprocess", scaling.name, component, getattr(scaling, component))
        _add_rest(rows, scaling)
    for feature, reason in sorted(preprocessor.dropped_.items()):
        rows.add("preprocess", feature, "dropped", reason)
    names = [scaling.name for scaling in preprocessor.scalings_]
    _add_imputation(rows, names, preprocessor.imputer_)
    for (first, second), value in sorted(preprocessor.correlations_.items()):
        rows.add("correlation", first, second, value)
    if preprocessor.projection_:
        _add_projection(rows, names, preprocessor.projection_)


def _add_rest(rows: ParameterRows, scaling: FeatureScaling) -> None:
    """Add what only some features have."""
    if scaling.unit != 1.0:
        rows.add("preprocess", scaling.name, "unit", scaling.unit)
    if scaling.transform == "yeo_johnson":
        rows.add("preprocess", scaling.name, "exponent", scaling.exponent)
    if scaling.weight != 1.0:
        rows.add("preprocess", scaling.name, "weight", scaling.weight)
    if scaling.source:
        rows.add("preprocess", scaling.name, "source", scaling.source)
    for rank, category in enumerate(scaling.categories):
        rows.add("category", scaling.name, f"{rank:02d}", category)
    for number, (value, rank_of_it) in enumerate(scaling.knots):
        rows.add("knot", scaling.name, f"{number:02d}:value", value)
        rows.add("knot", scaling.name, f"{number:02d}:rank", rank_of_it)


def _add_imputation(rows: ParameterRows, names: list[str], imputer: Imputer) -> None:
    for i, name in enumerate(names):
        if len(imputer.intercepts) and imputer.coefficients[i].any():
            rows.add("imputation", name, "(intercept)", imputer.intercepts[i])
            for j, other in enumerate(names):
                if imputer.coefficients[i, j]:
                    rows.add("imputation", name, other, imputer.coefficients[i, j])
        for number, prototype in enumerate(imputer.prototypes):
            rows.add("imputation", name, f"({number:02d})", prototype[i])


def _add_projection(rows: ParameterRows, names: list[str], projection: Projection) -> None:
    for result, label in zip(projection.names, projection.labels(names), strict=True):
        rows.add("component", result, "(label)", label)
    for j, result in enumerate(projection.names):
        rows.add("component", result, "(position)", j)
        rows.add("component", result, "(offset)", projection.offsets[j])
        for i, name in enumerate(names):
            rows.add("component", result, name, projection.weights[i, j])
            rows.add("loading", result, name, projection.loadings[i, j])
    for number, eigenvalue in enumerate(projection.eigenvalues, start=1):
        rows.add("scree", f"{number:02d}", "eigenvalue", eigenvalue)


def _add_assignment(rows: ParameterRows, model: StoredModel) -> None:
    """Prototypes, `seg_001` or, where a segment has several, `seg_001:01`; the parts of mixtures."""
    assignment, names = model.assignment, model.preprocessor.names_
    for j, key in enumerate(model.keys):
        parts = [part for part in range(len(assignment.owners)) if assignment.owners[part] == j]
        for number, part in enumerate(parts):
            label = key if len(parts) == 1 else f"{key}:{number:02d}"
            for i, name in enumerate(names):
                rows.add("prototype", name, label, assignment.centers[part, i])
            if assignment.factors is None or assignment.constants is None:
                continue
            rows.add("part", label, "(constant)", assignment.constants[part])
            offsets = assignment.centers[part] @ assignment.factors[part]
            for row, offset in enumerate(offsets):
                rows.add("part", label, f"{row:02d}", offset)
                for i, name in enumerate(names):
                    if assignment.factors[part, i, row]:
                        rows.add("factor", name, f"{label}:{row:02d}", assignment.factors[part, i, row])
        if assignment.is_mixture:
            rows.add("segment", key, "peak", assignment.peaks[j])
        if assignment.noise is not None and assignment.noise[0] == j:
            rows.add("segment", key, "noise_distance", assignment.noise[1])
