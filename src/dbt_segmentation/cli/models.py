"""Champion and challengers: what there is, how they differ, and a person's verdict. It counts from the next run on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
from rich.table import Table

from dbt_segmentation.cli.engine import Engine, is_duckdb, open_engine
from dbt_segmentation.cli.invoke import require_success
from dbt_segmentation.cli.options import Settings
from dbt_segmentation.cli.session import build_lock, open_session
from dbt_segmentation.cli.tables import read_tables
from dbt_segmentation.errors import ConfigError, DataError, did_you_mean

RUNS, COMPARISON = "fct_seg__model_runs", "fct_seg__model_comparison"
PROMOTIONS, RUN = "int_seg__promotions", "int_seg__run"
ADVICE = "Build it first: `dbt-segmentation run`."
TOLD = (
    "model_version",
    "status",
    "fitted_as_of_date",
    "algorithm",
    "n_segments",
    "silhouette_now",
    "champion_silhouette",
    "stability_min",
    "renamed_share",
    "promotion_reason",
    "decided_by",
)


def list_models(settings: Settings) -> dict[str, Any]:
    """Give every model that was ever fitted, the newest first, with its status and the reason of it.

    Raises
    ------
    DataError
        Nothing was built yet.
    """
    with _opened(settings) as (_, tables):
        return {"models": _records(tables[RUNS], TOLD)}


def compare(settings: Settings) -> dict[str, Any]:
    """Give the champion, the challenger, and how many customers each pair of their segments has in common.

    Raises
    ------
    DataError
        Nothing was built yet, or no challenger waits.
    """
    with _opened(settings, COMPARISON) as (_, tables):
        runs, moves = tables[RUNS], tables[COMPARISON]
    if moves.empty:
        raise DataError(
            "No challenger waits: there is nothing to compare. `dbt-segmentation models list` shows all models."
        )
    models = runs[
        runs["model_version"].isin([moves["model_version"].iloc[0], moves["challenger_model_version"].iloc[0]])
    ]
    moves = moves.sort_values(["segment_key", "customers"], ascending=[True, False])
    columns = ("segment_key", "challenger_segment_key", "customers", "share_of_segment", "share_of_challenger_segment")
    return {"models": _records(models, TOLD), "moves": _records(moves, columns)}


def decide(settings: Settings, verdict: str, model: str | None, decided_by: str, reason: str) -> dict[str, Any]:
    """Promote a model, or reject one: it counts from the next run on.

    Parameters
    ----------
    verdict : {"promoted", "rejected"}
    model : str or None
        A model_version, or how it begins. None is the challenger that waits.

    Raises
    ------
    ConfigError
        There is no such model, it can't have this verdict, or nobody or no reason is given.
    DataError
        Nothing was built yet, or no challenger waits.
    LockedError
        A run is going on.
    """
    _require_who_and_why(decided_by, reason)
    with _opened(settings, RUN) as (engine, tables):
        _require_last_day(tables[RUN])
        row = _find(tables[RUNS], model)
        if row["status"] == "champion":
            raise ConfigError(
                f"{row['model_version']} is the champion already."
                + (" `dbt-segmentation models rollback` goes back to the one before." if verdict == "rejected" else "")
            )
        _write(engine, {str(row["model_version"]): verdict}, decided_by, reason)
    return {"model_version": row["model_version"], "verdict": verdict, "counts": "from the next run on"}


def rollback(settings: Settings, to: str | None, decided_by: str, reason: str) -> dict[str, Any]:
    """Reject the champion, and promote the champion before it, or another former one.

    Raises
    ------
    ConfigError
        There is no former champion, `to` is none, or nobody or no reason is given.
    DataError
        Nothing was built yet.
    LockedError
        A run is going on.
    """
    _require_who_and_why(decided_by, reason)
    with _opened(settings, RUN, PROMOTIONS) as (engine, tables):
        _require_last_day(tables[RUN])
        runs, promotions = tables[RUNS], tables[PROMOTIONS]
        champions = runs.loc[runs["status"] == "champion", "model_version"]
        order = promotions[promotions["verdict"] == "promoted"].sort_values(["as_of_date", "decision_number"])
        former = [name for name in order["model_version"] if name not in set(champions)]
        former = [name for name in former if _status(runs, name) == "former"]
        if not former:
            raise ConfigError("There is no former champion to go back to.")
        target = former[-1] if to is None else str(_find(runs, to)["model_version"])
        if target not in former:
            raise ConfigError(f"{target} never was a champion, or was rejected. Former champions: {', '.join(former)}.")
        verdicts = {**dict.fromkeys(champions, "rejected"), target: "promoted"}
        _write(engine, verdicts, decided_by, reason)
    return {"model_version": target, "rejected": ", ".join(champions), "counts": "from the next run on"}


def table(records: list[dict[str, Any]]) -> Table:
    """Show records to people."""
    shown = Table(box=None, pad_edge=False)
    for name in records[0] if records else []:
        shown.add_column(name.replace("_", " "))
    for record in records:
        shown.add_row(*map(_shown, record.values()))
    return shown


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _require_who_and_why(decided_by: str, reason: str) -> None:
    if not decided_by.strip():
        raise ConfigError("--by is empty: say who decides.")
    if not reason.strip():
        raise ConfigError("--reason is empty: say why. It is recorded, and whoever looks at the model later reads it.")


def _require_last_day(run: pd.DataFrame) -> None:
    """Refuse marts of a day that has passed: they show the models of that day, and a verdict is about those of now."""
    days = run.reindex(columns=["as_of_date", "last_told_on"]).apply(pd.to_datetime)
    if (days["as_of_date"] < days["last_told_on"]).any():
        raise ConfigError("The last run was for a day that has passed. Run for today first: `dbt-segmentation run`.")


@contextmanager
def _opened(settings: Settings, *names: str) -> Iterator[tuple[Engine, dict[str, pd.DataFrame]]]:
    """Open the engine; read models, the newest first, and other tables. Nobody else may write in the file meanwhile."""
    if not is_duckdb(settings):
        raise ConfigError(
            "these commands read marts, which are DuckDB's for now. Elsewhere look at int_seg__promotions, and decide "
            "with `dbt-segmentation dbt run-operation dbt_segmentation.seg_decide_model --args ...`: see docs/spark.md."
        )
    session = open_session(settings)
    if not session.build.is_file():
        raise DataError(f"{session.build} does not exist. Run `dbt-segmentation run` first.")
    with build_lock(session):
        engine = open_engine(settings)
        # each call reads the whole project
        tables = read_tables(engine, [RUNS, *names], ADVICE)
        runs = tables[RUNS].sort_values(["fitted_as_of_date", "model_version"], ascending=[False, True])
        yield engine, {**tables, RUNS: runs}


def _status(runs: pd.DataFrame, model: str) -> str | None:
    found = runs.loc[runs["model_version"] == model, "status"]
    return None if found.empty else str(found.iloc[0])


def _find(runs: pd.DataFrame, model: str | None) -> pd.Series[Any]:
    """Give the one model that is meant."""
    if model is None:
        found = runs[runs["status"] == "challenger"].head(1)
        if found.empty:
            raise DataError("No challenger waits. `dbt-segmentation models list` shows all models; name one of them.")
        return found.iloc[0]
    found = runs[runs["model_version"].str.startswith(model)]
    if len(found) != 1:
        nearest = did_you_mean(model, runs["model_version"].tolist())
        problem = (
            f"{len(found)} models begin with {model!r}." if len(found) else f"There is no model {model!r}. {nearest}"
        )
        raise ConfigError(f"{problem} `dbt-segmentation models list` shows all models.")
    return found.iloc[0]


def _write(engine: Engine, verdicts: dict[str, str], decided_by: str, reason: str) -> None:
    """Write a verdict on each model, in the order in which they are given."""
    given = [{"model_version": model, "verdict": each, "reason": reason.strip()} for model, each in verdicts.items()]
    arguments = json.dumps({"verdicts": given, "decided_by": decided_by.strip()})
    require_success(
        engine.dbt("run-operation", "dbt_segmentation.seg_decide_model", "--args", arguments), "writing the verdict"
    )


def _records(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows as mappings, without NaN, days as texts."""
    told = frame[list(columns)].astype(object).where(frame[list(columns)].notna(), None)
    return [dict(zip(columns, map(_plain, row), strict=True)) for row in told.itertuples(index=False)]


def _plain(value: Any) -> Any:
    return value.strftime("%Y-%m-%d") if hasattr(value, "strftime") else value
