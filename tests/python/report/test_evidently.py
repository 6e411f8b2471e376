"""The Evidently adapter: what is tested, what is told instead of tested, and what a page may hold."""

import datetime as dt
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import wasserstein_distance

from dbt_segmentation.drift import evidently_adapter
from dbt_segmentation.drift.columns import MIN_PEOPLE, column_kinds, compare_column, to_frame
from dbt_segmentation.drift.evidently_adapter import RESULT_SCHEMA, evidently_results, render_pages
from dbt_segmentation.errors import MissingExtraError

needs_evidently = pytest.mark.skipif(
    not evidently_adapter.is_available(), reason="the extra `drift` is not installed: pip install -e '.[drift]'"
)
MakeSample = Callable[..., pd.DataFrame]
RUN = {"run_id": "run-1", "as_of_date": "2017-12-31", "model_version": "m_1"}


@pytest.fixture(scope="module")
def results(drift_sample: MakeSample) -> pd.DataFrame:
    return evidently_results(pa.Table.from_pandas(drift_sample(), preserve_index=False), RUN).to_pandas()


@pytest.fixture(scope="module")
def pages(drift_sample: MakeSample, tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    return render_pages(drift_sample(), tmp_path_factory.mktemp("pages"), RUN)


def _row(results: pd.DataFrame, feature: str, day: str, segment_key: str = "all") -> pd.Series:
    found = results.query("feature == @feature and segment_key == @segment_key")
    return found[found["snapshot_date"] == dt.date.fromisoformat(day)].iloc[0]


@needs_evidently
def test_doubled_lognormal_spend_is_drift_and_the_rest_is_not(results: pd.DataFrame) -> None:
    assert _row(results, "spend", "2017-12-31").verdict == "drift"
    assert _row(results, "spend", "2017-11-30").verdict == "stable"
    last = results.query("segment_key == 'all' and verdict == 'drift'")
    assert set(last["feature"]) == {"spend"}


@needs_evidently
def test_values_equal_an_independent_calculation(results: pd.DataFrame, drift_sample: MakeSample) -> None:
    frame = drift_sample()
    old = frame[frame["is_reference"]]
    new = frame[frame["snapshot_date"] == dt.date(2017, 12, 31)]
    limits = MIN_PEOPLE / len(new)
    clipped = [
        side["spend"].clip(*np.quantile(side["spend"], [limits, 1 - limits], method="nearest")) for side in (old, new)
    ]
    distance = wasserstein_distance(*clipped) / clipped[0].std(ddof=0)
    assert _row(results, "spend", "2017-12-31").value == pytest.approx(distance)
    shares = [side["gender"].fillna("missing").value_counts(normalize=True).sort_index() for side in (old, new)]
    assert _row(results, "gender", "2017-12-31").value == pytest.approx(jensenshannon(*shares))


@needs_evidently
def test_schema_is_the_same_with_and_without_rows(drift_sample: MakeSample) -> None:
    full = evidently_results(drift_sample(), RUN)
    empty = evidently_results(drift_sample().head(0), RUN)
    assert full.schema == empty.schema == RESULT_SCHEMA
    assert empty.num_rows == 0


@needs_evidently
def test_columns_that_cannot_be_tested_are_told_with_the_reason(results: pd.DataFrame) -> None:
    not_tested = results.query("verdict == 'not_tested' and segment_key == 'all'")
    assert set(not_tested["feature"]) == {"empty", "empty_text", "constant"}
    assert not_tested["value"].isna().all()
    assert not_tested["detail"].notna().all()
    assert set(results["metric"]) == {"evidently_wasserstein", "evidently_jensenshannon"}


@needs_evidently
def test_small_segments_are_not_tested(drift_sample: MakeSample) -> None:
    small = evidently_results(drift_sample(customers=320), RUN).to_pandas()
    row = _row(small, "spend", "2017-12-31", "seg_002")
    assert (row.verdict, row.detail, row.n_current) == ("not_tested", "too few rows: 80 < 100", 80)


@needs_evidently
def test_snapshots_after_the_as_of_date_are_left_out(drift_sample: MakeSample) -> None:
    early = evidently_results(drift_sample(), RUN | {"as_of_date": dt.date(2017, 11, 30)}).to_pandas()
    assert set(early["snapshot_date"]) == {dt.date(2017, 10, 31), dt.date(2017, 11, 30)}


@needs_evidently
def test_order_of_rows_and_columns_does_not_matter(drift_sample: MakeSample) -> None:
    frame = drift_sample()
    shuffled = frame.sample(frac=1, random_state=1)[sorted(frame.columns, reverse=True)]
    pd.testing.assert_frame_equal(
        evidently_results(frame, RUN).to_pandas(), evidently_results(shuffled, RUN).to_pandas(), rtol=1e-9
    )


@needs_evidently
def test_values_do_not_depend_on_the_unit(drift_sample: MakeSample) -> None:
    frame = drift_sample()
    tiny = frame.assign(spend=frame["spend"] * 1e-7)
    values = [_row(evidently_results(f, RUN).to_pandas(), "spend", "2017-12-31").value for f in (frame, tiny)]
    assert values[0] == pytest.approx(values[1])


@needs_evidently
@pytest.mark.parametrize("customers", [150, 400, 1500])
def test_method_and_threshold_do_not_change_with_the_number_of_rows(drift_sample: MakeSample, customers: int) -> None:
    rows = evidently_results(drift_sample(customers=customers), RUN).to_pandas()
    assert set(zip(rows["metric"], rows["threshold"], strict=True)) == {
        ("evidently_wasserstein", 0.2),
        ("evidently_jensenshannon", 0.1),
    }


def test_without_evidently_there_are_no_rows_and_pages_name_the_extra(
    drift_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "evidently", None)
    assert evidently_results(drift_sample(), RUN).num_rows == 0
    with pytest.raises(MissingExtraError, match=re.escape("pip install 'dbt-segmentation[drift]'")):
        render_pages(drift_sample(), tmp_path, RUN)


def test_importing_the_adapter_does_not_import_evidently() -> None:
    code = "import sys, dbt_segmentation.drift.evidently_adapter; sys.exit('evidently' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_sample_without_key_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="is_reference"):
        to_frame(pd.DataFrame({"snapshot_date": [], "segment_key": []}))


def test_categories_of_few_people_are_grouped() -> None:
    old = pd.Series(["a"] * 300 + ["b"] * 200 + ["only me"] + ["c"] * 5)
    comparison = compare_column("town", "categorical", old, old.replace("c", "d"))
    assert comparison.reference is not None
    assert comparison.current is not None
    names = set(comparison.reference) | set(comparison.current)
    assert "only me" not in names
    assert {"c", "d"}.isdisjoint(names)
    assert comparison.reference.value_counts().min() >= MIN_PEOPLE


def test_enough_rare_categories_make_a_group_of_their_own() -> None:
    old = pd.Series(["a"] * 300 + ["b"] * 200 + ["c"] * 6 + ["d"] * 7)
    comparison = compare_column("town", "categorical", old, old)
    assert comparison.reference is not None
    assert comparison.reference.value_counts().to_dict() == {"a": 300, "b": 200, "other": 13}


def test_one_persons_extreme_is_in_no_compared_value() -> None:
    rng = np.random.default_rng(0)
    values = pd.Series(rng.lognormal(0, 1, 500))
    values.iloc[3] = 987654.0
    comparison = compare_column("spend", "numeric", values, values)
    assert comparison.current is not None
    assert (comparison.current == comparison.current.max()).sum() >= MIN_PEOPLE
    assert (comparison.current == comparison.current.min()).sum() >= MIN_PEOPLE


def test_a_shift_in_missing_values_is_told() -> None:
    old, new = pd.Series(np.arange(400.0)), pd.Series(np.arange(400.0))
    new.iloc[::2] = np.nan
    assert compare_column("age", "numeric", old, new).detail == "missing 0% -> 50%"


def test_kinds_are_decided_on_all_rows(drift_sample: MakeSample) -> None:
    kinds = column_kinds(to_frame(drift_sample()))
    assert kinds["orders"] == kinds["spend"] == "numeric"
    assert kinds["gender"] == kinds["is_member"] == "categorical"
    assert kinds["empty"] == kinds["empty_text"] == "empty"
    assert "customer_id" not in kinds


@needs_evidently
def test_pages_agree_with_the_metric_rows(pages: list[dict], results: pd.DataFrame) -> None:
    assert [page["snapshot_date"].isoformat() for page in pages] == ["2017-10-31", "2017-11-30", "2017-12-31"]
    for page in pages:
        rows = results[(results["snapshot_date"] == page["snapshot_date"]) & (results["segment_key"] == "all")]
        assert page["drifted"] == (rows["verdict"] == "drift").sum()
        assert page["tested"] == (rows["verdict"] != "not_tested").sum()
        assert {column["feature"] for column in page["not_tested"]} == {"constant", "empty", "empty_text"}
        html = page["path"].read_text(encoding="utf-8")
        for row in rows.dropna(subset="value").itertuples():
            # what Evidently itself wrote on its page, rounded as it does
            score = re.search(rf"Drift in column '{row.feature}'\".*?Drift score: ([0-9.e-]+)", html)
            assert score is not None, row.feature
            assert float(score[1].rstrip(".")) == pytest.approx(row.value, abs=6e-4)


@needs_evidently
def test_pages_are_self_contained_and_name_nobody(pages: list[dict]) -> None:
    for page in pages:
        html = page["path"].read_text(encoding="utf-8")
        assert "default-src 'none'" in html.split("<style")[0]
        assert not re.findall(r"<(?:link|script|img|iframe)\b[^>]*(?:href|src)=[\"']?(?:https?:)?//", html)
        assert "c_00001" not in html
        assert "Index binned" not in html


@needs_evidently
def test_same_sample_gives_the_same_pages_and_old_ones_go(drift_sample: MakeSample, tmp_path: Path) -> None:
    first = [page["path"].read_bytes() for page in render_pages(drift_sample(2), tmp_path, RUN)]
    (tmp_path / "drift-2015-01-31.html").write_text("old")
    (tmp_path / "mine.html").write_text("mine")
    assert [page["path"].read_bytes() for page in render_pages(drift_sample(2), tmp_path, RUN)] == first
    assert sorted(os.listdir(tmp_path)) == ["drift-2017-10-31.html", "drift-2017-11-30.html", "mine.html"]


@needs_evidently
def test_hostile_values_and_names_cannot_leave_their_script(drift_sample: MakeSample, tmp_path: Path) -> None:
    hostile = "</script><script>alert(1)</script>"
    frame = drift_sample(2).rename(columns={"is_member": hostile})
    frame["gender"] = frame["gender"].fillna(hostile)
    html = render_pages(frame, tmp_path, RUN | {"run_id": hostile})[1]["path"].read_text(encoding="utf-8")
    assert "alert(1)</script>" not in html


@needs_evidently
def test_a_crash_leaves_the_pages_before(
    drift_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "drift-2017-10-31.html").write_text("before")

    def crash(*_: object) -> str:
        raise RuntimeError("crash")

    monkeypatch.setattr(evidently_adapter, "finish_page", crash)
    with pytest.raises(RuntimeError, match="crash"):
        render_pages(drift_sample(2), tmp_path, RUN)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"drift-2017-10-31.html": "before"}


@needs_evidently
def test_nothing_testable_still_gives_a_page(drift_sample: MakeSample, tmp_path: Path) -> None:
    frame = drift_sample(2)[["snapshot_date", "segment_key", "is_reference", "empty", "constant"]]
    page = render_pages(frame, tmp_path, RUN, language="fr")[1]
    assert (page["drifted"], page["tested"]) == (0, 0)
    assert "Aucune variable" in page["path"].read_text(encoding="utf-8")


@needs_evidently
def test_contract_of_what_we_read_from_evidently() -> None:
    """Fails with a clear name when a new version of Evidently changes what the adapter relies on."""
    from evidently import DataDefinition, Dataset, Report
    from evidently.metrics import ValueDrift

    frame = pd.DataFrame({"x": np.arange(200.0)})
    definition = DataDefinition(numerical_columns=["x"])
    data = Dataset.from_pandas(frame, data_definition=definition)
    snapshot = Report([ValueDrift(column="x", method="wasserstein", threshold=0.2)], include_tests=False).run(
        data, data
    )
    metric = json.loads(snapshot.json())["metrics"][0]
    assert metric["value"] == 0.0
    assert (metric["config"]["method"], metric["config"]["threshold"]) == ("wasserstein", 0.2)
    titles = [tab.title for result in snapshot.metric_results.values() for w in result.widget for tab in w.tabs or []]
    assert titles == ["DATA DRIFT", "DATA DISTRIBUTION"]
