"""Segments over many months: keys that stay when nothing changes, and history that tells every change once."""

from __future__ import annotations

from itertools import groupby

import duckdb
import numpy as np
import pandas as pd
import pytest
from helpers.scoring_sql import render_marts
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from dbt_segmentation import SegmentModel
from dbt_segmentation.fitting import fit_parameters
from dbt_segmentation.levels import LEVELS
from dbt_segmentation.matching import match_segments
from dbt_segmentation.parameters import PARAMETER_SCHEMA

CONFIG = {"algorithm": "kmeans", "k_max": 6, "n_bootstraps": 4, "n_references": 4, "n_levels": 1}
NO_NAMES = pd.DataFrame(columns=["archetype", "feature", "direction", "weight"])
HABITS = pd.DataFrame(
    [("champions", "spend", 1, 1.0), ("champions", "visits", 1, 1.0), ("sleeping", "recency_days", 1, 1.0)],
    columns=NO_NAMES.columns,
)
MONTHS = 24


def steady_months(seed: int, n_rows: int = 800) -> list[pd.DataFrame]:
    """Customers of four habits who live on as they did: half a year's window moves on by a month, a few come and go."""
    generator = np.random.default_rng([seed, 24])
    centres = np.array([[2.0, 4.5, 0.6, 2.0], [4.0, 3.0, 0.1, 5.0], [6.0, 3.0, 0.5, 12.0], [8.0, 1.0, 0.05, 30.0]])
    spread = np.array([0.3, 0.3, 0.05, 2.0])
    habit = generator.choice(4, size=n_rows, p=[0.4, 0.3, 0.2, 0.1])
    own = generator.normal(size=(n_rows, 4)) * 0.8
    # six months of noise of their own, of which one is replaced every month
    noise = generator.normal(size=(6, n_rows, 4))
    names = np.array([f"c{row:06d}" for row in range(n_rows)])
    months = []
    for month in range(MONTHS):
        noise[month % 6] = generator.normal(size=(n_rows, 4))
        left = generator.random(n_rows) < 0.01
        names[left] = [f"n{month:02d}{row:04d}"[:7] for row in np.flatnonzero(left)]
        habit[left] = generator.choice(4, size=left.sum(), p=[0.4, 0.3, 0.2, 0.1])
        told = centres[habit] + spread * (own + 0.6 * noise.mean(axis=0))
        frame = pd.DataFrame(told, columns=["spend", "recency_days", "discount_share", "visits"], index=names.copy())
        frame[["spend", "recency_days"]] = np.exp(frame[["spend", "recency_days"]])
        months.append(frame.rename_axis("customer_id").sort_index())
    return months


def refit(frame: pd.DataFrame, champion, month: int, used_keys=(), archetypes=NO_NAMES, **config):
    decision = {
        "decision": "fit",
        "decision_key": f"d{month}",
        "as_of_date": f"m{month}",
        "used_keys": list(used_keys),
        "config": {**CONFIG, **config},
    }
    return fit_parameters(frame.reset_index(), champion, decision, archetypes)


def lower_keys(table) -> dict[str, set[str]]:
    """Keys of the living parts, by level."""
    rows = table.to_pandas()
    alive = rows[(rows["component"] == "position") & rows["stage"].isin(LEVELS[1:])]
    return {level: set(own["feature"]) for level, own in alive.groupby("stage")}


def names_of(table) -> dict[str, object]:
    """What segments and their parts are called by: archetype, or traits."""
    rows = table.to_pandas()
    named = rows[rows["stage"].isin(LEVELS) & rows["component"].isin(["archetype", "trait_1", "trait_2"])]
    wide = named.pivot(index="feature", columns="component", values="text_value")
    return {
        key: tuple(name for name in row if isinstance(name, str))
        for key, row in zip(wide.index, wide.to_numpy(), strict=True)
    }


def test_over_twenty_four_refits_no_key_of_a_part_comes_back_and_names_stay() -> None:
    champion, used, ended = PARAMETER_SCHEMA.empty_table(), set(), set()
    names: dict[str, object] = {}
    siblings: set[str] = set()
    for month, frame in enumerate(steady_months(0)):
        champion = refit(frame, champion, month, used_keys=sorted(used), archetypes=HABITS, n_levels=3)
        model = SegmentModel.from_parameters(champion)
        assert model.segment_keys_ == ["seg_001", "seg_002", "seg_003", "seg_004"]
        alive = {*model.segment_keys_}.union(*lower_keys(champion).values())
        assert not alive & ended, f"month {month}"
        ended |= used - alive
        used |= alive
        told = names_of(champion)
        for key in alive & set(names):
            # a part that was alone had no name of its own
            if "." not in key or key in siblings:
                assert told.get(key, ()) == names[key], f"month {month}: {key}"
        parents = [key.rpartition(".")[0] for key in alive]
        siblings = {key for key in alive if "." in key and parents.count(key.rpartition(".")[0]) > 1}
        names = {key: told.get(key, ()) for key in alive}
    assert len(siblings) > 2
    assert {"champions", "sleeping"} <= {name for own in names.values() for name in own}


def keys_of(table, frame: pd.DataFrame) -> pd.Series:
    model = SegmentModel.from_parameters(table)
    return pd.Series(np.array(model.segment_keys_)[model.predict(frame)], frame.index)


def test_twenty_four_monthly_refits_keep_every_key_while_nothing_changes() -> None:
    champion, told = PARAMETER_SCHEMA.empty_table(), None
    stayed = []
    for month, frame in enumerate(steady_months(0)):
        champion = refit(frame, champion, month)
        now = keys_of(champion, frame)
        assert SegmentModel.from_parameters(champion).segment_keys_ == ["seg_001", "seg_002", "seg_003", "seg_004"]
        rows = champion.to_pandas().query("stage == 'segment' and component == 'event'")
        assert set(rows["text_value"]) == ({"born"} if told is None else {"survived"})
        if told is not None:
            both = told.index.intersection(now.index)
            stayed.append((told[both] == now[both]).mean())
        told = now
    assert min(stayed) >= 0.97


@pytest.mark.parametrize("change", ["customers", "seed", "initialisation"])
def test_keys_stay_with_more_customers_another_seed_or_another_start(
    change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = steady_months(1)[0]
    champion = refit(frame, PARAMETER_SCHEMA.empty_table(), 0)
    before = keys_of(champion, frame)
    larger, config = frame, {"stability_min": 0.61}  # that a setting differs makes another model
    if change == "customers":
        more = frame.sample(frac=0.02, random_state=0).rename(index=lambda name: f"more {name}") * 1.01
        larger = pd.concat([frame, more]).rename_axis("customer_id")
    elif change == "seed":
        config = {"random_state": 99}
    else:
        fit = KMeans.fit

        def from_random_rows(self, *arguments, **named):
            if isinstance(self.init, str):
                self.init = "random"
            return fit(self, *arguments, **named)

        monkeypatch.setattr(KMeans, "fit", from_random_rows)
    again = refit(larger, champion, 1, **config)
    assert again["model_version"][0] != champion["model_version"][0]
    assert (keys_of(again, frame) == before).mean() >= 0.99


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 8))
def test_over_random_refits_a_key_that_ended_never_comes_back(seed: int, refits: int) -> None:
    generator = np.random.default_rng(seed)
    n_rows = int(generator.integers(5, 60))
    labels = generator.integers(3, size=n_rows)
    keys, used = ["seg_001", "seg_002", "seg_003"], {"seg_001", "seg_002", "seg_003"}
    ended: set[str] = set()
    for _ in range(refits):
        k = int(generator.integers(1, 6))
        moved = generator.random(n_rows) < generator.random()
        new = np.where(moved, generator.integers(k, size=n_rows), labels % k)
        found = match_segments(labels, keys, new, k, sorted(used))
        assert len(set(found.keys)) == k
        assert not ended & set(found.keys)
        assert set(keys) - set(found.keys) <= set(found.gone)
        ended |= set(keys) - set(found.keys)
        labels, keys = new, found.keys
        used |= set(keys)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_history_tells_every_stretch_once_over_random_refits(data: st.DataObject) -> None:
    n_snapshots = data.draw(st.integers(1, 6))
    days = [day.date() for day in pd.date_range("2024-01-31", periods=n_snapshots, freq="ME")]
    rows, names = [], ["seg_001", "seg_002"]
    for number, day in enumerate(days):
        if data.draw(st.booleans()):  # a refit: some keys end, others begin
            names = data.draw(st.lists(st.sampled_from([f"seg_{n:03d}" for n in range(1, 7)]), min_size=1, max_size=3))
        for customer in "abcd":
            if data.draw(st.integers(0, 4)):  # now and then somebody is not told
                rows.append((customer, day, data.draw(st.sampled_from(names)), f"m_{number}"))
    rows = rows or [("a", days[-1], "seg_001", "m_0")]
    with duckdb.connect() as connection:
        connection.execute(
            "create table int_seg__segment_snapshots (customer_id varchar, snapshot_date date, segment_key varchar, "
            "model_version varchar)"
        )
        connection.executemany("insert into int_seg__segment_snapshots values (?, ?, ?, ?)", rows)
        connection.execute(f"create table int_seg__run as select 'r' as run_id, date '{days[-1]}' as as_of_date")
        for name, query in render_marts("scoring/int_seg__segment_stretches", "marts/fct_seg__segment_history"):
            connection.execute(f"create table {name} as {query}")
        told = connection.sql(
            "select customer_id, valid_from, valid_to, segment_key, is_current from fct_seg__segment_history order by all"
        ).fetchall()
    expected = []
    for customer, own in groupby(sorted(rows), key=lambda row: row[0]):
        stretches = [(key, [row[1] for row in part]) for key, part in groupby(own, key=lambda row: row[2])]
        for number, (key, dates) in enumerate(stretches):
            end = stretches[number + 1][1][0] if number + 1 < len(stretches) else None
            expected.append((customer, dates[0], end, key, end is None))
    assert told == sorted(expected, key=lambda row: row[:2])
