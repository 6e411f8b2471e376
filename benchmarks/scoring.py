"""Scoring five million customers: SQL from parameter rows beside scikit-learn's predict: `make bench-scoring`.

Both start from a DuckDB table of raw features and end in a DuckDB table of labels. scikit-learn pays for the way out
and back: Arrow batches to numpy, the same preprocessing in numpy, predict, and an insert.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from sklearn.cluster import KMeans

from dbt_segmentation import SegmentModel

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "python"))
from helpers.scoring_sql import create_features, render_score, score_table

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
    start = time.process_time(), time.perf_counter()
    score_table(model.to_parameters(), connection)
    sql = time.process_time() - start[0], time.perf_counter() - start[1]
    start = time.process_time(), time.perf_counter()
    segments = render_score(model.to_parameters(), connection)
    connection.execute(f"create or replace table segment_only as select customer_id, segment_key from ({segments})")
    only = time.process_time() - start[0], time.perf_counter() - start[1]
    start = time.process_time(), time.perf_counter()
    predict_outside(model, connection, names)
    outside = time.process_time() - start[0], time.perf_counter() - start[1]
    agree = connection.execute(
        "select avg(case when s.segment_key = p.segment_key then 1.0 else 0 end) "
        "from int_seg__segment_scores as s inner join predicted as p using (customer_id)"
    ).fetchone()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{options.rows:,} customers x {options.features} features, {options.segments} prototypes")
    print(f"SQL, all columns of the score       {sql[0]:6.1f} CPU s {sql[1]:6.1f} s")
    print(f"SQL, the segment only               {only[0]:6.1f} CPU s {only[1]:6.1f} s")
    print(f"scikit-learn, out and back          {outside[0]:6.1f} CPU s {outside[1]:6.1f} s")
    print(f"same segment for {agree[0]:.6%}; peak memory of both {peak:.1f} GB")


def predict_outside(model: SegmentModel, connection: duckdb.DuckDBPyConnection, names: list[str]) -> None:
    """Fetch, prepare, predict and insert, batch by batch."""
    scalings = model.preprocessor_.scalings_
    estimator = KMeans(len(model.segment_keys_), n_init=1, init=model.prototypes_, max_iter=1).fit(model.prototypes_)
    estimator.cluster_centers_ = model.prototypes_.copy()
    keys = np.array(model.segment_keys_)
    connection.execute("create or replace table predicted (customer_id bigint, segment_key varchar)")
    reading = connection.cursor().execute(f"select customer_id, {', '.join(names)} from int_seg__customer_features")
    for batch in reading.to_arrow_reader(BATCH):
        raw = np.column_stack([batch.column(scaling.name).to_numpy(zero_copy_only=False) for scaling in scalings])
        lower, upper = (np.array([getattr(s, limit) for s in scalings]) for limit in ("winsor_lower", "winsor_upper"))
        center, scale = (np.array([getattr(s, part) for s in scalings]) for part in ("center", "scale"))
        labels = estimator.predict((np.clip(raw, lower, upper) - center) / scale)
        told = pa.table({"customer_id": batch.column("customer_id"), "segment_key": keys[labels]})
        connection.register("told", told)
        connection.execute("insert into predicted from told")


if __name__ == "__main__":
    main()
