"""Learned attributes of a `SegmentModel`: from a partition, to its stored form, and back."""

from typing import Any

import numpy as np
import pandas as pd

from dbt_segmentation.algorithms import Assignment, Partition, get_algorithms
from dbt_segmentation.arrays import Array, Labels, weighted_quantile
from dbt_segmentation.choosing import SelectionPolicy
from dbt_segmentation.choosing.candidates import Candidate
from dbt_segmentation.levels import CutPolicy, Levels, cut_levels
from dbt_segmentation.parameters import RunValue, StoredLevels, StoredModel, part_keys

# keeps the posterior defined where every customer lies on a prototype
_LEAST_VARIANCE = 1e-9


def learn(
    model: Any, points: Array, weights: Array | None, chosen: Candidate | None, current: Labels | None = None
) -> None:
    """Set everything that scoring needs on a `SegmentModel`, from preprocessed points and the winner, if any."""
    n_rows, n_features = points.shape
    share = np.ones(n_rows) if weights is None else weights
    model.jaccard_, model.silhouettes_ = np.ones(1), np.zeros(1)
    center: Array = (points * share[:, None]).sum(axis=0, keepdims=True) / share.sum()
    partition = Partition(Assignment.of_prototypes(center), np.zeros(n_rows, dtype=np.int64))
    if chosen is not None:
        partition = chosen.partition
        model.jaccard_ = np.ones(partition.n_segments) if chosen.jaccard is None else chosen.jaccard
        if chosen.silhouettes is not None:
            model.silhouettes_ = chosen.silhouettes
    model.algorithm_ = chosen.algorithm if chosen else get_algorithms(model.algorithm)[0].name
    model.assignment_, model.merges_ = partition.assignment, partition.merges
    n_segments = partition.n_segments
    model.segment_keys_ = [f"seg_{j + 1:03d}" for j in range(n_segments)]
    labels = partition.labels
    model.prototypes_ = _centers(partition.assignment, points, labels, weights)
    model.sizes_ = np.bincount(labels, minlength=n_segments)
    counted = np.bincount(labels, weights, minlength=n_segments)
    model.shares_ = counted / counted.sum()
    distances = model.assignment_.distances(points, labels)
    spread = float(np.average(distances**2, weights=weights)) / max(n_features, 1)
    model.within_variance_ = max(spread, _LEAST_VARIANCE)
    # a little above: rounding must not decide of those whose distance is the quantile, and SQL agrees to 1e-6
    model.outlier_distance_ = weighted_quantile(distances, 0.995, weights) * (1 + 1e-6) + 1e-6
    _learn_levels(model, points, labels, weights, current)


def _learn_levels(model: Any, points: Array, labels: Labels, weights: Array | None, current: Labels | None) -> None:
    """Cut the segments that there are; what has no clear structure has none inside."""
    least = tuple(
        model.min_segment_size if size is None else size
        for size in (model.min_sub_segment_size, model.min_micro_segment_size)
    )
    if model.verdict_ == "segments":
        model.levels_ = cut_levels(
            points,
            labels,
            model.prototypes_,
            weights=weights,
            least=(int(least[0]), int(least[1])),
            n_levels=int(model.n_levels),
            policy=CutPolicy(
                model.level_rule,
                (model.policy or SelectionPolicy()).stability_min,
                int(model.n_bootstraps),
                int(model.n_references),
                int(model.random_state),
            ),
            current=current,
        )
    else:
        model.levels_ = Levels.uncut(model.prototypes_, model.sizes_, "no clear structure")
    model.sub_segment_keys_ = part_keys(model.segment_keys_, model.levels_.segment_of_sub)
    model.micro_segment_keys_ = part_keys(model.sub_segment_keys_, model.levels_.sub_of_micro)


def _centers(assignment: Assignment, points: Array, labels: Labels, weights: Array | None) -> Array:
    """Prototypes where there is one a segment, else means."""
    if len(assignment.owners) == assignment.n_segments and assignment.noise is None:
        return assignment.centers
    return np.nan_to_num(assignment.segment_centers(points, labels, weights))


def stored_model(model: Any, run: dict[str, RunValue]) -> StoredModel:
    """Everything that scoring, reporting and the next fit need of a fitted `SegmentModel`."""
    winner = model.candidates_.loc[model.candidates_["is_winner"].astype(bool), "candidate"]
    own: dict[str, RunValue] = {
        "algorithm": model.algorithm_,
        "assignment": "mixture" if model.assignment_.is_mixture else "prototype",
        "n_segments": len(model.segment_keys_),
        "verdict": model.verdict_,
        "reason": model.reason_,
        "winner": str(winner.iloc[0]) if len(winner) else None,
        "n_rows": int(model.sizes_.sum()),
        "n_used": model.n_used_,
        "n_features": len(model.preprocessor_.scalings_),
        "random_state": int(model.random_state),
        "within_variance": model.within_variance_,
        "outlier_distance": model.outlier_distance_,
    }
    segments = pd.DataFrame(
        {
            "size": model.sizes_,
            "share": model.shares_,
            "jaccard": model.jaccard_,
            "silhouette": model.silhouettes_,
        },
        index=model.segment_keys_,
    )
    return StoredModel(
        {**own, **run},
        model.preprocessor_,
        model.segment_keys_,
        model.assignment_,
        segments,
        model.candidates_,
        model.merges_,
        model.importances_,
        levels=StoredLevels(model.levels_, model.sub_segment_keys_, model.micro_segment_keys_),
    )


def restore(model: Any, stored: StoredModel) -> None:
    """Set the learned attributes of a `SegmentModel` from its stored form."""
    run = stored.run
    model.algorithm_ = run["algorithm"]
    model.preprocessor_, model.assignment_ = stored.preprocessor, stored.assignment
    model.segment_keys_, model.merges_, model.importances_ = stored.keys, stored.merges, stored.importances
    living = stored.segments.loc[stored.keys]
    model.sizes_ = living["size"].to_numpy(dtype=np.float64).astype(np.int64)
    model.shares_ = living["share"].to_numpy(dtype=np.float64)
    model.jaccard_ = living["jaccard"].to_numpy(dtype=np.float64)
    # a model of an earlier version has none
    model.silhouettes_ = living.reindex(columns=["silhouette"])["silhouette"].to_numpy(dtype=np.float64)
    model.prototypes_ = stored.assignment.middles
    model.levels_ = stored.levels.levels
    model.sub_segment_keys_, model.micro_segment_keys_ = stored.levels.sub_keys, stored.levels.micro_keys
    model.within_variance_ = float(str(run["within_variance"]))
    model.outlier_distance_ = float(str(run["outlier_distance"]))
    model.verdict_, model.reason_ = run["verdict"], run["reason"]
    model.n_used_, model.model_version_ = int(float(str(run["n_used"]))), stored.model_version
    model.candidates_ = stored.candidates
    model.feature_names_in_ = np.array(
        list(dict.fromkeys(scaling.column for scaling in stored.preprocessor.scalings_)), dtype=object
    )
