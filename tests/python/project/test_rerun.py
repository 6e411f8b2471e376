"""Running again: nothing changes that should not, and what is remembered stays."""

from __future__ import annotations

import pytest
from helpers.projects import MARTS, STATE, UNTESTED, Project


def add_order(project: Project, day: str) -> None:
    """Add an order to the sample seed."""
    orders = project.folder / "seeds/demo/seg_sample_orders.csv"
    header = orders.read_text(encoding="utf-8").splitlines()[0].split(",")
    row = {
        "source_system": "shop",
        "source_record_id": "C001",
        "order_id": f"NEXT-{day}",
        "ordered_at": f"{day} 12:00:00",
        "gross_amount": "20.00",
        "discount_amount": "0",
    }
    with orders.open("a", encoding="utf-8") as file:
        file.write(",".join(row.get(name, "") for name in header) + "\n")


@pytest.mark.parametrize("threads", ["1", "2"])
def test_a_second_build_changes_nothing_with_any_number_of_threads(own_sample: Project, threads: str) -> None:
    before = own_sample.fingerprints(*MARTS, *STATE)
    assert before["fct_seg__customer_segments"][0] == 60

    own_sample.make("--threads", threads, env={"SEG_DUCKDB_THREADS": threads})

    assert own_sample.fingerprints(*MARTS, *STATE) == before


def test_a_build_from_nothing_gives_the_same_marts(own_sample: Project) -> None:
    before = own_sample.fingerprints(*MARTS)
    own_sample.build.unlink()

    own_sample.make("--threads", "1", env={"SEG_DUCKDB_THREADS": "1"})

    assert own_sample.fingerprints(*MARTS) == before


def test_full_refresh_forgets_only_where_it_is_allowed_to_and_then_starts_afresh(own_sample: Project) -> None:
    before = own_sample.fingerprints(*MARTS)
    own_sample.execute("insert into int_seg__refit_decisions (decision_key) values ('planted')")

    own_sample.make("--full-refresh", "--select", "+int_seg__refit_decisions")
    assert "planted" in set(own_sample.table("int_seg__refit_decisions")["decision_key"])

    # a command of its own: the setting counts when dbt parses
    own_sample.dbt(*UNTESTED, "--full-refresh", "--vars", "{seg_allow_full_refresh: true}")
    assert "planted" not in set(own_sample.table("int_seg__refit_decisions")["decision_key"])
    assert own_sample.fingerprints(*MARTS) == before


def test_settings_that_leave_the_sample_alike_still_give_a_model(own_sample: Project) -> None:
    first = own_sample.table("int_seg__current_model")["model_version"].iloc[0]
    # the sample seed has 60 customers: another limit draws the same ones
    changed = ["--vars", "{seg_fit_sample_size: 5000}"]
    own_sample.steps([{"arguments": ["build", "--exclude-resource-type=unit_test", *changed]}])
    second = own_sample.table("int_seg__current_model")["model_version"].iloc[0]
    own_sample.make()
    back = own_sample.table("int_seg__current_model")["model_version"].iloc[0]

    assert second.startswith("m_")
    assert second != first
    assert back == first
    assert own_sample.table("ml_seg__model_parameters")["model_version"].nunique() == 2
    assert set(
        own_sample.table("dim_seg__segments").query("status == 'active' and level == 'segment'")["segment_key"]
    ) == set(own_sample.table("fct_seg__customer_segments")["segment_key"])


def test_the_champion_is_the_model_in_use_not_the_last_one_tried(own_sample: Project) -> None:
    # so small a limit that no segment is merged into another
    small = "seg_min_segment_size: 2, seg_promotion: always"
    three, two = (["--vars", f"{{seg_n_segments: {k}, seg_refit_after_days: 1, {small}}}"] for k in (3, 2))
    for settings in (three, two, three):
        own_sample.make(*settings)
    in_use = own_sample.table("int_seg__current_model")["model_version"].iloc[0]
    keys = set(own_sample.table("fct_seg__customer_segments")["segment_key"])
    assert len(keys) == 3

    never = ["--vars", f"{{seg_n_segments: 3, seg_refit: never, {small}}}"]
    own_sample.make(*never)
    assert own_sample.table("int_seg__current_model")["model_version"].iloc[0] == in_use

    add_order(own_sample, "2026-03-02")
    own_sample.make(*three)
    decisions = own_sample.query("select * from int_seg__refit_decisions where as_of_date = '2026-03-02'")
    assert decisions["champion_model_version"].tolist() == [in_use]
    assert decisions["decision"].tolist() == ["fit"]
    assert set(own_sample.table("fct_seg__customer_segments")["segment_key"]) == keys


def test_a_model_for_an_earlier_day_gives_no_key_a_second_meaning(own_sample: Project) -> None:
    before = set(own_sample.table("dim_seg__segments")["segment_key"])

    # of other features: some segments have no one to inherit from
    other = "seg_clustering_features: [weekend_share, morning_share, evening_share]"
    own_sample.make("--vars", f"{{seg_as_of_date: '2025-10-31', {other}}}")

    told = own_sample.query(
        "select feature as segment_key, text_value as event from ml_seg__model_parameters "
        "where as_of_date = '2025-10-31' and stage = 'segment' and component = 'event'"
    ).set_index("segment_key")["event"]
    assert set(told.index) - before, "no segment is new: this test sees nothing"
    assert not before & set(told.index[told == "born"])


def test_an_empty_build_succeeds_and_leaves_what_is_remembered(own_sample: Project) -> None:
    before = own_sample.fingerprints(*STATE)

    own_sample.make("--empty")
    assert len(own_sample.table("fct_seg__customer_segments")) == 0
    assert own_sample.fingerprints(*STATE) == before

    own_sample.build.unlink()
    own_sample.dbt("build", "--empty")
    assert len(own_sample.table("ml_seg__model_parameters")) == 0


def test_a_refit_keeps_the_keys_of_segments_whose_members_stay(own_sample: Project) -> None:
    before = own_sample.table("fct_seg__customer_segments").set_index("customer_id")["segment_key"].sort_index()

    # another seed is another fit of the same customers
    own_sample.make("--vars", "{seg_random_state: 7, seg_n_segments: 3}")
    first = own_sample.table("fct_seg__customer_segments").set_index("customer_id")["segment_key"].sort_index()
    own_sample.make("--vars", "{seg_random_state: 11, seg_n_segments: 3}")
    after = own_sample.table("fct_seg__customer_segments").set_index("customer_id")["segment_key"].sort_index()

    registry = own_sample.table("ml_seg__model_parameters")
    assert registry["model_version"].nunique() == 3
    assert len(before) == len(after) == 60
    assert set(first) == set(after)
    # of 60 customers a few lie on a border
    assert (first == after).mean() >= 0.9
    decisions = own_sample.table("int_seg__refit_decisions")
    assert set(decisions["decision_reason"]) == {"no model yet", "the settings of the fit have changed"}


def test_next_days_data_is_scored_with_the_champion_and_the_past_is_not_rewritten(own_sample: Project) -> None:
    before = own_sample.query("select * exclude (run_id) from int_seg__segment_memberships order by all")
    add_order(own_sample, "2026-03-01")

    own_sample.make()

    assert set(own_sample.table("int_seg__run")["as_of_date"].astype(str)) == {"2026-03-01"}
    assert own_sample.table("ml_seg__model_parameters")["model_version"].nunique() == 1
    assert list(own_sample.table("int_seg__refit_decisions").sort_values("as_of_date")["decision"]) == ["fit", "keep"]
    after = own_sample.query(
        "select * exclude (run_id) from int_seg__segment_memberships where snapshot_date < '2026-03-01' order by all"
    )
    assert before.equals(after)
    today = own_sample.query("select * from int_seg__segment_memberships where snapshot_date = '2026-03-01'")
    assert len(today) == 60
    assert today["is_provisional"].all()


def test_a_day_that_has_passed_is_looked_at_where_inputs_are_models_of_the_project(own_sample: Project) -> None:
    """Whether rows tell when they arrived is looked up in them: dbt must know of that when it parses."""
    known = ("--vars", "{seg_known_on: 2026-01-31}")
    own_sample.dbt("compile", "--select", "int_seg__feature_build", "stg_seg__orders", *known)
    own_sample.dbt("test", "--select", "int_seg__known_customers,test_type:unit", *known)
