"""The one function behind both doors of a fit: the dbt Python model, and the command line."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.spatial.distance import cdist

from dbt_segmentation import fingerprints
from dbt_segmentation.arrays import Array, Labels
from dbt_segmentation.choosing import SelectionPolicy
from dbt_segmentation.choosing.indices import simplified_silhouette
from dbt_segmentation.choosing.policy import DEFAULT_WEIGHTS
from dbt_segmentation.choosing.search import Progress
from dbt_segmentation.errors import ConfigError, DataError, did_you_mean
from dbt_segmentation.fitting.parts import Champion, add_fates, add_parts, match_levels
from dbt_segmentation.frames import clean_frame, clean_weights, numeric_columns, to_pandas
from dbt_segmentation.histograms import add_histograms
from dbt_segmentation.matching import Matching, match_segments
from dbt_segmentation.model import SegmentModel
from dbt_segmentation.naming import name_segments
from dbt_segmentation.parameters import PARAMETER_SCHEMA, ParameterRows, model_rows, read_model
from dbt_segmentation.preprocessing import Preprocessor, scale_columns

KEY_COLUMN = "customer_id"
WEIGHT_COLUMN = "sample_weight"
LABEL_COLUMN = "known_label"
# of `SelectionPolicy`
_POLICY_SETTINGS = ("stability_min", "structure_min", "agreement_min", "weights")
_NOT_FEATURES = (KEY_COLUMN, WEIGHT_COLUMN, LABEL_COLUMN, "snapshot_date", "as_of_date", "run_id")


def fit_parameters(
    sample: pa.Table | pd.DataFrame,
    champion: pa.Table | pd.DataFrame,
    decision: Mapping[str, Any],
    archetypes: pa.Table | pd.DataFrame,
    progress: Progress | None = None,
) -> pa.Table:
    """Fit a model and describe it in parameter rows.

    Parameters
    ----------
    sample : table
        customer_id, numeric features, optionally sample_weight; texts are used only where `features` names them.
    champion : table
        Parameter rows of the current model, or none: its keys and names are handed on.
    decision : mapping
        `decision` (fit or keep), `decision_key`, `as_of_date`, and `config`: parameters of `SegmentModel` and
        `features`, a list of columns to cluster by (none: every numeric one), settings of `SelectionPolicy`,
        `response`, the column that features should have an effect on, and `known_label`, what the sample's column
        known_label holds: classes that candidates are compared with, null where one is not known. Optionally
        `used_keys`: segment keys that any model ever had, none of which is given to a new segment.
    archetypes : table
        archetype, feature, direction, weight; may be empty.
    progress : callable, optional
        Told what is done: (text, step, steps); see `SegmentModel.fit`.

    Returns
    -------
    pyarrow.Table
        Rows of `PARAMETER_SCHEMA`; none when the decision is to keep the champion or the sample is empty.

    Raises
    ------
    ConfigError
        An unknown setting, feature or decision.
    DataError
        The sample or the champion can't be used.
    """
    if decision.get("decision") not in ("fit", "keep"):
        raise ConfigError(f"decision must be 'fit' or 'keep', got {decision.get('decision')!r}.")
    if decision["decision"] == "keep" or len(sample) == 0:
        return PARAMETER_SCHEMA.empty_table()
    config = dict(decision.get("config") or {})
    frame, weights = _read_sample(to_pandas(sample), config.get("features") or [])
    features = _choose_features(config.pop("features", None) or [], frame)
    response = _response(config.pop("response", None), frame)
    known_labels = _known_labels(config.pop("known_label", None), to_pandas(sample))
    model = _new_model(config)
    before = _champion(frame, to_pandas(champion))
    current = None if before is None else before.told(frame.index)
    model.fit(
        frame[features],
        sample_weight=weights,
        response=response,
        known_labels=known_labels,
        current_labels=current,
        progress=progress,
    )
    used_keys = list(decision.get("used_keys") or [])
    points = model.transform(frame[features])
    matching = _match(points, before, model, used_keys)
    model.segment_keys_ = matching.keys
    micro = model.levels_.assign(points, model.labels_)
    parts = match_levels(model, micro, before, used_keys)
    run = fingerprints.describe(frame, clean_weights(weights, frame), {**model.get_params(), "features": features})
    # the key of the decision stands for the settings that made the sample
    version = fingerprints.version_of(run, str(decision.get("decision_key", "")))
    told = {name: str(decision.get(name, "")) for name in ("decision_key", "as_of_date")}
    rows = model_rows(model.stored({**run, **told}))
    if before is not None:
        _add_comparison(rows, model, points, before, matching, clean_weights(weights, frame))
    profiles = _profiles(frame)
    names = _name(profiles, model.labels_, matching, before, to_pandas(archetypes))
    _add_events(rows, matching, names, before)
    add_parts(rows, model, micro, parts, profiles, {} if before is None else before.stored.levels.traits)
    add_histograms(rows, frame.select_dtypes("number"), model.labels_, matching.keys)
    return rows.to_arrow(version)


def _read_sample(sample: pd.DataFrame, wanted: Sequence[str]) -> tuple[pd.DataFrame, pd.Series | None]:
    """Features in canonical form, and weights: every number, and the texts that are asked for."""
    if KEY_COLUMN not in sample.columns:
        raise DataError(f"The sample has no column {KEY_COLUMN!r}. {did_you_mean(KEY_COLUMN, sample.columns)}")
    indexed = sample.set_index(KEY_COLUMN)
    numeric = [name for name in numeric_columns(indexed) if name not in _NOT_FEATURES]
    if not numeric:
        raise DataError("The sample has no numeric feature.")
    texts = [name for name in wanted if name in indexed.columns and name not in (*numeric, *_NOT_FEATURES)]
    weights = indexed[WEIGHT_COLUMN] if WEIGHT_COLUMN in indexed.columns else None
    return clean_frame(indexed[[*numeric, *dict.fromkeys(texts)]]), weights


def _choose_features(wanted: Sequence[str], frame: pd.DataFrame) -> list[str]:
    """Columns to cluster by."""
    for name in wanted:
        if name not in frame.columns:
            hint = did_you_mean(name, [str(column) for column in frame.columns])
            raise ConfigError(f"Feature {name!r} is not a column of the sample. {hint}")
    return sorted(set(wanted)) or list(frame.select_dtypes("number").columns)


def _response(name: str | None, frame: pd.DataFrame) -> pd.Series | None:
    """Values that features should have an effect on; a customer of whom nothing is known did nothing."""
    if name is None:
        return None
    numeric = [str(column) for column in frame.select_dtypes("number").columns]
    if name not in numeric:
        raise ConfigError(f"The response {name!r} is not a numeric column of the sample. {did_you_mean(name, numeric)}")
    return frame[name].fillna(0.0)


def _known_labels(name: str | None, sample: pd.DataFrame) -> pd.Series | None:
    """Classes as texts, None where one is not known."""
    if name is None:
        return None
    labels = sample.set_index(KEY_COLUMN)[LABEL_COLUMN] if LABEL_COLUMN in sample.columns else pd.Series(dtype=object)
    if labels.notna().sum() == 0:
        raise ConfigError(
            f"Nobody in the sample has the known label {name!r}. Name a feature, or an attribute of "
            "customer_attributes that is observed by the as-of date."
        )
    return labels.map(str, na_action="ignore")


def _new_model(config: Mapping[str, Any]) -> SegmentModel:
    """Model with the settings of the decision; a null means the default."""
    known = list(SegmentModel().get_params())
    for name in config:
        if name not in (*known, *_POLICY_SETTINGS):
            raise ConfigError(
                f"Unknown fit setting {name!r}. {did_you_mean(name, [*known, 'features', 'response', 'known_label'])}"
            )
    given = {name: value for name, value in config.items() if value is not None}
    policy = {name: given.pop(name) for name in _POLICY_SETTINGS if name in given}
    if "weights" in policy:
        policy["weights"] = {**DEFAULT_WEIGHTS, **policy["weights"]}
    return SegmentModel(**given, policy=SelectionPolicy(**policy) if policy else None)


def _champion(frame: pd.DataFrame, table: pd.DataFrame) -> Champion | None:
    """Score the sample with the champion, if there is one."""
    if table.empty:
        return None
    stored, model = read_model(table), SegmentModel.from_parameters(table)
    # a feature that the warehouse no longer has is unknown for everybody, and imputed as such
    points = model.transform(frame.reindex(columns=list(model.feature_names_in_)))
    labels = model.assignment_.assign(points)
    return Champion(stored, labels, model.levels_.assign(points, labels))


def _match(points: Array, before: Champion | None, model: SegmentModel, used_keys: list[str]) -> Matching:
    """Hand on the champion's keys."""
    n_segments = len(model.segment_keys_)
    if before is None:
        nobody = np.zeros(0, dtype=np.int64)
        return match_segments(nobody, [], nobody, n_segments, used_keys)
    # where the champion's segments lie in the new model's coordinates: a segment without a customer lies nowhere
    means = pd.DataFrame(points).groupby(before.labels).mean().reindex(range(len(before.stored.keys))).to_numpy()
    distances = np.nan_to_num(cdist(means, model.prototypes_) / np.sqrt(max(points.shape[1], 1)), nan=np.inf)
    retired_keys = [*before.stored.retired_keys, *(key for key in used_keys if "." not in key)]
    return match_segments(before.labels, before.stored.keys, model.labels_, n_segments, retired_keys, distances)


def _add_comparison(
    rows: ParameterRows,
    model: SegmentModel,
    points: Array,
    before: Champion,
    matching: Matching,
    weights: Array | None,
) -> None:
    """Tell what a promotion is decided by: how many customers would get another key, and both silhouettes on them."""
    renamed = np.array(before.stored.keys)[before.labels] != np.array(matching.keys)[model.labels_]
    rows.add("run", "model", "renamed_share", float(np.average(renamed, weights=weights)))
    rows.add("run", "model", "silhouette_now", _silhouette(points, model.labels_))
    rows.add("run", "model", "champion_silhouette", _silhouette(points, before.labels))


def _silhouette(points: Array, labels: Labels) -> float:
    """Simplified silhouette (Hruschka 2004) of whatever segmentation, around its own means; 0 for a single segment."""
    present, positions = np.unique(labels, return_inverse=True)
    centers = np.array([points[positions == position].mean(axis=0) for position in range(len(present))])
    return simplified_silhouette(points, centers, positions)


def _profiles(frame: pd.DataFrame) -> pd.DataFrame:
    """Every numeric feature, also those that are not clustered by, in standard deviations from the average customer."""
    numeric = frame.select_dtypes("number")
    scalings = tuple(Preprocessor().fit(numeric).profile_scalings_.values())
    return pd.DataFrame(scale_columns(numeric, scalings), columns=[scaling.name for scaling in scalings])


def _name(
    profiles: pd.DataFrame,
    labels: Labels,
    matching: Matching,
    before: Champion | None,
    archetypes: pd.DataFrame,
) -> list[str | None]:
    """Archetype of each segment, by its profile."""
    means = profiles.groupby(labels).mean().reindex(range(len(matching.keys))).fillna(0.0)
    inherited = _old_archetypes(before)
    known = {position: inherited[key] for position, key in enumerate(matching.keys) if key in inherited}
    return name_segments(means, archetypes, known)


def _old_archetypes(before: Champion | None) -> dict[str, str | None]:
    if before is None or "archetype" not in before.stored.segments.columns:
        return {}
    return {str(key): name for key, name in before.stored.segments["archetype"].items()}


def _add_events(rows: ParameterRows, matching: Matching, names: list[str | None], before: Champion | None) -> None:
    """Tell what became of each key; those that have ended stay on record, so that no key is used twice."""
    add_fates(rows, "segment", matching)
    inherited = _old_archetypes(before)
    for key, name in [*zip(matching.keys, names, strict=True), *((key, inherited.get(key)) for key in matching.gone)]:
        rows.add("segment", key, "archetype", name)
