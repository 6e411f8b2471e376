"""Days that have passed, run again: as they were known then, and as they are known now."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from helpers.projects import CONSUMER_VARS, Project, write_consumer

THEN = "2025-12-31"
# what readers see of a day; who is who, the registry of models, and what is about all runs, are as of now
OF_A_DAY = (
    "dim_seg__segments",
    "fct_seg__segment_overrides",
    "fct_seg__customer_segments",
    "fct_seg__segment_history",
    "fct_seg__segment_transitions",
    "fct_seg__segment_tree",
    "fct_seg__segment_events",
    "fct_seg__segment_lineage",
    "fct_seg__segment_share_drift",
    "fct_seg__model_comparison",
    "fct_seg__segment_profiles",
    "fct_seg__segment_kpis",
    "fct_seg__segment_drift",
    "fct_seg__rejected_rows",
)
ARRIVALS = (
    "alter table raw.customers add column loaded_at timestamp",
    "update raw.customers set loaded_at = created_at::timestamp",
    "alter table raw.orders add column loaded_at timestamp",
    "update raw.orders set loaded_at = ordered_at::timestamp",
    "alter table raw.order_lines add column loaded_at timestamp",
    "update raw.order_lines set loaded_at = (select o.loaded_at from raw.orders as o where o.order_id = order_lines.order_id)",
    "alter table raw.campaign_touches add column loaded_at timestamp",
    "update raw.campaign_touches set loaded_at = sent_at::timestamp",
)


def run(project: Project, **variables: str) -> None:
    project.make("--vars", json.dumps(variables))


@pytest.fixture(scope="module")
def told(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict, pd.DataFrame]:
    """A project that told a day, and later ones since; what it told of the day, and to whom."""
    project = write_consumer(
        tmp_path_factory.mktemp("backfill") / "consumer", repository, {**CONSUMER_VARS, "seg_n_segments": 3}
    )
    project.execute(*ARRIVALS)
    run(project, seg_as_of_date=THEN, seg_known_on=THEN)
    then = project.fingerprints(*OF_A_DAY)
    memberships = project.table("fct_seg__customer_segments").set_index("customer_id")
    run(project)
    # rows of that time which arrive afterwards: orders of a tenth of the customers, and a customer
    project.execute(
        """insert into raw.orders by name
        select * exclude (number) replace (
            'late ' || number || order_id as order_id, '2025-12-' || (10 + number) || ' 10:00:00' as ordered_at,
            '900' as gross_amount, timestamp '2026-01-15 08:00:00' as loaded_at
        ) from raw.orders, range(20) as numbers (number)
        where source_record_id in (select source_record_id from raw.customers order by source_record_id limit 12 offset 44)
        qualify row_number() over (partition by source_record_id, number order by ordered_at) = 1""",
        """insert into raw.customers by name
        select * replace ('late' as source_record_id, timestamp '2026-01-15 08:00:00' as loaded_at)
        from raw.customers limit 1""",
        """insert into raw.orders by name
        select * replace (
            'late too' as order_id, 'late' as source_record_id, timestamp '2026-01-15 08:00:00' as loaded_at
        )
        from raw.orders where ordered_at < '2025-12-01' limit 1""",
    )
    run(project)
    return project, then, memberships


def test_a_day_that_has_passed_is_told_as_it_was(told) -> None:
    project, then, _ = told
    assert project.table("int_seg__run")["as_of_date"].astype(str).tolist() == ["2026-02-28"]
    run(project, seg_as_of_date=THEN, seg_known_on=THEN)
    assert project.fingerprints(*OF_A_DAY) == then
    # a later run told its own day twice, before and after the late rows
    assert project.table("fct_seg__backfill_differences").empty
    assert not project.table("int_seg__retold_memberships").empty
    arrived = project.table("int_seg__input_reconciliation").set_index("input")
    assert (
        arrived["rows_read"] == arrived[["rows_used", "rows_rejected", "rows_later", "rows_withheld"]].sum(axis=1)
    ).all()
    assert len(project.table("dim_seg__customers")) == 61
    assert len(project.table("fct_seg__customer_segments")) == 60
    # who was not known then is remembered for the days since
    remembered = project.query("select snapshot_date from int_seg__segment_memberships")["snapshot_date"].astype(str)
    assert (remembered == "2026-02-28").sum() == 61
    assert arrived.loc["orders", "rows_later"] >= 25


def test_what_is_told_otherwise_is_told_by_its_cause(told, tmp_path: Path) -> None:
    project, _, memberships = told
    project = project.duplicate(tmp_path / "copy")
    corrected = project.query("select source_record_id from raw.customers order by source_record_id limit 6 offset 30")
    gone = project.query("select source_record_id from raw.customers order by source_record_id limit 2 offset 20")
    records = project.table("fct_seg__customer_records").set_index("source_record_id")["customer_id"]
    listed = ", ".join(f"'{record}'" for record in corrected["source_record_id"])
    left = ", ".join(f"'{record}'" for record in gone["source_record_id"])
    project.execute(
        # nothing more happened, it was worth more
        f"update raw.orders set gross_amount = '4000' where source_record_id in ({listed})",
        f"delete from raw.customers where source_record_id in ({left})",
    )
    run(project, seg_as_of_date=THEN)
    now = project.table("fct_seg__customer_segments").set_index("customer_id")
    differences = project.table("fct_seg__backfill_differences")
    last = differences[differences["retold_run_id"] == project.table("int_seg__run")["run_id"].iloc[0]]

    late = set(records[project.query("select source_record_id from raw.orders where order_id like 'late%'").iloc[:, 0]])
    values = set(records[corrected["source_record_id"]])
    erased = set(records[gone["source_record_id"]])
    assert set(last["level"]) == {"segment", "sub_segment", "micro_segment"}
    for level, of_level in last.groupby("level"):
        key = f"{level}_key"
        both = memberships[[key]].join(now[[key]], how="outer", lsuffix="_then", rsuffix="_now")
        other = both[both[f"{key}_then"].fillna("") != both[f"{key}_now"].fillna("")]
        assert of_level["customers"].sum() == len(other) > 0
        expected = {
            "late_rows": len(other.index.intersection(late)),
            "corrections": len(other.index.intersection(values - late)),
            "erasures": len(other.index.intersection(erased)),
        }
        assert sum(expected.values()) == len(other)
        assert all(expected.values())
        assert len(other.index.intersection(late & set(memberships.index))) > 0
        assert of_level.groupby("cause")["customers"].sum().to_dict() == expected
        for side, column in (("then", "from_segment_key"), ("now", "to_segment_key")):
            counts = other[f"{key}_{side}"].value_counts().to_dict()
            assert of_level.groupby(column)["customers"].sum().to_dict() == counts


def test_a_day_before_the_first_model_gets_a_model_with_the_same_keys(told, tmp_path: Path) -> None:
    project, _, _ = told
    project = project.duplicate(tmp_path / "copy")
    day = json.dumps({"seg_as_of_date": "2025-09-30", "seg_known_on": "2025-09-30"})
    project.steps([{"arguments": ["build", "--vars", day]}])
    today = project.table("fct_seg__customer_segments")
    assert (
        len(set(today["model_version"]) & set(project.table("int_seg__refit_decisions")["champion_model_version"])) == 0
    )
    segments = project.table("dim_seg__segments").set_index("segment_key")
    assert {"seg_001", "seg_002", "seg_003"} == set(today["segment_key"])
    # the snapshots before it were told by the model of a later day, which is known for that
    told_keys = set(project.table("fct_seg__segment_history")["segment_key"])
    assert told_keys <= set(segments.index)
    assert "gone" not in set(segments["event"])


DAYS = ("2026-02-28", "2026-03-02", "2026-03-03", "2026-03-04")


@pytest.mark.timeout(1500)  # seven builds
def test_a_day_is_told_with_the_verdicts_of_that_day(repository: Path, tmp_path: Path) -> None:
    project = write_consumer(
        tmp_path / "consumer",
        repository,
        {**CONSUMER_VARS, "seg_n_segments": 3, "seg_min_segment_size": 2, "seg_max_renamed_share": 0.05},
    )
    build = ["build", "--exclude-resource-type=unit_test", "--exclude-resource-type=test"]

    def on(day: str, sql: list[str] | None = None, **variables: object) -> dict[str, tuple[int, str]]:
        # from the second day on segments are made of when people buy
        clock = {"seg_clustering_features": ["weekend_share", "morning_share", "evening_share"]}
        given = json.dumps({**({} if day == DAYS[0] else clock), **variables})
        project.steps([{"arguments": [*build, "--vars", given], "sql": sql or []}])
        return project.fingerprints(*OF_A_DAY)

    def models(*arguments: str) -> subprocess.CompletedProcess[str]:
        return project.run("dbt-segmentation", "models", *arguments, "--by", "Ada", "--reason", "because")

    def order(day: str) -> list[str]:
        return [
            "insert into raw.orders (source_system, source_record_id, order_id, ordered_at, gross_amount, currency) "
            f"values ('shop', 'C001', 'N{day}', '{day} 12:00:00', '20', 'EUR')"
        ]

    def teller() -> str:
        (version,) = set(project.table("fct_seg__customer_segments")["model_version"])
        return str(version)

    published = {DAYS[0]: on(DAYS[0])}
    champion = teller()
    published[DAYS[1]] = on(DAYS[1], order(DAYS[1]))
    challenger = project.table("int_seg__challenger_model")["model_version"].iloc[0]
    assert teller() == champion
    assert published[DAYS[1]]["fct_seg__model_comparison"][0] > 0
    assert models("promote").returncode == 0
    published[DAYS[2]] = on(DAYS[2], order(DAYS[2]))
    assert teller() == challenger
    assert models("rollback").returncode == 0
    published[DAYS[3]] = on(DAYS[3], order(DAYS[3]))
    assert teller() == champion
    verdicts = project.table("int_seg__promotions")

    # the last day is no day that has passed: test_promotion repeats one after a verdict
    for day, tellers in zip(DAYS[:3], (champion, champion, challenger), strict=True):
        again = on(day, seg_as_of_date=day)
        assert teller() == tellers, day
        assert again == published[day], [name for name in again if again[name] != published[day][name]]
    # nothing was judged a second time
    assert len(project.table("int_seg__promotions")) == len(verdicts)
    refused = models("promote", challenger)
    assert refused.returncode == 2
    assert "for a day that has passed" in " ".join((refused.stdout + refused.stderr).split())
