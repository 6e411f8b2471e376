"""Transitive closure of links."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from dbt_segmentation.errors import DataError

Integers = NDArray[np.int64]


def connected_groups(n: int, a: NDArray[np.integer], b: NDArray[np.integer]) -> Integers:
    """Find the group of each node, where every edge joins two groups (Pearce 2005, by way of scipy).

    Parameters
    ----------
    n : int
        Number of nodes, named 0 to n - 1.
    a, b : array of int, shape (edges,)
        Ends of the edges. Direction and repetition don't matter.

    Returns
    -------
    array of int, shape (n,)
        Groups, numbered from 0 in the order of their smallest node.

    Raises
    ------
    DataError
        The ends differ in number, or name a node that is not there.
    """
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape or a.ndim != 1:
        raise DataError(f"Edges need two ends each: got arrays of shape {a.shape} and {b.shape}.")
    if n == 0 and not a.size:
        return np.zeros(0, dtype=np.int64)
    if a.size and (min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= n):
        raise DataError(f"An edge names a node outside 0 to {n - 1}.")
    index = np.int32 if n < np.iinfo(np.int32).max else np.int64
    edges = coo_matrix((np.ones(a.size, dtype=np.int8), (a.astype(index), b.astype(index))), shape=(n, n))
    _, labels = connected_components(edges, directed=False)
    # scipy numbers in this order already, but does not promise it
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(first.size, dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(first.size)
    return rank[inverse]
