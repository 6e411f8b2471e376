"""The segmentation model with scikit-learn habits."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from dbt_segmentation import fingerprints
from dbt_segmentation.algorithms import Labels, Partition, get_algorithm, squared_distances
from dbt_segmentation.candidates import Candidate, Effort, candidate_table
from dbt_segmentation.errors import ConfigError
from dbt_segmentation.frames import clean_frame, clean_weights, numeric_frame
from dbt_segmentation.parameters import as_parameter_table, model_rows, read_model
from dbt_segmentation.preprocessing import Array, Preprocessor
from dbt_segmentation.selection import SelectionPolicy, select_partition

# keeps the posterior defined where every customer lies on a prototype
_LEAST_VARIANCE = 1e-9


class SegmentModel(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Segments of customers, and the choice of how many.

    The numbers of segments from k_min to k_max are tried; a policy picks one, or says that there is no clear
    structure, and then everybody is in one segment. Permuted rows or columns and any number of threads give the same
    model.

    Parameters
    ----------
    algorithm : str
        `auto` or `kmeans`.
    n_segments : int, optional
        The analyst's choice; the policy's opinion of it is still recorded.
    min_segment_size : int
        A partition with a smaller segment is not eligible.
    random_state : int
        Seed of everything random.
    k_min, k_max : int
        Numbers of segments tried.
    winsor_limits, min_coverage, max_correlation, skew_limit
        See `preprocessing.Preprocessor`.
    n_bootstraps, n_references : int
        Repetitions for stability, and samples without segments to compare with.
    policy : SelectionPolicy, optional
        Thresholds and weights of the choice; the default if None.

    Attributes
    ----------
    labels_ : array of shape (n,)
        Position of each row's segment, in the row order of the frame; 0 is the largest segment.
    segment_keys_ : list of str
        Key of each position.
    prototypes_ : array of shape (k, p)
        Centres in preprocessed space.
    sizes_, shares_, jaccard_ : array of shape (k,)
        Rows, (weighted) share, and bootstrap stability of each segment.
    candidates_ : DataFrame
        A row per candidate with its indices, score and reason.
    verdict_ : str
        `segments` or `one_segment`.
    reason_ : str
        Why, in words.
    preprocessor_ : Preprocessor
        Fitted.
    within_variance_ : float
        Mean squared distance to the prototype, per coordinate.
    outlier_distance_ : float
        99.5 % quantile of the distances to the prototype.
    model_version_ : str
        Hash of sample, parameters and library versions.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> generator = np.random.default_rng(0)
    >>> spend = np.concatenate([generator.normal(10, 1, 100), generator.normal(50, 1, 150)])
    >>> model = SegmentModel(k_max=4).fit(pd.DataFrame({"spend": spend}))
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
        n_bootstraps: int = 20,
        n_references: int = 20,
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
        self.n_bootstraps = n_bootstraps
        self.n_references = n_references
        self.policy = policy

    def fit(
        self, frame: pd.DataFrame, sample_weight: Sequence[float] | Array | pd.Series | None = None
    ) -> "SegmentModel":
        """Learn segments.

        Parameters
        ----------
        frame : DataFrame of shape (n, p)
            A row per customer, index = customer_id, numeric columns; nulls are allowed, infinities are not.
        sample_weight : array of shape (n,) or Series, optional
            What each row stands for.

        Raises
        ------
        ConfigError
            A parameter is wrong.
        DataError
            The frame can't be used.
        """
        self._check_parameters()
        self.__dict__.pop("parameters_", None)  # of a stored model that is now fitted again
        algorithm = get_algorithm(self.algorithm)
        clean = clean_frame(frame)
        weights = clean_weights(sample_weight, frame)
        # sums in another order differ in the last digit: one thread, so that machines agree
        with threadpool_limits(limits=1):
            self.preprocessor_ = Preprocessor(
                self.winsor_limits, self.min_coverage, self.max_correlation, self.skew_limit
            ).fit(clean, weights)
            points = self.preprocessor_.transform(clean)
            selection = select_partition(
                points,
                algorithm,
                n_segments=self.n_segments,
                k_range=(self.k_min, self.k_max),
                min_segment_size=self.min_segment_size,
                policy=self.policy or SelectionPolicy(),
                weights=weights,
                seed=int(self.random_state),
                effort=Effort(n_bootstraps=self.n_bootstraps, n_references=self.n_references),
            )
            self._learn(points, weights, selection.winner)
        self.verdict_, self.reason_ = selection.verdict, selection.reason
        self.algorithm_ = algorithm.name
        self.candidates_ = candidate_table(selection.candidates)
        self.n_used_ = max((candidate.n_used for candidate in selection.candidates), default=len(points))
        self.feature_names_in_ = np.array(clean.columns, dtype=object)
        self.labels_ = pd.Series(self._labels(points), index=clean.index).reindex(frame.index).to_numpy()
        self._fingerprint(clean, weights)
        return self

    def _check_parameters(self) -> None:
        whole = {"min_segment_size": 1, "random_state": 0, "k_min": 2, "k_max": 2, "n_bootstraps": 1, "n_references": 2}
        if self.n_segments is not None:
            whole["n_segments"] = 1
        for name, least in whole.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
                raise ConfigError(f"{name} must be a whole number of at least {least}, got {value!r}.")
        if self.k_max < self.k_min:
            raise ConfigError(f"k_max ({self.k_max}) is less than k_min ({self.k_min}).")

    def _learn(self, points: Array, weights: Array | None, chosen: Candidate | None) -> None:
        """Set everything that scoring needs."""
        n_rows, n_features = points.shape
        self.jaccard_: Array = np.ones(1) if chosen is None else chosen.jaccard
        if chosen is None:
            share = np.full(n_rows, 1.0) if weights is None else weights
            center: Array = (points * share[:, None]).sum(axis=0, keepdims=True) / share.sum()
            partition = Partition(center, np.zeros(n_rows, dtype=np.int64), 0.0)
        else:
            partition = chosen.partition
        self.prototypes_ = partition.prototypes
        n_segments = len(self.prototypes_)
        self.segment_keys_ = [f"seg_{j + 1:03d}" for j in range(n_segments)]
        nearest = squared_distances(points, self.prototypes_)[np.arange(n_rows), partition.labels]
        self.sizes_ = np.bincount(partition.labels, minlength=n_segments)
        counted = np.bincount(partition.labels, weights, minlength=n_segments)
        self.shares_ = counted / counted.sum()
        spread = float(np.average(nearest, weights=weights)) / max(n_features, 1)
        self.within_variance_ = max(spread, _LEAST_VARIANCE)
        self.outlier_distance_ = float(np.quantile(np.sqrt(nearest), 0.995))

    def _labels(self, points: Array) -> Labels:
        labels: Labels = squared_distances(points, self.prototypes_).argmin(axis=1).astype(np.int64)
        return labels

    def _fingerprint(self, clean: pd.DataFrame, weights: Array | None) -> None:
        config = fingerprints.canonical_json(self.get_params())
        sample, versions = fingerprints.sample_hash(clean, weights), fingerprints.library_versions()
        self.run_ = {
            "sample_hash": sample,
            "config_hash": fingerprints.text_hash(config),
            "config_json": config,
            "library_versions": versions,
        }
        self.model_version_ = fingerprints.model_version(sample, config, versions)

    def transform(self, frame: pd.DataFrame) -> Array:
        """Preprocessed coordinates of shape (n, p); columns that the model does not use may be of any type."""
        check_is_fitted(self, "prototypes_")
        used = [scaling.name for scaling in self.preprocessor_.scalings_]
        return self.preprocessor_.transform(numeric_frame(frame[[name for name in used if name in frame.columns]]))

    def predict(self, frame: pd.DataFrame) -> Labels:
        """Position of the nearest prototype, shape (n,); the lowest position on a tie."""
        return self._labels(self.transform(frame))

    def predict_proba(self, frame: pd.DataFrame) -> Array:
        """Posterior of each segment, shape (n, k).

        Segments count as equally likely spherical Gaussians with the pooled variance `within_variance_`.
        """
        distances = squared_distances(self.transform(frame), self.prototypes_)
        # from the nearest, so that a far customer does not underflow to 0/0
        relative = np.exp(-(distances - distances.min(axis=1, keepdims=True)) / (2.0 * self.within_variance_))
        posterior: Array = relative / relative.sum(axis=1, keepdims=True)
        return posterior

    def to_parameters(self) -> pa.Table:
        """Rows of `PARAMETER_SCHEMA` that describe this model completely: no pickle, no person's row."""
        check_is_fitted(self, "prototypes_")
        stored: pa.Table | None = getattr(self, "parameters_", None)
        return stored if stored is not None else model_rows(self, self.run_).to_arrow(self.model_version_)

    @classmethod
    def from_parameters(cls, parameters: pa.Table | pd.DataFrame) -> "SegmentModel":
        """Rebuild a model that predicts exactly as the one stored."""
        stored = read_model(parameters)
        run: dict[str, Any] = stored.run
        model = cls(algorithm=run["algorithm"], random_state=int(run["random_state"]))
        model.algorithm_ = run["algorithm"]
        model.preprocessor_ = Preprocessor.from_scalings(stored.scalings, stored.dropped)
        model.prototypes_, model.segment_keys_ = stored.prototypes, stored.keys
        living = stored.segments.loc[stored.keys]
        model.sizes_ = living["size"].to_numpy(dtype=np.float64).astype(np.int64)
        model.shares_ = living["share"].to_numpy(dtype=np.float64)
        model.jaccard_ = living["jaccard"].to_numpy(dtype=np.float64)
        model.within_variance_ = float(run["within_variance"])
        model.outlier_distance_ = float(run["outlier_distance"])
        model.verdict_, model.reason_ = run["verdict"], run["reason"]
        model.n_used_, model.model_version_ = int(run["n_used"]), stored.model_version
        model.candidates_ = stored.candidates
        model.feature_names_in_ = np.array([scaling.name for scaling in stored.scalings], dtype=object)
        model.parameters_ = as_parameter_table(parameters)
        return model
