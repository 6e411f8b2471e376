"""Categories as coordinates: an indicator each, or one scale where they have an order."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dbt_segmentation.arrays import Array
from dbt_segmentation.preprocessing.features import FeatureScaling

# a category of fewer customers could point at one of them; it also gets no coordinate of its own
LEAST_HOLDERS = 10
MOST_CATEGORIES = 20


def as_text(column: pd.Series) -> pd.Series:
    """Categories as texts, None where missing."""
    texts = column.astype(object).where(column.notna(), None)
    return texts.map(lambda value: None if value is None else str(value))


def indicators(column: pd.Series, weights: Array | None, weight: float) -> list[FeatureScaling]:
    """Make indicator coordinates of the frequent categories, in the order of their names.

    Two customers of different categories are on average as far apart as two values of a z-scored number: the squared
    distance between two customers drawn at random is 2 * weight ** 2 for either. The idea is that of k-prototypes
    (Huang 1998), whose gamma balances categories with numbers. Rare categories and missing values share the origin.

    Parameters
    ----------
    column : Series of shape (n,)
        Texts, None where missing.
    weights : array of shape (n,), optional
        What each row stands for. A category is frequent with ten rows that weigh as much as ten average ones.
    weight : float
        How much the feature counts in distances, next to a number.
    """
    counts = column.value_counts()
    texts = column.to_numpy(dtype=object)
    everybody = {
        str(name): float(np.average((texts == name).astype(np.float64), weights=weights))
        for name in counts.index[counts >= LEAST_HOLDERS]
    }
    # people protect each other, weights do not; but a category must also be of some weight to be a coordinate
    least = LEAST_HOLDERS / len(texts) * (1.0 - 1e-9)
    frequent = sorted(
        (name for name in everybody if everybody[name] >= least), key=lambda name: (-everybody[name], name)
    )
    names = sorted(frequent[:MOST_CATEGORIES])
    shares = {name: everybody[name] for name in names}
    alike = sum(share**2 for share in shares.values()) + max(0.0, 1.0 - sum(shares.values())) ** 2
    if not names or alike >= 1.0 - 1e-9:
        return []
    scale = float(np.sqrt(1.0 - alike)) / weight
    return [
        FeatureScaling(
            f"{column.name}__{position:02d}",
            0.0,
            1.0,
            "none",
            0.0,
            shares[name],
            scale,
            "indicator",
            source=str(column.name),
            categories=(name,),
            weight=weight,
        )
        for position, name in enumerate(names, start=1)
    ]


def raw_values(column: pd.Series, scaling: FeatureScaling) -> Array:
    """Numbers that a coordinate starts from: the column itself, an indicator, or ranks of ordered categories."""
    if not scaling.categories:
        return column.to_numpy(dtype=np.float64)
    texts = as_text(column)
    if scaling.scaling == "indicator":
        held: Array = (texts == scaling.categories[0]).to_numpy().astype(np.float64)
        return held
    return ordinal_values(texts, scaling.categories)


def ordinal_values(texts: pd.Series, order: Sequence[str]) -> Array:
    """0 for the lowest category, 1 for the next; NaN for missing ones and for those that the order lacks."""
    ranks = {name: float(rank) for rank, name in enumerate(order)}
    return texts.map(lambda text: ranks.get(text, np.nan)).to_numpy(dtype=np.float64)
