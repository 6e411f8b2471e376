"""The elbow of a curve."""

import numpy as np

from dbt_segmentation.arrays import Array


def kneedle(values: Array) -> int:
    """Position of the elbow of a curve that only rises or only falls: where it is farthest from its chord.

    The rule is that of Satopaa, Albrecht, Irwin and Raghavan (2011), Finding a "kneedle" in a haystack, without
    smoothing.

    Parameters
    ----------
    values : array of shape (n,)
        The curve at equal steps. A rising curve bends upwards (distances to neighbours), a falling one flattens
        (inertia).
    """
    n = len(values)
    spread = float(values[-1] - values[0])
    if n < 3 or spread == 0.0:
        return 0
    steps = np.linspace(0.0, 1.0, n)
    heights = (values - values[0]) / spread
    if spread > 0:
        return int(np.argmax(steps - heights))
    return int(np.argmax(heights - steps))
