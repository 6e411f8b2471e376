"""Scoring five million customers: SQL from parameter rows beside scikit-learn's predict: `make bench-scoring`.

All start from a DuckDB table of raw features and end in a DuckDB table. scikit-learn pays for the way out and back:
Arrow batches to NumPy, the same preprocessing in NumPy, predict or transform, and an insert. Like is compared with
like: the segment alone (predict), and every column of a score (second segment, probabilities, distances, margin,
flags).
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from sklearn.cluster import KMeans

from dbt_segmentation import SegmentModel

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "python"))
from helpers.scoring_sql import create_features, render_score

BATCH = 500_000


def main() -> None:
    """Make the customers, fit on a sample, score both ways, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--features", type=int, default=15)
    parser.add_argument("--segments", type=int, default=8)
    options = parser.parse_args()
    names = [f"f{j:02d}" for j in range(options.features)]
    generator = np.random.default_rng(0)
    centers = generator.normal(size=(options.segments, options.features)) * 2
    connection = duckdb.connect(config={"threads": 2})
    create_features(connection, names, options.rows, centers)
    sample = connection.execute("select * from int_seg__customer_features using sample 20000 rows (reservoir, 0)").df()
    model = SegmentModel(algorithm="kmeans", n_segments=options.segments, transformation="none", n_bootstraps=2).fit(
        sample.set_index("customer_id")[names]
    )
    score = render_score(model.to_parameters(), connection)  # what dbt does while it compiles isn't counted
    segment = f"select customer_id, segment_key from ({score})"
    scores = "create or replace table int_seg__segment_scores as "
    measured = {
        "segment, SQL": timed(lambda: connection.execute(f"create or replace table segment_only as {segment}")),
        "segment, scikit-learn": timed(lambda: predict_outside(model, connection, names)),
        "all columns, SQL": timed(lambda: connection.execute(scores + score)),
        "all columns, scikit-learn": timed(lambda: transform_outside(model, connection, names)),
    }
    agree = connection.execute(
        "select avg(case when s.segment_key = p.segment_key then 1.0 else 0 end) "
        "from int_seg__segment_scores as s inner join predicted as p using (customer_id)"
    ).fetchone()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{options.rows:,} customers x {options.features} features, {options.segments} prototypes")
    for name, (processor, wall) in measured.items():
        print(f"{name:<28} {processor:6.1f} CPU s {wall:6.1f} s")
    print(f"same segment for {agree[0]:.6%}; peak memory of both {peak:.1f} GB")


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Do it, and give seconds of the processors and of the clock."""
    start = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - start[0], time.perf_counter() - start[1]


def fetched(model: SegmentModel, connection: duckdb.DuckDBPyConnection, names: list[str]) -> Iterator[tuple]:
    """Give customers and their preprocessed features, batch by batch."""
    scalings = model.preprocessor_.scalings_
    lower, upper = (np.array([getattr(s, limit) for s in scalings]) for limit in ("winsor_lower", "winsor_upper"))
    center, scale = (np.array([getattr(s, part) for s in scalings]) for part in ("center", "scale"))
    reading = connection.cursor().execute(f"select customer_id, {', '.join(names)} from int_seg__customer_features")
    for batch in reading.to_arrow_reader(BATCH):
        raw = np.column_stack([batch.column(scaling.name).to_numpy(zero_copy_only=False) for scaling in scalings])
        yield batch.column("customer_id"), (np.clip(raw, lower, upper) - center) / scale


def fitted(model: SegmentModel) -> KMeans:
    """Give scikit-learn's k-means with the centres of the model."""
    estimator = KMeans(len(model.segment_keys_), n_init=1, init=model.prototypes_, max_iter=1).fit(model.prototypes_)
    estimator.cluster_centers_ = model.prototypes_.copy()
    return estimator


def predict_outside(model: SegmentModel, connection: duckdb.DuckDBPyConnection, names: list[str]) -> None:
    """Fetch, prepare, predict and insert."""
    estimator, keys = fitted(model), np.array(model.segment_keys_)
    connection.execute("create or replace table predicted (customer_id bigint, segment_key varchar)")
    for customers, rows in fetched(model, connection, names):
        told = pa.table({"customer_id": customers, "segment_key": keys[estimator.predict(rows)]})
        connection.register("told", told)
        connection.execute("insert into predicted from told")


def transform_outside(model: SegmentModel, connection: duckdb.DuckDBPyConnection, names: list[str]) -> None:
    """Fetch, prepare, measure all distances, tell what a score tells, and insert."""
    estimator, keys = fitted(model), np.array(model.segment_keys_)
    statement = "create or replace table transformed as from told"
    for customers, rows in fetched(model, connection, names):
        distances = estimator.transform(rows)
        order = np.argsort(distances, axis=1)[:, :2]
        first, second = np.take_along_axis(distances, order, axis=1).T
        odds = np.exp((first[:, None] ** 2 - distances**2) / (2 * model.within_variance_))
        probability = 1 / odds.sum(axis=1)
        margin = 1 - first / second
        told = pa.table(  # noqa: F841 - read by the query
            {
                "customer_id": customers,
                "segment_key": keys[order[:, 0]],
                "second_segment_key": keys[order[:, 1]],
                "probability": probability,
                "second_probability": probability * np.take_along_axis(odds, order[:, 1:], axis=1)[:, 0],
                "margin": margin,
                "distance": first,
                "second_distance": second,
                "is_borderline": margin < 0.05,
                "is_outlier": first > model.outlier_distance_,
            }
        )
        connection.execute(statement)
        statement = "insert into transformed from told"


if __name__ == "__main__":
    main()
