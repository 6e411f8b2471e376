"""The segmentation model with scikit-learn habits."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from dbt_segmentation import fingerprints
from dbt_segmentation.algorithms import LEAST_ROWS, get_algorithms
from dbt_segmentation.arrays import Array, Labels
from dbt_segmentation.choosing import Effort, Selection, SelectionPolicy, select_partition
from dbt_segmentation.choosing.candidates import Sample, candidate_table
from dbt_segmentation.choosing.search import Progress
from dbt_segmentation.errors import DataError
from dbt_segmentation.frames import clean_frame, clean_weights, feature_frame
from dbt_segmentation.levels import level_keys
from dbt_segmentation.parameters import RunValue, StoredModel, as_parameter_table, model_rows, read_model
from dbt_segmentation.preprocessing import Preprocessor, relevance
from dbt_segmentation.settings import (
    aligned_codes,
    aligned_levels,
    aligned_response,
    check_settings,
    leaking,
    preprocessing_settings,
)
from dbt_segmentation.storing import learn, restore, stored_model


class SegmentModel(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Segments of customers, and the choice of method and number.

    Methods, their hyper-parameters and numbers of segments from k_min to k_max are tried; a policy picks one, or says
    that there is no clear structure, and then everybody is in one segment. Permuted rows or columns and any number of
    threads give the same model. docs/methods.md explains each method and setting.

    Parameters
    ----------
    algorithm : str
        `auto` for all of them, or one of `algorithms.ALGORITHMS`.
    n_segments : int, optional
        The analyst's choice; the policy's opinion of it is still recorded.
    min_segment_size : int
        A smaller segment is merged into the nearest; one of fewer than ten always, as a prototype is no person's row.
    random_state : int
        Seed of everything random.
    k_min, k_max : int
        Numbers of segments tried.
    winsor_limits, min_coverage, max_correlation, skew_limit, scaling, imputation, reduction, rotation, variance
        See `preprocessing.PreprocessingSettings`; so for `transformation` (its `transform`) and `overrides`.
    noise : {"nearest", "segment"}
        Where DBSCAN and HDBSCAN put those who are near nobody.
    merge : {"none", "silhouette", "dunn"}
        Whether segments are merged as long as that index gets better by it.
    feature_selection : {"none", "forest", "elimination"}
        Whether features without effect are dropped before the final fit: see `preprocessing.relevance`.
    n_bootstraps, n_references : int
        Repetitions for stability, and samples without segments to compare with.
    n_levels : int
        3: segments are cut into sub-segments and micro-segments; 2: into sub-segments; 1: not.
    level_rule : {"stable", "distinct"}
        Whether stable parts are enough, or whether they must be clearer than by chance; see `levels.CutPolicy`.
    min_sub_segment_size, min_micro_segment_size : int, optional
        As min_segment_size, for the levels below; the same if None.
    policy : SelectionPolicy, optional
        Thresholds and weights of the choice; the default if None.

    Attributes
    ----------
    labels_ : array of shape (n,)
        Position of each row's segment, in the row order of the frame; 0 is the largest segment.
    segment_keys_, sub_segment_keys_, micro_segment_keys_ : list of str
        Key of each position, at each level.
    levels_ : Levels
        Sub-segments and micro-segments.
    prototypes_ : array of shape (k, p)
        Mean of each segment in preprocessed space.
    assignment_ : Assignment
        How anybody gets a segment.
    sizes_, shares_, jaccard_, silhouettes_ : array of shape (k,)
        Rows, (weighted) share, bootstrap stability and mean silhouette of each segment; the last as it was measured
        when the candidate was screened, 0 for a single segment.
    candidates_ : DataFrame
        A row per candidate with its indices, score and reason.
    verdict_ : str
        `segments` or `one_segment`.
    reason_ : str
        Why, in words.
    merges_ : tuple of Merge
        What was merged into what: rows of both, and the position of the one that is left.
    importances_ : dict of (str, str) to float
        Worth of each feature, by measure.
    preprocessor_ : Preprocessor
        Fitted.
    within_variance_ : float
        Mean squared distance to the segment, per coordinate.
    outlier_distance_ : float
        99.5 % quantile of the distances to the segment.
    model_version_ : str
        Hash of sample, parameters and library versions.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> generator = np.random.default_rng(0)
    >>> spend = np.concatenate([generator.normal(10, 1, 100), generator.normal(50, 1, 150)])
    >>> model = SegmentModel(algorithm="kmeans", k_max=4).fit(pd.DataFrame({"spend": spend}))
    >>> model.verdict_, model.segment_keys_, model.sizes_.tolist()
    ('segments', ['seg_001', 'seg_002'], [150, 100])
    """

    def __init__(
        self,
        algorithm: str = "auto",
        n_segments: int | None = None,
        min_segment_size: int = 50,
        random_state: int = 0,
        k_min: int = 2,
        k_max: int = 10,
        winsor_limits: tuple[float, float] = (0.01, 0.99),
        min_coverage: float = 0.05,
        max_correlation: float = 0.9,
        skew_limit: float = 1.0,
        transformation: str = "auto",
        scaling: str = "auto",
        imputation: str = "median",
        reduction: str = "none",
        rotation: str = "varimax",
        variance: float = 0.85,
        overrides: Mapping[str, Mapping[str, object]] | None = None,
        noise: str = "nearest",
        merge: str = "none",
        feature_selection: str = "none",
        n_bootstraps: int = 20,
        n_references: int = 20,
        n_levels: int = 3,
        level_rule: str = "stable",
        min_sub_segment_size: int | None = None,
        min_micro_segment_size: int | None = None,
        policy: SelectionPolicy | None = None,
    ) -> None:
        self.algorithm = algorithm
        self.n_segments = n_segments
        self.min_segment_size = min_segment_size
        self.random_state = random_state
        self.k_min = k_min
        self.k_max = k_max
        self.winsor_limits = winsor_limits
        self.min_coverage = min_coverage
        self.max_correlation = max_correlation
        self.skew_limit = skew_limit
        self.transformation = transformation
        self.scaling = scaling
        self.imputation = imputation
        self.reduction = reduction
        self.rotation = rotation
        self.variance = variance
        self.overrides = overrides
        self.noise = noise
        self.merge = merge
        self.feature_selection = feature_selection
        self.n_bootstraps = n_bootstraps
        self.n_references = n_references
        self.n_levels = n_levels
        self.level_rule = level_rule
        self.min_sub_segment_size = min_sub_segment_size
        self.min_micro_segment_size = min_micro_segment_size
        self.policy = policy

    def fit(
        self,
        frame: pd.DataFrame,
        sample_weight: Sequence[float] | Array | pd.Series | None = None,
        *,
        response: pd.Series | None = None,
        known_labels: pd.Series | None = None,
        current_labels: pd.Series | pd.DataFrame | None = None,
        progress: Progress | None = None,
    ) -> "SegmentModel":
        """Learn segments.

        Parameters
        ----------
        frame : DataFrame of shape (n, p)
            A row per customer, index = customer_id; numbers and texts (categories). Nulls are allowed, infinities are
            not.
        sample_weight : array of shape (n,) or Series, optional
            What each row stands for.
        response : Series, optional
            What features should have an effect on, for `feature_selection`; the segments themselves if None. A column
            that equals it, or orders customers as it does, is no feature then: `preprocessor_.dropped_` says so.
        known_labels, current_labels : Series (or DataFrame), optional
            Known classes, for the purity and the adjusted Rand index of candidates, null where one is not known;
            segments by the current model, for the cost of change. What its `predict_levels` gives tells the levels too,
            whose cuts are then kept where they still hold.
        progress : callable, optional
            Told what is done: (text, step, steps).

        Raises
        ------
        ConfigError
            A parameter is wrong.
        DataError
            The frame can't be used.
        """
        check_settings(self)
        self.__dict__.pop("parameters_", None)  # of a stored model that is now fitted again
        clean = clean_frame(frame)
        preprocessing_settings(self).check_overridden(clean.columns)
        weights = clean_weights(sample_weight, frame)
        target, leaked = self._target(clean, response)
        clean = clean.drop(columns=list(leaked))
        current_levels = aligned_levels(current_labels, clean)
        current_segments = current_labels["segment_key"] if isinstance(current_labels, pd.DataFrame) else current_labels
        extras = [
            aligned_codes(known_labels, clean, "known_labels", may_miss=True),
            aligned_codes(current_segments, clean, "current_labels"),
        ]
        self.importances_: dict[tuple[str, str], float] = {}
        # sums in another order differ in the last digit: one thread, so that machines agree
        with threadpool_limits(limits=1):
            self._prepare(clean, weights, leaked)
            selection = self._select(clean, weights, extras, progress)
            if self.feature_selection != "none" and self.preprocessor_.scalings_:
                kept = self._worthwhile(clean, selection, target, weights)
                if len(kept) < clean.shape[1]:
                    idle = dict.fromkeys(clean.columns.difference(kept), f"no effect ({self.feature_selection})")
                    known = {name: self.preprocessor_.dropped_.get(name, reason) for name, reason in idle.items()}
                    self._prepare(clean[kept], weights, {**known, **leaked})
                    selection = self._select(clean[kept], weights, extras, progress)
            self.verdict_, self.reason_ = selection.verdict, selection.reason
            if progress is not None:
                progress("cutting levels", 0, 1)
            learn(self, self.preprocessor_.transform(clean), weights, selection.winner, current_levels)
            if progress is not None:
                progress("cutting levels", 1, 1)
        self.candidates_ = candidate_table(selection.candidates, selection.skipped)
        self.n_used_ = max((candidate.n_used for candidate in selection.candidates), default=len(clean))
        self.feature_names_in_ = np.array(clean.columns, dtype=object)
        positions = self.assignment_.assign(self.preprocessor_.transform(clean))
        self.labels_ = pd.Series(positions, index=clean.index).reindex(frame.index).to_numpy()
        self.run_ = fingerprints.describe(clean, weights, self.get_params())
        self.model_version_ = fingerprints.version_of(self.run_)
        return self

    def _target(self, clean: pd.DataFrame, response: pd.Series | None) -> tuple[Array | Labels | None, dict[str, str]]:
        """Give the response, if features are selected for it, and the columns that would give it away."""
        if response is None or self.feature_selection == "none":
            return None, {}
        target = aligned_response(response, clean)
        found = leaking(target, clean)
        if len(found) == clean.shape[1]:
            raise DataError("No feature is left beside the response: each column says the same as it.")
        return target, found

    def _prepare(self, clean: pd.DataFrame, weights: Array | None, dropped: Mapping[str, str]) -> None:
        self.preprocessor_ = Preprocessor(preprocessing_settings(self), int(self.random_state)).fit(clean, weights)
        for name, reason in sorted(dropped.items()):
            self.preprocessor_.dropped_.setdefault(name, reason)

    def _select(
        self, clean: pd.DataFrame, weights: Array | None, extras: list[Labels | None], progress: Progress | None
    ) -> Selection:
        points = self.preprocessor_.transform(clean)
        return select_partition(
            Sample(points, weights, float(max(self.min_segment_size, LEAST_ROWS)), 1.0, self.merge, *extras),
            get_algorithms(self.algorithm, self.noise),
            n_segments=self.n_segments,
            k_range=(self.k_min, self.k_max),
            policy=self.policy or SelectionPolicy(),
            seed=int(self.random_state),
            effort=Effort(n_bootstraps=self.n_bootstraps, n_references=self.n_references),
            progress=progress,
        )

    def _worthwhile(
        self, clean: pd.DataFrame, selection: Selection, target: Array | Labels | None, weights: Array | None
    ) -> list[str]:
        """Columns with an effect on the response, or else on the segments; all where there is nothing to tell."""
        goal = "segments" if target is None else "response"
        if target is None:
            if selection.winner is None:
                return list(clean.columns)
            target = selection.winner.partition.labels
        kept: list[str]
        kept, self.importances_ = relevance.worthwhile(
            self.preprocessor_, clean, target, self.feature_selection, goal, int(self.random_state), weights
        )
        return kept

    def transform(self, frame: pd.DataFrame) -> Array:
        """Preprocessed coordinates of shape (n, p); columns that the model does not use may be of any type."""
        check_is_fitted(self, "assignment_")
        scalings = self.preprocessor_.scalings_
        used = dict.fromkeys(scaling.column for scaling in scalings)
        numeric = [scaling.column for scaling in scalings if not scaling.categories]
        return self.preprocessor_.transform(
            feature_frame(frame[[name for name in used if name in frame.columns]], numeric)
        )

    def predict(self, frame: pd.DataFrame) -> Labels:
        """Position of the segment, shape (n,); the lowest position on a tie."""
        labels: Labels = self.assignment_.assign(self.transform(frame))
        return labels

    def predict_levels(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Keys of segment, sub-segment and micro-segment: columns segment_key, sub_segment_key, micro_segment_key."""
        points = self.transform(frame)
        segments = self.assignment_.assign(points)
        micro = self.levels_.assign(points, segments)
        keys = (self.segment_keys_, self.sub_segment_keys_, self.micro_segment_keys_)
        return level_keys(self.levels_, keys, segments, micro, frame.index)

    def predict_proba(self, frame: pd.DataFrame) -> Array:
        """Posterior of each segment, shape (n, k).

        Exact for a mixture. Elsewhere segments count as equally likely spherical Gaussians with the pooled variance
        `within_variance_`.
        """
        affinities = self.assignment_.affinities(self.transform(frame))
        temperature = 1.0 if self.assignment_.is_mixture else self.within_variance_
        # from the nearest, so that a far customer does not underflow to 0/0
        relative = np.exp((affinities - affinities.max(axis=1, keepdims=True)) / temperature)
        posterior: Array = relative / relative.sum(axis=1, keepdims=True)
        return posterior

    def stored(self, run: Mapping[str, RunValue] | None = None) -> StoredModel:
        """Everything but the method; `run` says more about the fit."""
        check_is_fitted(self, "assignment_")
        return stored_model(self, dict(run or self.run_))

    def to_parameters(self) -> pa.Table:
        """Rows of `PARAMETER_SCHEMA` that describe this model completely: no pickle, no person's row."""
        check_is_fitted(self, "assignment_")
        kept: pa.Table | None = getattr(self, "parameters_", None)
        return kept if kept is not None else model_rows(self.stored()).to_arrow(self.model_version_)

    @classmethod
    def from_parameters(cls, parameters: pa.Table | pd.DataFrame) -> "SegmentModel":
        """Rebuild a model that predicts exactly as the one stored."""
        stored = read_model(parameters)
        model = cls(algorithm=str(stored.run["algorithm"]), random_state=int(float(str(stored.run["random_state"]))))
        restore(model, stored)
        model.parameters_ = as_parameter_table(parameters)
        return model
