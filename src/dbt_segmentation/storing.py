"""Between a `SegmentModel` and its stored form."""

from typing import Any

import numpy as np
import pandas as pd

from dbt_segmentation.parameters import RunValue, StoredModel


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
        {"size": model.sizes_, "share": model.shares_, "jaccard": model.jaccard_}, index=model.segment_keys_
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
    owners = stored.assignment.owners
    model.prototypes_ = np.stack(
        [
            stored.assignment.centers[owners == j].mean(axis=0)
            if (owners == j).any()
            else np.zeros(stored.assignment.centers.shape[1])
            for j in range(len(stored.keys))
        ]
    )
    model.within_variance_ = float(str(run["within_variance"]))
    model.outlier_distance_ = float(str(run["outlier_distance"]))
    model.verdict_, model.reason_ = run["verdict"], run["reason"]
    model.n_used_, model.model_version_ = int(float(str(run["n_used"]))), stored.model_version
    model.candidates_ = stored.candidates
    model.feature_names_in_ = np.array(
        list(dict.fromkeys(scaling.column for scaling in stored.preprocessor.scalings_)), dtype=object
    )
