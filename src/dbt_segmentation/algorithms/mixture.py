"""Gaussian mixtures: segments of different width and slant, with exact posteriors."""

import warnings
from collections.abc import Callable

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from dbt_segmentation.algorithms.assignment import Assignment
from dbt_segmentation.algorithms.base import Partition, Spec, weighted_rows
from dbt_segmentation.arrays import Array

COVARIANCES = ("full", "tied", "diag", "spherical")

# variance of one per cent of a z-scored feature: customers who are equal in something are no infinitely dense segment
_REGULARISATION = 1e-2
# a full covariance of so few rows a number is a story about these rows
_ROWS_PER_NUMBER = 2.0


class MixtureAlgorithm:
    """Gaussian mixture by expectation and maximisation (Dempster, Laird and Rubin 1977).

    Its criterion is the Bayesian information criterion (Schwarz 1978), lower is better.
    """

    name = "mixture"
    max_rows = 20_000

    def specs(self, counts: list[int], n_rows: int, n_features: int, min_size: int) -> list[Spec]:
        """See `Algorithm.specs`."""
        numbers = {
            "full": lambda k: k * n_features * (n_features + 1) / 2,
            "tied": lambda k: n_features * (n_features + 1) / 2 + k * n_features,
            "diag": lambda k: 2 * k * n_features,
            "spherical": lambda k: k * (n_features + 1),
        }
        return [
            Spec(self.name, count, (("covariance", covariance),))
            for covariance in COVARIANCES
            for count in counts
            if n_rows >= _ROWS_PER_NUMBER * numbers[covariance](count)
        ]

    def partition(
        self,
        points: Array,
        spec: Spec,
        *,
        seed: int,
        n_init: int = 10,
        weights: Array | None = None,
        start: Assignment | None = None,
    ) -> Partition:
        """See `Algorithm.partition`."""
        covariance = str(spec.option("covariance", "full"))
        estimator = GaussianMixture(
            spec.n_segments,
            covariance_type=covariance,
            reg_covar=_REGULARISATION,
            n_init=max(1, n_init // 5) if start is None else 1,
            **({} if start is None else _initial(start, covariance)),
            max_iter=200,
            random_state=seed,
        )
        rows = points if weights is None else points[weighted_rows(weights, seed)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            estimator.fit(rows)
        assignment = mixture_assignment(estimator)
        return Partition(assignment, assignment.assign(points), criterion=float(estimator.bic(rows)))


def _initial(start: Assignment, covariance: str) -> dict[str, Array]:
    """Where expectation and maximisation go on from: means, weights and precisions as scikit-learn takes them."""
    if start.factors is None or start.constants is None:
        return {"means_init": start.centers}
    precisions = start.factors @ start.factors.transpose(0, 2, 1)
    diagonals = np.diagonal(precisions, axis1=1, axis2=2)
    shapes: dict[str, Callable[[], Array]] = {
        "full": lambda: precisions,
        "tied": lambda: precisions[0],
        "diag": lambda: diagonals,
        "spherical": lambda: diagonals[:, 0],
    }
    densities = np.log(np.diagonal(start.factors, axis1=1, axis2=2)).sum(axis=1)
    shares = np.exp(start.constants - densities - (start.constants - densities).max())
    return {
        "means_init": start.centers,
        "weights_init": shares / shares.sum(),
        "precisions_init": np.ascontiguousarray(shapes[covariance]()),
    }


def mixture_assignment(estimator: GaussianMixture) -> Assignment:
    """Describe a fitted mixture: affinities are weighted log densities, as scikit-learn has them."""
    means = np.asarray(estimator.means_, dtype=np.float64)
    count, n_features = means.shape
    stored = np.asarray(estimator.precisions_cholesky_, dtype=np.float64)
    shapes: dict[str, Callable[[], Array]] = {
        "full": lambda: stored,
        "tied": lambda: np.repeat(stored[None], count, axis=0),
        "diag": lambda: stored[:, :, None] * np.eye(n_features),
        "spherical": lambda: stored[:, None, None] * np.eye(n_features),
    }
    factors = shapes[str(estimator.covariance_type)]()
    determinants = np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(axis=1)
    constants = np.log(estimator.weights_) + determinants - n_features / 2.0 * np.log(2.0 * np.pi)
    return Assignment(means, np.arange(count), count, factors, constants)
