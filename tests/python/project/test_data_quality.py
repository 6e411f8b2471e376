"""Checks of the data: figures against scipy, verdicts of planted faults, alerts, a stop, and weights against numpy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest
from helpers.projects import Project
from scipy import stats

Make = Callable[..., Project]
TO_CHECKS = ("--select", "+fct_seg__data_quality")


def checks(project: Project) -> pd.DataFrame:
    return project.table("fct_seg__data_quality").set_index(["input", "field", "metric"])


def rake(cells: pd.DataFrame, margins: dict[str, dict[str, float]], cap: float) -> np.ndarray:
    """Rake in a few lines, written without the package: dimensions in alphabetical order, capped after each round."""
    weights = np.ones(len(cells))
    for _ in range(15):
        for dimension in sorted(margins):
            known = cells[dimension].isin(margins[dimension]).to_numpy()
            total = weights[known].sum()
            factor = np.ones(len(cells))
            for category, share in margins[dimension].items():
                members = (cells[dimension] == category).to_numpy()
                factor[members] = share * total / weights[members].sum()
            weights = weights * factor
        weights = np.clip(weights, 1 / cap, cap)
    return np.asarray(weights / weights.mean())


def test_distances_to_the_snapshot_before_are_those_of_scipy(sample: Project) -> None:
    features = sample.table("int_seg__customer_features")
    told = checks(sample)
    days = sorted(features.loc[features["is_window_complete"], "snapshot_date"].unique())[-2:]
    before, now = (features[features["snapshot_date"] == day] for day in days)
    compared = 0
    for (origin, feature, metric), row in told.iterrows():
        if origin != "features" or metric != "ks_to_previous":
            continue
        first, second = before[feature].dropna(), now[feature].dropna()
        if min(len(first), len(second)) < 8:
            assert np.isnan(row["value"]), feature
            continue
        assert row["value"] == pytest.approx(stats.ks_2samp(first, second).statistic, abs=1e-12), feature
        assert row["n"] == len(first) + len(second)
        # Smirnov's limit at alpha = 0.001, which is larger than 0.15 for so few customers
        n = len(first) * len(second) / (len(first) + len(second))
        assert row["threshold_warn"] == pytest.approx(stats.kstwobign.isf(0.001) / np.sqrt(n), rel=1e-4)
        compared += 1
    assert compared > 10


def test_distances_to_the_source_are_those_of_scipy_with_everybody_who_refused(consumer: Make) -> None:
    project = consumer(seg_consents_relation="raw.consents", seg_default_consent=None, seg_drift_min_rows=8)
    # orders of those who refuse, who buy most, are ten times larger
    project.execute(
        "create table raw.consents as select source_system, source_record_id, 'profiling' as purpose, "
        "case when source_record_id <= 'C015' then 'denied' else 'granted' end as status, "
        "timestamp '2025-01-01' as recorded_at from raw.customers",
        "create or replace table raw.orders as select * replace (case when source_record_id <= 'C015' "
        "then (gross_amount::double * 10)::varchar else gross_amount end as gross_amount), "
        "case when source_record_id <= 'C020' then 'web' else 'shop' end as channel from raw.orders",
    )
    project.make(*TO_CHECKS)

    raw = project.query(
        "select source_record_id <= 'C015' as refused, channel, "
        "gross_amount::decimal(18, 4) - discount_amount::decimal(18, 4) as revenue from raw.orders"
    )
    used = raw[~raw["refused"]]
    told = checks(project)
    ks = stats.ks_2samp(used["revenue"].astype(float), raw["revenue"].astype(float)).statistic
    assert told.loc[("orders", "revenue", "ks_to_source"), "value"] == pytest.approx(ks, abs=1e-12)
    assert told.loc[("orders", "revenue", "ks_to_source"), "verdict"] == "warning"
    table = pd.crosstab(raw["refused"], raw["channel"])
    chi_square = stats.chi2_contingency(table, correction=False).statistic
    v = told.loc[("orders", "channel", "cramers_v_to_source")]
    assert v["value"] == pytest.approx(np.sqrt(chi_square / len(raw)), abs=1e-9)
    assert v["verdict"] == "warning"
    # nothing of those who refused but their number
    assert told.loc[("customers", "all", "held_back_share"), "n"] == 45


def test_planted_faults_are_told_with_figures_and_what_to_do(consumer: Make) -> None:
    project = consumer(
        seg_orders_relation="raw.orders",
        seg_flows_relation="raw.flows",
        seg_business_ranges_relation="ref:my_ranges",
    )
    (project.folder / "models").mkdir()
    (project.folder / "models" / "my_ranges.sql").write_text(
        "select 'orders' as input, 'revenue' as field, 0 as minimum, 30 as maximum, 0.1 as share_allowed, "
        "'warning' as severity, 'Ask the shop.' as how_to_correct",
        encoding="utf-8",
    )
    project.execute(
        # a third of the orders twice, the currency lost, loaded a week before the last order
        "create or replace table raw.orders as select * replace (null::varchar as currency), "
        "timestamp '2026-02-21 10:00:00' as loaded_at from raw.orders "
        "union all select * replace (null::varchar as currency), timestamp '2026-02-20 10:00:00' from raw.orders "
        "where order_id < 'O00822'",
        "create table raw.flows as select 'orders' as input, 'Shop team' as owner, 'daily' as update_frequency, "
        "2 as allowed_age_days, 30 as stop_age_days, 'Call the shop team.' as how_to_correct",
    )
    project.make(*TO_CHECKS)

    told = checks(project)
    duplicates = told.loc[("orders", "all", "duplicate_share")]
    copies = len(project.query("select 1 from raw.orders where order_id < 'O00822'")) // 2
    rows = len(project.query("select 1 from raw.orders"))
    assert duplicates["value"] == pytest.approx(copies / rows)
    assert duplicates["verdict"] == "warning"
    assert f"{copies} of {rows}" in duplicates["message"]
    assert told.loc[("orders", "currency", "missing_share"), "verdict"] == "warning"
    late = told.loc[("orders", "loaded_at", "age_days")]
    assert (late["value"], late["verdict"]) == (7, "warning")
    assert "2026-02-21" in late["message"]
    assert "Shop team" in late["message"]
    assert late["how_to_correct"] == "Call the shop team."
    dear = told.loc[("orders", "revenue", "outside_range")]
    paid = project.query("select revenue > 30 as dear from int_seg__checked_orders where row_status = 'used'")
    assert dear["value"] == pytest.approx(paid["dear"].mean())
    assert dear["verdict"] == "warning"
    # inputs without an entry in the register are said to have none
    assert told.loc[("customers", "changed_day", "age_days"), "verdict"] == "not_tested"


def test_a_stop_fails_the_run_in_words_and_publishes_nothing(consumer: Make) -> None:
    project = consumer(seg_credible_counts_relation="raw.counts")
    project.execute(
        "create table raw.counts as select 'customers' as level, '*' as name, 1000 as minimum, "
        "null::double as maximum, 'stop' as severity, 'Load the other half.' as how_to_correct"
    )
    result = project.run("dbt-segmentation", "run")

    assert result.returncode == 1, result.stdout + result.stderr
    said = " ".join((result.stdout + result.stderr).split())
    assert "60 customers; credible are at least 1000. Load the other half." in said
    assert not (project.folder / "published" / "marts.duckdb").exists()


def test_weights_are_those_of_raking_and_reach_the_model(consumer: Make) -> None:
    project = consumer(seg_population_margins_relation="raw.margins")
    plain = consumer_without_margins(project)
    known = project.query("select distinct gender from int_seg__customers where gender is not null")["gender"].tolist()
    bands = project.query("select distinct age_band from int_seg__customers where age_band is not null")
    first, second = sorted(known)[:2]
    ages = sorted(bands["age_band"])[:2]
    rows = [("gender", first, 30), ("gender", second, 70), ("age_band", ages[0], 0.2), ("age_band", ages[1], 0.8)]
    margin_table(project, rows)
    project.make(*TO_CHECKS)

    customers = project.table("int_seg__customers").merge(project.table("int_seg__sample_weights"), on="customer_id")
    margins = {"gender": {first: 0.3, second: 0.7}, "age_band": {ages[0]: 0.2, ages[1]: 0.8}}
    np.testing.assert_allclose(customers["weight"], rake(customers, margins, cap=5), rtol=0, atol=1e-9)
    assert customers["weight"].std() > 0.1
    told = checks(project)
    counted = customers["gender"].value_counts()
    n = counted[[first, second]].sum()
    chi_square = stats.chisquare(counted[[first, second]], np.array([0.3, 0.7]) * n).statistic
    assert told.loc[("population_margins", "gender", "margin_effect"), "value"] == pytest.approx(
        np.sqrt(chi_square / n)
    )

    # margins are a setting of the fit: they call for another model, of the same rows
    decisions = project.table("int_seg__refit_decisions")
    assert set(decisions["decision_reason"]) == {"no model yet", "the settings of the fit have changed"}
    assert project.table("int_seg__fit_key")["sample_hash"].item() != plain["sample_hash"]


def consumer_without_margins(project: Project) -> dict[str, str]:
    """Build with an empty table of margins, which must leave every weight at exactly one."""
    margin_table(project, [])
    project.make("--select", "+ml_seg__model_parameters")
    assert set(project.table("int_seg__sample_weights")["weight"]) == {1.0}
    return {"sample_hash": project.table("int_seg__fit_key")["sample_hash"].item()}


def margin_table(project: Project, rows: Sequence[tuple[str, str, float]]) -> None:
    values = ", ".join(f"('{dimension}', '{category}', {share})" for dimension, category, share in rows)
    project.execute(
        "create or replace table raw.margins (dimension varchar, category varchar, share double)",
        *([f"insert into raw.margins values {values}"] if rows else []),
    )


def test_one_customer_and_nobody_at_all_are_checked_too(consumer: Make) -> None:
    project = consumer(seg_order_lines_relation=None, seg_campaign_touches_relation=None, seg_categories=None)
    project.execute("delete from raw.customers where source_record_id <> 'C001'")
    project.make()
    told = checks(project)
    assert told.loc[("customers", "all", "count_at_least"), "verdict"] == "warning"
    assert not told["message"].isna().any()
    assert (told.loc[("orders", "unknown_customer", "rejected_share"), "value"]) > 0.9

    project.make("--empty")
    assert project.table("fct_seg__alerts").empty


def test_results_of_a_fit_do_not_change_where_no_margins_are_given() -> None:
    from dbt_segmentation import SegmentModel

    generator = np.random.default_rng(3)
    frame = pd.DataFrame({"spend": np.concatenate([generator.normal(10, 1, 80), generator.normal(50, 1, 90)])})
    plain = SegmentModel(min_segment_size=10, k_max=3).fit(frame)
    weighted = SegmentModel(min_segment_size=10, k_max=3).fit(frame, sample_weight=np.ones(len(frame)))

    assert weighted.model_version_ == plain.model_version_
    assert weighted.to_parameters().equals(plain.to_parameters())
