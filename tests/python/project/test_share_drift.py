"""Changes of share by cause, against an oracle that remembers what was told and scores customers one by one in Python."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from helpers.projects import CONSUMER_VARS, Project, pseudonym, write_consumer

from dbt_segmentation import SegmentModel

CAUSES = ["joiners", "leavers", "movers", "refit", "late_data", "identity_merges"]
NOW, BEFORE = "2026-03-31", "2026-02-28"
FIRST = {**CONSUMER_VARS, "seg_default_consent": None, "seg_consents_relation": "raw.consents", "seg_hysteresis": 0.0}
SETTINGS = {"seg_n_segments": 3, "seg_min_segment_size": 2, "seg_promotion": "always"}


def customer(number: int, created: str) -> str:
    return (
        "insert into raw.customers (source_system, source_record_id, created_at, email, first_name, last_name) values "
        f"('shop', 'C{number:03}', '{created}', 'c{number}@shop-mail.fr', 'Given{number}', 'Family{number}')"
    )


def order(who: str, name: str, day: str, amount: float) -> str:
    return (
        "insert into raw.orders (source_system, source_record_id, order_id, ordered_at, gross_amount, currency) values "
        f"('shop', '{who}', '{name}', '{day} 12:00:00', '{amount}', 'EUR')"
    )


# A month later: people have joined, one of them long ago; some have left; two records are one person; orders came late; many bought.
A_MONTH_LATER = [
    customer(101, "2026-03-05 10:00:00"),
    order("C101", "N101", "2026-03-06", 500),
    customer(102, "2025-06-01 10:00:00"),
    order("C102", "N102", "2025-06-02", 90),
    *(
        f"insert into raw.consents values ('shop', '{who}', 'profiling', 'withdrawn', timestamp '2026-03-10 00:00:00')"
        for who in ("C005", "C006", "C007")
    ),
    "update raw.customers set email = 'c8@shop-mail.fr', first_name = 'Given8', last_name = 'Family8' "
    "where source_record_id = 'C009'",
    *(order(f"C{n:03}", f"LATE{n}", "2026-02-10", 5000) for n in range(11, 16)),
    *(order(f"C{n:03}", f"NEW{n}-{k}", f"2026-03-{10 + k}", 400) for n in range(30, 45) for k in range(6)),
    order("C060", "LAST", NOW, 10),
    "insert into raw.consents select source_system, source_record_id, 'profiling', 'granted', timestamp '2025-01-01' "
    "from raw.customers where source_record_id in ('C101', 'C102')",
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    """A shop at the end of February and, refitted, at the end of March; and one more day of the same."""
    project = write_consumer(tmp_path_factory.mktemp("shares") / "consumer", repository, {**FIRST, **SETTINGS})
    project.execute(
        *(f"alter table raw.customers add column {name} varchar" for name in ("email", "first_name", "last_name")),
        "update raw.customers set email = lower(source_record_id) || '@shop-mail.fr', "
        "first_name = 'Given' || source_record_id, last_name = 'Family' || source_record_id",
        "create table raw.consents as select source_system, source_record_id, 'profiling' as purpose, "
        "'granted' as status, timestamp '2025-01-01 00:00:00' as recorded_at from raw.customers",
        "update raw.customers set email = 'c8@shop-mail.fr', first_name = 'Given8', last_name = 'Family8' "
        "where source_record_id = 'C008'",
    )
    build = ["build", "--exclude-resource-type=unit_test"]
    refit = "{seg_n_segments: 4, seg_min_segment_size: 2, seg_random_state: 3}"
    steps = [
        {"arguments": build, "keep": str(project.folder / "before.duckdb")},
        {"sql": A_MONTH_LATER, "arguments": [*build, "--vars", refit], "keep": str(project.folder / "now.duckdb")},
        {
            "sql": [order("C060", "MORE", "2026-04-01", 10)],
            "arguments": [*build, "--vars", refit],
            "keep": str(project.folder / "next.duckdb"),
        },
    ]
    project.steps(steps)
    return project


def labels(project: Project, version: str, day: str) -> dict[str, str]:
    """Segments by a model of the registry, on features as they are now."""
    parameters = project.query(f"select * from ml_seg__model_parameters where model_version = '{version}'")
    model = SegmentModel.from_parameters(parameters)
    features = project.query(f"select * from int_seg__customer_features where snapshot_date = '{day}'")
    keys = [model.segment_keys_[label] for label in model.predict(features.set_index("customer_id"))]
    return dict(zip(features["customer_id"], keys, strict=True))


def told(project: Project, day: str) -> dict[str, str]:
    rows = project.query(
        f"select customer_id, segment_key from int_seg__segment_memberships where snapshot_date = '{day}'"
    )
    return dict(zip(rows["customer_id"], rows["segment_key"], strict=True))


def version(project: Project) -> str:
    return str(project.table("int_seg__current_model")["model_version"].iloc[0])


def test_each_change_is_of_the_customers_that_an_oracle_finds(shop: Project) -> None:
    before, now = shop.at(shop.folder / "before.duckdb"), shop.at(shop.folder / "now.duckdb")
    assert version(before) != version(now)
    was, is_now = told(before, BEFORE), told(now, NOW)
    retold, refitted = labels(now, version(before), BEFORE), labels(now, version(now), BEFORE)
    merged = {pseudonym("shop", "C008"), pseudonym("shop", "C009")} - set(is_now)
    assert len(merged) == 1
    counts = {cause: Counter[str]() for cause in CAUSES}
    for who in was.keys() | is_now.keys():
        if who not in was:
            assert who in (pseudonym("shop", "C101"), pseudonym("shop", "C102"))
            counts["joiners" if who == pseudonym("shop", "C101") else "late_data"][is_now[who]] += 1
        elif who not in is_now:
            counts["identity_merges" if who in merged else "leavers"][was[who]] -= 1
        else:
            steps = [was[who], retold[who], refitted[who], is_now[who]]
            for cause, start, end in zip(("late_data", "refit", "movers"), steps[:-1], steps[1:], strict=True):
                counts[cause][start] -= 1
                counts[cause][end] += 1

    found = now.query(f"select * from fct_seg__segment_share_drift where snapshot_date = '{NOW}'").set_index(
        "segment_key"
    )

    assert all(any(counts[cause].values()) for cause in CAUSES), counts
    # a segment has a row if somebody was in it then or is now, by whatever cause
    assert set(found.index) == {key for of_cause in counts.values() for key in of_cause} | {
        *was.values(),
        *is_now.values(),
    }
    for cause in CAUSES:
        assert found[cause].to_dict() == {key: counts[cause][key] for key in found.index}, cause
    assert found["previous_customers"].to_dict() == {key: list(was.values()).count(key) for key in found.index}
    assert found["customers"].to_dict() == {key: list(is_now.values()).count(key) for key in found.index}
    after, before = (
        pd.Series(told).value_counts(normalize=True).reindex(found.index, fill_value=0) for told in (is_now, was)
    )
    assert found["share_change"].to_dict() == pytest.approx((after - before).to_dict())


def test_what_was_told_of_a_snapshot_stays_and_the_next_starts_from_it(shop: Project) -> None:
    now, following = shop.at(shop.folder / "now.duckdb"), shop.at(shop.folder / "next.duckdb")
    final = "select * exclude (run_id, as_of_date) from fct_seg__segment_share_drift where snapshot_date <= date '{}' order by all"
    assert now.query(final.format(NOW)).equals(following.query(final.format(NOW)))

    next_day = following.query("select * from fct_seg__segment_share_drift where snapshot_date = '2026-04-01'")
    assert set(next_day["previous_snapshot_date"].astype(str)) == {NOW}
    assert (next_day[["joiners", "leavers", "refit", "late_data", "identity_merges"]] == 0).all().all()


DRIFT = "fct_seg__segment_share_drift"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param([], id="none"),
        pytest.param(
            [f"delete from {DRIFT} where snapshot_date = '{NOW}' and segment_key = 'seg_001'"], id="a_segment"
        ),
        pytest.param([f"delete from {DRIFT} where snapshot_date = '{BEFORE}'"], id="a_snapshot"),
        pytest.param(
            [
                f"update {DRIFT} set customers = customers + 9, previous_customers = previous_customers + 9 "
                f"where snapshot_date = '{BEFORE}' and segment_key = 'seg_001'"
            ],
            id="ends_and_starts",
        ),
        pytest.param(
            [f"delete from {table} where snapshot_date = '{NOW}'" for table in (DRIFT, "int_seg__share_changes")],
            id="a_day_that_was_not_split",
        ),
    ],
)
def test_the_data_test_misses_no_row(shop: Project, damage: list[str]) -> None:
    now = shop.folder / "now.duckdb"
    check = ["test", "--select", "assert_share_changes_add_up"]
    answer = shop.answers([{"start": str(now), "sql": damage, "arguments": check}])[-1]
    assert ("error" in answer) is bool(damage), answer
