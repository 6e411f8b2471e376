"""What people decide about segments and single customers, in a project of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from helpers.projects import CONSUMER_VARS, Project, write_consumer

BUILD = ["build", "--exclude-resource-type=unit_test"]
LATER = "2026-03-02"


def override(target: str, key: str, field: str, value: str, day: str = LATER) -> str:
    return f"insert into raw.overrides values ('{target}', '{key}', '{field}', '{value}', 'Ada', '{day}', 'O''Neil said so')"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    """A shop before and after decisions of every kind, an erasure of somebody pinned, and a row about no segment."""
    settings = {"seg_n_segments": 4, "seg_min_segment_size": 2, "seg_require_approval": True}
    relations = {
        "seg_segment_overrides_relation": "raw.overrides",
        "seg_erasure_requests_relation": "raw.erasure_requests",
    }
    made = write_consumer(
        tmp_path_factory.mktemp("overrides") / "consumer", repository, {**CONSUMER_VARS, **settings, **relations}
    )
    requests = ("request_id", "source_system", "source_record_id", "requested_at")
    made.execute(f"create table raw.erasure_requests ({', '.join(f'{name} varchar' for name in requests)})")
    columns = ("target", "target_key", "field", "value", "author", "decided_on", "reason")
    made.execute(f"create table raw.overrides ({', '.join(f'{name} varchar' for name in columns)})")
    made.steps([{"arguments": BUILD, "keep": str(made.folder / "before.duckdb")}])
    first, second, third = sorted(set(made.table("fct_seg__customer_segments")["segment_key"]))[:3]
    of_first = made.query(
        f"select * from fct_seg__customer_segments where segment_key = '{first}' order by customer_id"
    )
    pinned, erased = of_first["customer_id"].iloc[:2]
    part = made.query(
        f"select sub_segment_key from fct_seg__customer_segments where segment_key = '{third}' "
        "group by 1 order by count(*) desc, 1 limit 1"
    )["sub_segment_key"].iloc[0]
    made.steps(
        [
            {
                "sql": [
                    override("segment", first, "label_en", 'Our "best" <b>'),
                    override("segment", second, "merged_into", first),
                    override("segment", part, "label_en", "The core", "2026-02-01"),
                    override("segment", part, "label_en", "The hard core"),
                    override("customer", pinned, "segment_key", third),
                    override("customer", erased, "segment_key", third),
                    override("segment", first, "approved", "true"),
                    override("segment", "seg_777", "label_en", "nobody"),
                    override("segment", first, "label_fr", "Demain", "2026-04-01"),
                    f"""insert into raw.erasure_requests select 'E' || source_record_id, source_system, source_record_id,
                    '{LATER} 08:00:00' from fct_seg__customer_records where customer_id = '{erased}'""",
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
    assert pin in was.index
    assert was.loc[pin, "segment_key"] == first
    assert now.loc[pin, "segment_key"] == third
    gone = was.index.difference(now.index)
    assert len(gone) == 1
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
    past = (
        "select * exclude (run_id) from int_seg__segment_memberships "
        f"where snapshot_date < '2026-03-01' and customer_id not in ({', '.join(map(repr, gone))}) order by all"
    )
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
    assert sorted(zip(alerts["subject"], alerts["what_happened"], strict=True)) == [
        ("customers.segment_key", "1 rows of seg_segment_overrides do not count: nobody has this customer_id"),
        ("seg_777.label_en", "1 rows of seg_segment_overrides do not count: there is no such segment"),
    ]


def test_every_decision_is_published_with_who_when_why_and_for_how_many(project: Project) -> None:
    given, now = project.table("raw.overrides"), project.table("fct_seg__customer_segments")
    published = project.table("fct_seg__segment_overrides")
    as_of = now["as_of_date"].iloc[0]
    decided = pd.to_datetime(given["decided_on"])

    # who is gone is published in no form, and a decision only from its day on
    known = (given["target"] == "segment") | given["target_key"].isin(now["customer_id"])
    expected = given[known & (decided <= as_of)].reset_index(drop=True)
    assert len(given) - len(expected) == 2
    for erased in given.loc[~known, "target_key"]:
        assert erased not in published.to_csv()

    scores = project.query(f"select * from int_seg__settled_scores where snapshot_date = '{LATER}'").set_index(
        "customer_id"
    )["segment_key"]
    told = now.set_index("customer_id")["segment_key"]
    pins = given[given["target"] == "customer"].set_index("target_key")["value"]
    own = scores.reindex(told.index)
    own.update(pins)

    def customers(row: pd.Series) -> float:
        if row["field"] == "merged_into":
            return ((own == row["target_key"]) & (told == row["value"])).sum()
        if row["target"] == "customer":
            return int(told[row["target_key"]] == row["value"])
        return (now[["segment_key", "sub_segment_key", "micro_segment_key"]] == row["target_key"]).to_numpy().sum()

    last = expected.groupby(["target", "target_key", "field"])["decided_on"].transform("max")
    expected["status"] = np.where(expected["decided_on"] == last, "in force", "replaced")
    expected["valid_to"] = pd.to_datetime(last.where(expected["status"] == "replaced"))
    expected.loc[expected["target_key"] == "seg_777", ["status", "value"]] = ["mistaken", None]
    in_force = expected["status"] == "in force"
    expected["customers"] = expected.apply(customers, axis=1).where(in_force)
    is_small = in_force & (expected["target"] == "segment") & (expected["customers"] < 2)
    expected["customers"] = expected["customers"].mask(is_small)
    expected["decided_on"] = pd.to_datetime(expected["decided_on"])
    expected["valid_from"] = expected["decided_on"].where(expected["status"] != "mistaken")
    expected["is_suppressed"] = is_small

    assert in_force.sum() >= 5
    assert expected["customers"].dropna().nunique() > 1
    order = ["target", "target_key", "field", "decided_on"]
    columns = [*expected.columns]
    pd.testing.assert_frame_equal(
        published[columns].sort_values(order, ignore_index=True),
        expected.sort_values(order, ignore_index=True),
        check_dtype=False,
    )
    assert published.set_index("target_key")["problem"].dropna().to_dict() == {"seg_777": "there is no such segment"}
