"""Which archetype a segment resembles, so that it can be called by a name."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from dbt_segmentation.arrays import Array
from dbt_segmentation.errors import DataError

# of a scale from 0 to 1: under this a name would say more than the profile does
LEAST_RESEMBLANCE = 0.1

ARCHETYPE_COLUMNS = ("archetype", "feature", "direction", "weight")


def resemblance(profiles: pd.DataFrame, archetypes: pd.DataFrame) -> pd.DataFrame:
    """Score every segment against every archetype.

    The score is the cosine between the profile of a segment and the directions of an archetype, shrunk by
    |profile| / (1 + |profile|): a segment that hardly differs from everybody resembles nothing, however well its
    direction fits.

    Parameters
    ----------
    profiles : DataFrame of shape (segments, features)
        Means of preprocessed features: standard deviations from the average customer.
    archetypes : DataFrame
        Long: archetype, feature, direction (+1 or -1), weight. Features that the profiles lack are ignored.

    Returns
    -------
    DataFrame of shape (segments, archetypes)
        Scores from -1 to 1; archetypes none of whose features are there score 0.
    """
    absent = [name for name in ARCHETYPE_COLUMNS if name not in archetypes.columns]
    if absent:
        raise DataError(f"The archetypes lack columns: {', '.join(absent)}.")
    known = archetypes[archetypes["feature"].isin(profiles.columns)]
    wanted = pd.DataFrame(0.0, index=sorted(archetypes["archetype"].unique()), columns=profiles.columns)
    directed = known["direction"].astype(float) * known["weight"].astype(float)
    for archetype, feature, value in zip(known["archetype"], known["feature"], directed, strict=True):
        wanted.loc[archetype, feature] = float(value)
    target, profile = wanted.to_numpy(), profiles.to_numpy(dtype=np.float64)
    length = np.sqrt((target**2).sum(axis=1))
    size = np.sqrt((profile**2).sum(axis=1))
    scores = profile @ target.T / np.where(length > 0, length, 1.0) / (1.0 + size)[:, None]
    return pd.DataFrame(scores, index=profiles.index, columns=wanted.index)


def name_segments(
    profiles: pd.DataFrame, archetypes: pd.DataFrame, inherited: Mapping[int, str | None]
) -> list[str | None]:
    """Give each segment an archetype, each archetype once.

    Names follow keys: a segment that survived keeps its archetype, and keeps having none. The others are assigned
    together so that the total resemblance is largest. A segment that resembles none of those left stays unnamed.

    Parameters
    ----------
    profiles : DataFrame of shape (segments, features)
        See `resemblance`.
    archetypes : DataFrame
        See `resemblance`; may have no rows.
    inherited : mapping of int to str or None
        Archetype of each segment that survived, None where it had none, by position.

    Returns
    -------
    list of str or None
        One a segment.
    """
    names = [inherited.get(position) for position in range(len(profiles))]
    if len(archetypes) == 0:
        return names
    scores = resemblance(profiles, archetypes)
    segments = [position for position in range(len(profiles)) if position not in inherited]
    free = [archetype for archetype in scores.columns if archetype not in set(names)]
    if not segments or not free:
        return names
    # a name that says the opposite is worse than none, and must not buy another segment a better one
    positive: Array = np.maximum(scores[free].to_numpy()[segments], 0.0)
    for row, column in zip(*linear_sum_assignment(positive, maximize=True), strict=True):
        if positive[row, column] >= LEAST_RESEMBLANCE:
            names[segments[row]] = free[column]
    return names
