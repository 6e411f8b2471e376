"""How well the automatic choice finds groups that are known, and says so where there are none: `make bench-quality`.

Nothing is tuned for a data set: SegmentModel(algorithm="auto", min_segment_size=10) everywhere, k from 2 to 12.
Two peers are told the true number: scikit-learn's k-means and Gaussian mixture on z-scores. Three are not: a mixture
whose number is chosen by BIC (as mclust does, Scrucca et al. 2016), HDBSCAN, and PyCaret's defaults, which needs an
environment of its own: `make peers`.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from known_groups import Known, all_known, blobs, noise
from sklearn.cluster import HDBSCAN, KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from dbt_segmentation import SegmentModel

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".venv-peers" / "bin" / "python"
K_MAX, MIN_SEGMENT_SIZE = 12, 10


def fit(frame: pd.DataFrame, **settings: object) -> SegmentModel:
    """Fit the automatic choice as every line of the benchmark does."""
    return SegmentModel(min_segment_size=MIN_SEGMENT_SIZE, k_max=K_MAX, **settings).fit(frame)


def scaled(known: Known) -> np.ndarray:
    """Fill gaps by medians and take z-scores."""
    return StandardScaler().fit_transform(known.frame.fillna(known.frame.median()))


def told_the_number(known: Known) -> tuple[float, float]:
    """Measure k-means and a mixture that are told the number of groups: adjusted Rand indices."""
    rows, k = scaled(known), len(np.unique(known.groups))
    kmeans = KMeans(k, n_init=10, random_state=0).fit_predict(rows)
    mixture = GaussianMixture(k, n_init=3, random_state=0).fit_predict(rows)
    return adjusted_rand_score(known.groups, kmeans), adjusted_rand_score(known.groups, mixture)


def not_told(known: Known) -> tuple[float, float, float]:
    """Measure what finds the number itself: mixture by BIC, HDBSCAN, PyCaret (NaN where it isn't installed)."""
    rows = scaled(known)
    mixtures = [GaussianMixture(k, n_init=3, random_state=0).fit(rows) for k in range(1, K_MAX + 1)]
    by_bic = min(mixtures, key=lambda mixture: mixture.bic(rows)).predict(rows)
    density = HDBSCAN(min_cluster_size=MIN_SEGMENT_SIZE, copy=True).fit_predict(rows)
    told = [adjusted_rand_score(known.groups, labels) for labels in (by_bic, density)]
    return told[0], told[1], pycaret(known)


def pycaret(known: Known) -> float:
    """Measure PyCaret's default, in its own environment: its pins exclude this package's."""
    if not PEERS.exists():
        return float("nan")
    with tempfile.TemporaryDirectory() as directory:
        rows, labels = Path(directory) / "rows.csv", Path(directory) / "labels.csv"
        known.frame.to_csv(rows, index=False)
        command = [PEERS, ROOT / "benchmarks" / "peer_pycaret.py", rows, labels]
        # PyCaret writes a log into the folder that it runs in
        subprocess.run([str(part) for part in command], check=True, capture_output=True, cwd=directory)
        return adjusted_rand_score(known.groups, pd.read_csv(labels)["Cluster"])


def bench_known() -> None:
    """Print the adjusted Rand index beside the peers."""
    if not PEERS.exists():
        print("PyCaret is not installed, its column stays empty: make peers")
    print("| data | groups | found | automatic | k-means, told | mixture, told | by BIC | HDBSCAN | PyCaret | s |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    gaps, ours, best = [], [], []
    for known in all_known():
        kmeans, mixture = told_the_number(known)
        by_bic, density, caret = not_told(known)
        start = time.perf_counter()
        model = fit(known.frame)
        seconds = time.perf_counter() - start
        auto = adjusted_rand_score(known.groups, model.labels_)
        gaps.append(auto - max(kmeans, mixture))
        ours.append(auto)
        best.append(max(kmeans, mixture))
        figures = " | ".join(f"{figure:.3f}" for figure in (auto, kmeans, mixture, by_bic, density, caret))
        k = len(np.unique(known.groups))
        print(f"| {known.name} | {k} | {len(model.segment_keys_)} | {figures} | {seconds:.0f} |", flush=True)
    print(
        f"median distance to the better of the two that are told: {np.median(gaps):+.3f}; "
        f"medians: automatic {np.median(ours):.3f}, the better of the two {np.median(best):.3f}"
    )


def bench_noise(seeds: int) -> None:
    """How often data without groups are told to have none."""
    for kind in ("normal", "uniform", "skewed"):
        right = [
            fit(noise(kind, seed), n_bootstraps=2, random_state=seed).verdict_ == "one_segment" for seed in range(seeds)
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
