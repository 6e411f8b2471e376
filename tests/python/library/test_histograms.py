import duckdb
import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dbt_segmentation.histograms import bin_edges, count_bins

columns = hnp.arrays(
    np.float64,
    st.integers(0, 60),
    elements=st.one_of(st.floats(-1e6, 1e6), st.sampled_from([0.0, 1.0]), st.just(np.nan)),
)


@given(columns)
def test_a_bin_holds_the_values_with_as_many_edges_below(values):
    edges = bin_edges(values)
    assert (np.diff(edges) > 0).all()
    assert len(edges) <= 9
    counts, missing = count_bins(values, edges)
    known = [value for value in values if not np.isnan(value)]
    assert missing == len(values) - len(known)
    for i, count in enumerate(counts):
        assert count == sum(1 for value in known if sum(1 for edge in edges if edge < value) == i)
    assert counts.sum() == len(known)


def test_sql_counts_the_same():
    values = np.round(np.random.default_rng(0).exponential(size=500), 1)
    edges = bin_edges(values)
    counts, _ = count_bins(values, edges)
    facts = pd.DataFrame({"x": values})  # noqa: F841  read by DuckDB
    below = " + ".join(f"({edge!r}::double < x)::int" for edge in edges.tolist())
    found = dict(duckdb.sql(f"select {below} as bin, count(*) from facts group by 1").fetchall())
    assert [found.get(i, 0) for i in range(len(counts))] == counts.tolist()


def test_ten_even_bins_of_a_smooth_column():
    counts, missing = count_bins(*(lambda values: (values, bin_edges(values)))(np.arange(1000.0)))
    assert counts.tolist() == [100] * 10
    assert missing == 0
