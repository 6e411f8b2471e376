"""Ways to partition points, behind one interface: whatever the method, everybody is scored from a few numbers."""

from dbt_segmentation.algorithms.assignment import Assignment
from dbt_segmentation.algorithms.base import LEAST_ROWS, Algorithm, Merge, Partition, Spec, canonical_order
from dbt_segmentation.algorithms.density import DbscanAlgorithm, HdbscanAlgorithm
from dbt_segmentation.algorithms.kmeans import KMeansAlgorithm, MiniBatchAlgorithm
from dbt_segmentation.algorithms.linkage import LinkageAlgorithm
from dbt_segmentation.algorithms.mixture import MixtureAlgorithm
from dbt_segmentation.errors import ConfigError, did_you_mean

ALGORITHMS = ("kmeans", "minibatch", "mixture", "agglomerative", "dbscan", "hdbscan")

__all__ = [
    "ALGORITHMS",
    "LEAST_ROWS",
    "Algorithm",
    "Assignment",
    "Merge",
    "Partition",
    "Spec",
    "canonical_order",
    "get_algorithms",
]


def get_algorithms(name: str, noise: str = "nearest") -> list[Algorithm]:
    """Methods by name; `auto` is all of them, k-means first.

    Raises
    ------
    ConfigError
        No such method.
    """
    known: dict[str, Algorithm] = {
        "kmeans": KMeansAlgorithm(),
        "minibatch": MiniBatchAlgorithm(),
        "mixture": MixtureAlgorithm(),
        "agglomerative": LinkageAlgorithm(),
        "dbscan": DbscanAlgorithm(noise),
        "hdbscan": HdbscanAlgorithm(noise),
    }
    if name == "auto":
        return list(known.values())
    if name not in known:
        raise ConfigError(f"Unknown algorithm {name!r}. {did_you_mean(name, ['auto', *known])}")
    return [known[name]]
