"""A run where no Python models run: build to features, fit here, build the rest."""

from __future__ import annotations

from typing import Any

from dbt_segmentation.cli.engine import Engine
from dbt_segmentation.cli.fit import PATTERNS, fit
from dbt_segmentation.cli.invoke import Outcome, require_success
from dbt_segmentation.cli.options import console
from dbt_segmentation.cli.progress import Stages

# what is not there on these engines yet: enrichment that no feature reads, marts, monitoring
UP_TO_THE_FIT = (
    *(f"+dbt_segmentation.{folder}" for folder in ("identity", "features", "fit")),
    # the fit names segments by it
    PATTERNS,
)
THE_REST = ("dbt_segmentation.scoring", "seg_segment_overrides")


def run_in_warehouse(engine: Engine, *, full_refresh: bool = False) -> dict[str, Any]:
    """Build and test features, fit, and score everybody.

    Returns
    -------
    dict
        What the fit came to, and the seconds of each stage. Nothing is published: other engines' tables are read where
        they are.

    Raises
    ------
    ConfigError, BuildFailedError, DataError
        As dbt or the fit tells.
    """
    stages = Stages()
    refresh = ["--full-refresh"] if full_refresh else []
    with stages.stage("Features"):
        require_success(_build(engine, UP_TO_THE_FIT, refresh), "the build of features")
    with stages.stage("Fit"):
        fitted = fit(engine)
    with stages.stage("Scoring"):
        require_success(_build(engine, THE_REST, refresh), "scoring")
    console.print(stages.table({}))
    return {**fitted, "seconds": stages.seconds}


def _build(engine: Engine, selected: tuple[str, ...], options: list[str]) -> Outcome:
    # tests that also read what is not built have nothing to test
    return engine.dbt("build", "--select", *selected, "--indirect-selection", "buildable", *options)
