"""The whole choice on a full sample: all methods, k from 2 to 12, 50 bootstraps: `make bench-choice`.

Prints seconds, peak memory, and how many rows each part of the work used.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np
import pandas as pd
from rich.progress import Progress

from dbt_segmentation import SegmentModel


def main() -> None:
    """Make customers of eight kinds, and choose."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--features", type=int, default=40)
    options = parser.parse_args()
    generator = np.random.default_rng(0)
    kinds = generator.normal(size=(8, options.features)) * 1.5
    points = kinds[generator.integers(8, size=options.rows)] + generator.normal(size=(options.rows, options.features))
    points[:, ::4] = np.exp(points[:, ::4])
    points[generator.random(points.shape) < 0.02] = np.nan
    frame = pd.DataFrame(points, columns=[f"f{j:02d}" for j in range(options.features)])
    frame = frame.set_axis([f"c{i:06d}" for i in range(options.rows)])
    start = time.perf_counter()
    with Progress() as bar:
        task = bar.add_task("starting")

        def show(what: str, done: int, of: int) -> None:
            bar.update(task, description=what, completed=done, total=of)

        model = SegmentModel(k_max=12, n_bootstraps=50).fit(frame, progress=show)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{options.rows:,} x {options.features}: {seconds:.0f} s, {peak:.1f} GB, {len(model.candidates_)} candidates")
    print(f"{len(model.segment_keys_)} segments: {model.reason_}")
    print(model.candidates_.groupby(["algorithm", "stage"])["n_used"].agg(["size", "min", "max"]).to_string())


if __name__ == "__main__":
    main()
