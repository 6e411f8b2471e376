"""How well the automatic choice finds groups that are known, and says so where there are none: `make bench-quality`.

Nothing is tuned for a data set: SegmentModel(algorithm="auto", min_segment_size=10) everywhere, k from 2 to 12. The
peers are told the true number; they are scikit-learn's k-means and Gaussian mixture on z-scores.
"""

from __future__ import annotations

import argparse
import time
import warnings

import numpy as np
import pandas as pd
from known_groups import Known, all_known, blobs, noise
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from dbt_segmentation import SegmentModel


def fit(frame: pd.DataFrame, **settings: object) -> SegmentModel:
    """Fit the automatic choice as every line of the benchmark does."""
    return SegmentModel(min_segment_size=10, k_max=12, **settings).fit(frame)


def peers(known: Known) -> tuple[float, float]:
    """Measure k-means and a mixture that are told the number of groups: adjusted Rand indices."""
    scaled = StandardScaler().fit_transform(known.frame.fillna(known.frame.median()))
    k = len(np.unique(known.groups))
    kmeans = KMeans(k, n_init=10, random_state=0).fit_predict(scaled)
    mixture = GaussianMixture(k, n_init=3, random_state=0).fit_predict(scaled)
    return adjusted_rand_score(known.groups, kmeans), adjusted_rand_score(known.groups, mixture)


def bench_known() -> None:
    """Print the adjusted Rand index beside the peers."""
    head = f"{'data':<14} {'rows':>5} {'k':>3} {'found':>5} {'auto':>6} {'k-means':>8} {'mixture':>8}"
    print(f"{head} {'to best':>8} {'s':>5}  winner")
    gaps, ours, best = [], [], []
    for known in all_known():
        kmeans, mixture = peers(known)
        start = time.perf_counter()
        model = fit(known.frame)
        seconds = time.perf_counter() - start
        auto = adjusted_rand_score(known.groups, model.labels_)
        winner = model.candidates_.loc[model.candidates_["is_winner"], "candidate"]
        name = winner.iloc[0] if len(winner) else "no clear structure"
        gaps.append(auto - max(kmeans, mixture))
        ours.append(auto)
        best.append(max(kmeans, mixture))
        k = len(np.unique(known.groups))
        print(
            f"{known.name:<14} {len(known.frame):>5} {k:>3} {len(model.segment_keys_):>5} {auto:>6.3f} {kmeans:>8.3f} "
            f"{mixture:>8.3f} {gaps[-1]:>+8.3f} {seconds:>5.0f}  {name}",
            flush=True,
        )
    print(
        f"median distance to the better of the two: {np.median(gaps):+.3f}; "
        f"medians: auto {np.median(ours):.3f}, the better of the two {np.median(best):.3f}"
    )


def bench_noise(seeds: int) -> None:
    """How often data without groups are told to have none."""
    for kind in ("normal", "uniform", "skewed"):
        right = [
            SegmentModel(min_segment_size=10, k_max=12, n_bootstraps=2, random_state=seed)
            .fit(noise(kind, seed))
            .verdict_
            == "one_segment"
            for seed in range(seeds)
        ]
        print(f"noise, {kind:<8} no clear structure in {sum(right)} of {seeds}", flush=True)


def bench_blobs(seeds: int) -> None:
    """How often the number of well-separated groups is found."""
    found = []
    for seed in range(seeds):
        groups = 3 + seed % 6
        model = fit(blobs(groups, seed), n_bootstraps=5, n_references=10)
        found.append(len(model.segment_keys_) == groups)
    print(f"3 to 8 separated groups: the number found in {sum(found)} of {seeds}", flush=True)


def main() -> None:
    """Run the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["known", "noise", "blobs"], help="known, noise, blobs")
    parser.add_argument("--seeds", type=int, default=20)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    with threadpool_limits(limits=1):
        if "known" in arguments.parts:
            bench_known()
        if "noise" in arguments.parts:
            bench_noise(arguments.seeds)
        if "blobs" in arguments.parts:
            bench_blobs(arguments.seeds)


if __name__ == "__main__":
    main()
