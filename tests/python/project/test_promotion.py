"""Champion and challenger: a refit that would change too much is held back until somebody says otherwise."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from helpers.projects import CONSUMER_VARS, Project, write_consumer

BUILD = ["build", "--exclude-resource-type=unit_test"]
SETTINGS = {"seg_n_segments": 3, "seg_min_segment_size": 2, "seg_max_renamed_share": 0.05}
# when people buy, not what: other segments, of which some are new
CLOCK = {"seg_n_segments": 4, "seg_clustering_features": ["weekend_share", "morning_share", "evening_share"]}
OTHER = ["--vars", json.dumps(CLOCK)]
FIRST, HELD, NEXT = "2026-02-28", "2026-03-02", "2026-03-03"
PROMOTED, BACK = "promoted", "back"


def order(day: str) -> str:
    return (
        "insert into raw.orders (source_system, source_record_id, order_id, ordered_at, gross_amount, currency) values "
        f"('shop', 'C001', 'N{day}', '{day} 12:00:00', '20', 'EUR')"
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    """A shop whose second fit, of other features, was held back; then people promoted it and took it back."""
    made = write_consumer(tmp_path_factory.mktemp("promotion") / "consumer", repository, {**CONSUMER_VARS, **SETTINGS})
    kept = {day: str(made.folder / f"{day}.duckdb") for day in (FIRST, HELD, PROMOTED, BACK, NEXT, "there", "and back")}
    always = ["--vars", json.dumps({"seg_n_segments": 4, "seg_promotion": "always"})]
    made.steps(
        [
            {"arguments": BUILD, "keep": kept[FIRST]},
            {"arguments": [*BUILD, *always], "keep": kept["there"]},
            {"arguments": BUILD, "keep": kept["and back"]},
            {"start": kept[FIRST], "sql": [order(HELD)], "arguments": [*BUILD, *OTHER], "keep": kept[HELD]},
        ]
    )
    _models(made, "promote", "--by", "Ada", "--reason", "the new ones are better to work with")
    # on the same data: a verdict waits for no order
    made.steps([{"arguments": [*BUILD, *OTHER], "keep": kept[PROMOTED]}])
    _models(made, "rollback", "--by", "Ben", "--reason", "they were not")
    made.steps(
        [
            {"arguments": [*BUILD, *OTHER], "keep": kept[BACK]},
            {"sql": [order(NEXT)], "arguments": [*BUILD, *OTHER], "keep": kept[NEXT]},
        ]
    )
    return made


def _models(project: Project, *arguments: str) -> dict[str, Any]:
    result = project.run("dbt-segmentation", "models", *arguments, "--json")
    assert result.returncode == 0, result.stdout + result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def at(project: Project, day: str) -> Project:
    return project.at(project.folder / f"{day}.duckdb")


def told_by(project: Project) -> str:
    (version,) = set(project.table("fct_seg__customer_segments")["model_version"])
    return str(version)


def test_the_marts_stay_on_the_champion_while_a_challenger_waits(project: Project) -> None:
    first, held = at(project, FIRST), at(project, HELD)
    runs = held.table("fct_seg__model_runs").set_index("status")

    assert told_by(held) == told_by(first) == runs.loc["champion", "model_version"]
    assert runs.loc["champion", "promotion_reason"] == "no model yet"
    assert runs.loc["challenger", "promotion_reason"].startswith("cost of change: ")
    assert runs.loc["challenger", "decided_by"] == "gate"
    assert runs.loc["challenger", "renamed_share"] > SETTINGS["seg_max_renamed_share"]

    # both score everybody side by side
    comparison = held.table("fct_seg__model_comparison")
    told = held.table("fct_seg__customer_segments")
    assert (
        comparison.groupby("segment_key")["customers"].sum().to_dict() == told["segment_key"].value_counts().to_dict()
    )
    assert set(comparison["challenger_model_version"]) == {runs.loc["challenger", "model_version"]}
    assert comparison.loc[comparison["segment_key"] != comparison["challenger_segment_key"], "customers"].sum() > 3

    segments = held.table("dim_seg__segments").set_index("segment_key")["status"]
    assert set(segments[comparison["segment_key"].unique()]) == {"active"}
    assert "proposed" in set(segments)
    assert first.table("fct_seg__model_comparison").empty


def test_a_person_promotes_and_takes_back_and_it_is_recorded(project: Project) -> None:
    first, held, promoted, back, following = (at(project, day) for day in (FIRST, HELD, PROMOTED, BACK, NEXT))
    challenger = held.table("int_seg__challenger_model")["model_version"].iloc[0]

    assert told_by(promoted) == challenger
    assert "proposed" not in set(promoted.table("dim_seg__segments")["status"])
    assert promoted.table("fct_seg__model_comparison").empty
    # what was told before is not rewritten
    tellers = promoted.query(
        f"select distinct model_version from int_seg__segment_memberships where snapshot_date < '{HELD}'"
    )
    assert tellers["model_version"].tolist() == [told_by(first)]

    assert told_by(back) == told_by(following) == told_by(held)
    # no other model of the same settings is tried at once
    decision = following.table("int_seg__refit_decision")
    assert decision["decision"].tolist() == ["keep"]
    assert "not promoted" in decision["decision_reason"].iloc[0]
    verdicts = project.query("select verdict, decided_by, reason from int_seg__promotions order by decision_number")
    assert verdicts["verdict"].tolist() == ["promoted", "held", "promoted", "rejected", "promoted"]
    assert verdicts["decided_by"].tolist() == ["gate", "gate", "Ada", "Ben", "Ben"]
    assert verdicts["reason"].iloc[-1] == "they were not"


def test_models_are_listed_and_wrong_verdicts_answered(project: Project) -> None:
    listed = _models(project, "list")["models"]
    assert {model["status"] for model in listed} == {"champion", "rejected"}
    champion = next(model["model_version"] for model in listed if model["status"] == "champion")
    why = ("--by", "Ada", "--reason", "because")
    for arguments, words in (
        (("promote", champion, *why), "is the champion already"),
        (("promote", "m_nobody", *why), "There is no model"),
        (("promote", "m_", *why), "2 models begin with"),
        (("reject", *why), "No challenger waits"),
        (("compare",), "No challenger waits"),
        (("rollback", *why), "no former champion"),
        (("promote", champion, "--by", " ", "--reason", "because"), "--by is empty"),
        (("promote", champion, "--by", "Ada", "--reason", " "), "--reason is empty"),
        (("reject", champion, "--by", "Ada", "--reason", ""), "--reason is empty"),
        (("rollback", "--by", "Ada", "--reason", " "), "--reason is empty"),
    ):
        result = project.run("dbt-segmentation", "models", *arguments)
        said = " ".join((result.stdout + result.stderr).split())
        assert result.returncode != 0
        assert words in said, (arguments, said)
        assert "Traceback" not in said


@pytest.fixture
def scratch(project: Project, tmp_path: Path) -> Iterator[Project]:
    """The project, whose build file a test may change: it is put back."""
    shutil.copy(project.build, tmp_path / "kept.duckdb")
    yield project
    shutil.copy(tmp_path / "kept.duckdb", project.build)


def test_a_challenger_is_compared_and_a_rejected_one_stays_out(scratch: Project) -> None:
    held = at(scratch, HELD)
    shutil.copy(held.build, scratch.build)
    champion = told_by(held)
    challenger = held.table("int_seg__challenger_model")["model_version"].iloc[0]

    compared = _models(scratch, "compare")
    assert {model["model_version"]: model["status"] for model in compared["models"]} == {
        champion: "champion",
        challenger: "challenger",
    }
    told, scores = (
        held.query(f"select customer_id, segment_key from {table}").set_index("customer_id")["segment_key"]
        for table in ("fct_seg__customer_segments", "int_seg__challenger_scores")
    )
    pairs = pd.crosstab(told, scores.reindex(told.index))
    moves = {(move["segment_key"], move["challenger_segment_key"]): move for move in compared["moves"]}
    counts = pairs.stack()
    assert {pair: move["customers"] for pair, move in moves.items()} == counts[counts > 0].to_dict()
    for (segment, other), move in moves.items():
        assert move["share_of_segment"] == pytest.approx(pairs.loc[segment, other] / pairs.loc[segment].sum())
        assert move["share_of_challenger_segment"] == pytest.approx(pairs.loc[segment, other] / pairs[other].sum())

    answer = _models(scratch, "reject", "--by", " Cy ", "--reason", " too many small ones ")
    assert (answer["model_version"], answer["verdict"]) == (challenger, "rejected")
    verdict = scratch.query("select * from int_seg__promotions order by decision_number").iloc[-1]
    assert verdict[["model_version", "verdict", "decided_by", "reason"]].tolist() == [
        challenger,
        "rejected",
        "Cy",
        "too many small ones",
    ]
    assert str(verdict["as_of_date"])[:10] == HELD

    # on the same data the fit that was decided is remembered; the next day no other of these settings is tried
    scratch.steps([{"sql": [order(NEXT)], "arguments": [*BUILD, *OTHER]}])
    assert told_by(scratch) == champion
    assert scratch.table("fct_seg__model_comparison").empty
    runs = scratch.table("fct_seg__model_runs").set_index("model_version")
    assert runs["status"].to_dict() == {champion: "champion", challenger: "rejected"}
    assert scratch.table("int_seg__refit_decision")["decision"].tolist() == ["keep"]
    segments = scratch.table("dim_seg__segments").set_index("segment_key")["status"]
    was = held.table("dim_seg__segments").set_index("segment_key")["status"]
    assert "proposed" in set(was)
    assert set(segments[was.index[was == "proposed"]]) == {"rejected"}


def test_a_rollback_goes_to_the_former_champion_that_is_named(scratch: Project) -> None:
    first, there, back = (told_by(at(scratch, day)) for day in (FIRST, "there", "and back"))
    assert first == back
    shutil.copy(at(scratch, "and back").build, scratch.build)
    always = ["--vars", json.dumps({**CLOCK, "seg_promotion": "always"})]
    scratch.steps([{"arguments": [*BUILD, *always]}])
    third = told_by(scratch)
    assert len({first, there, third}) == 3

    # without --to it would be the one before, the first
    why = ("--by", "Ben", "--reason", "spring")
    wrong = scratch.run("dbt-segmentation", "models", "rollback", "--to", third, *why)
    assert wrong.returncode != 0
    assert "never was a champion" in " ".join(wrong.stderr.split())
    answer = _models(scratch, "rollback", "--to", there, *why)
    assert (answer["model_version"], answer["rejected"]) == (there, third)
    verdicts = scratch.query("select * from int_seg__promotions order by decision_number").tail(2)
    assert verdicts[["model_version", "verdict", "decided_by", "reason"]].to_numpy().tolist() == [
        [third, "rejected", "Ben", "spring"],
        [there, "promoted", "Ben", "spring"],
    ]

    scratch.steps([{"arguments": [*BUILD, *OTHER]}])
    assert told_by(scratch) == there
    status = scratch.table("fct_seg__model_runs").set_index("model_version")["status"].to_dict()
    assert status == {first: "former", there: "champion", third: "rejected"}


def test_settings_of_before_bring_their_champion_back(project: Project) -> None:
    first, there, back = (at(project, day) for day in (FIRST, "there", "and back"))

    assert told_by(there) != told_by(first) == told_by(back)
    reasons = back.query("select reason from int_seg__promotions order by decision_number")["reason"].tolist()
    assert reasons == ["no model yet", "seg_promotion is always", "these settings and customers had this model before"]
    assert back.query("select verdict from int_seg__promotions")["verdict"].eq("promoted").all()
