"""What people decide about segments and single customers, in a project of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.projects import CONSUMER_VARS, Project, write_consumer

BUILD = ["build", "--exclude-resource-type=unit_test"]
LATER = "2026-03-02"


def override(target: str, key: str, field: str, value: str, day: str = LATER) -> str:
    return f"insert into raw.overrides values ('{target}', '{key}', '{field}', '{value}', 'Ada', '{day}', 'O''Neil said so')"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    """A shop before and after a renaming, a merge, a pin, an approval and a row about a segment that never was."""
    settings = {"seg_n_segments": 4, "seg_min_segment_size": 2, "seg_require_approval": True}
    variables = {**CONSUMER_VARS, **settings, "seg_segment_overrides_relation": "raw.overrides"}
    made = write_consumer(tmp_path_factory.mktemp("overrides") / "consumer", repository, variables)
    columns = ("target", "target_key", "field", "value", "author", "decided_on", "reason")
    made.execute(f"create table raw.overrides ({', '.join(f'{name} varchar' for name in columns)})")
    made.steps([{"arguments": BUILD, "keep": str(made.folder / "before.duckdb")}])
    first, second, third = sorted(set(made.table("fct_seg__customer_segments")["segment_key"]))[:3]
    pinned = made.query(f"select min(customer_id) as who from fct_seg__customer_segments where segment_key = '{first}'")
    made.steps(
        [
            {
                "sql": [
                    override("segment", first, "label_en", 'Our "best" <b>'),
                    override("segment", second, "merged_into", first),
                    override("customer", pinned["who"].iloc[0], "segment_key", third),
                    override("segment", first, "approved", "true"),
                    override("segment", "seg_777", "label_en", "nobody"),
                    "insert into raw.orders (source_system, source_record_id, order_id, ordered_at, gross_amount, currency) "
                    f"values ('shop', 'C001', 'NEXT', '{LATER} 12:00:00', '20', 'EUR')",
                ],
                "arguments": BUILD,
            }
        ]
    )
    return made


def test_decisions_are_followed_and_shown_as_such(project: Project) -> None:
    before = project.at(project.folder / "before.duckdb")
    was, now = (each.table("fct_seg__customer_segments").set_index("customer_id") for each in (before, project))
    first, second, third = sorted(set(was["segment_key"]))[:3]
    assert set(was["assigned_by"]) == {"model"}
    assert set(before.table("dim_seg__segments")["status"]) == {"proposed"}

    assert second not in set(now["segment_key"])
    scores = project.query(f"select * from int_seg__settled_scores where snapshot_date = '{LATER}'").set_index(
        "customer_id"
    )
    taken_in = scores.index[scores["segment_key"] == second]
    assert len(taken_in) > 1
    assert set(now.loc[taken_in, "segment_key"]) == {first}
    assert set(now.loc[taken_in, "assigned_by"]) == {"merge"}
    (pin,) = now.index[now["assigned_by"] == "pin"]
    assert was.loc[pin, "segment_key"] == first
    assert now.loc[pin, "segment_key"] == third
    others = now.index.difference([*taken_in, pin])
    assert now.loc[others, "segment_key"].equals(scores.loc[others, "segment_key"])

    segments = project.table("dim_seg__segments").set_index("segment_key")
    assert segments.loc[
        first, ["label_en", "status", "approved_by", "overridden_fields", "overridden_by"]
    ].tolist() == [
        'Our "best" <b>',
        "active",
        "Ada",
        "label_en",
        "Ada",
    ]
    assert segments.loc[second, ["status", "merged_into_segment_key"]].tolist() == ["merged", first]
    assert segments.loc[third, "status"] == "proposed"
    # what was told before is not rewritten
    past = "select * exclude (run_id) from int_seg__segment_memberships where snapshot_date < '2026-03-01' order by all"
    assert before.query(past).equals(project.query(past))


def test_a_change_of_share_by_decision_is_told_as_one(project: Project) -> None:
    changes = project.query(f"select * from fct_seg__segment_share_drift where snapshot_date = '{LATER}'")
    was = project.at(project.folder / "before.duckdb").table("fct_seg__customer_segments")["segment_key"]
    second, third = sorted(set(was))[1:3]
    by_decision = changes.set_index("segment_key")["overrides"]
    assert by_decision[second] == -(was == second).sum()
    assert by_decision[third] == 1
    assert by_decision.sum() == 0


def test_a_decision_that_means_nothing_is_an_alert(project: Project) -> None:
    alerts = project.query("select * from fct_seg__alerts where category = 'override'")
    assert alerts["what_happened"].tolist() == [
        "1 rows of seg_segment_overrides do not count: there is no such segment"
    ]
    assert "seg_777" in alerts["subject"].iloc[0]
