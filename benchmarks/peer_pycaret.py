"""PyCaret's clustering as it comes: `peer_pycaret.py ROWS.csv LABELS.csv`, run by quality.py in `.venv-peers`."""

from __future__ import annotations

import sys

import pandas as pd
from pycaret.clustering import ClusteringExperiment


def main(rows: str, labels: str) -> None:
    """Read rows, fit the default model, write a column Cluster in the same order."""
    experiment = ClusteringExperiment().setup(pd.read_csv(rows), session_id=0, verbose=False)
    model = experiment.create_model("kmeans", verbose=False)
    experiment.assign_model(model, verbose=False)[["Cluster"]].to_csv(labels, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
