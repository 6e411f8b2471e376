"""A fitted model without its method: everything that scoring, reporting and the next fit need."""

from dataclasses import dataclass, field

import pandas as pd

from dbt_segmentation.algorithms import Assignment
from dbt_segmentation.preprocessing import Preprocessor

# what a run says of itself: numbers, texts, or nothing
RunValue = float | int | str | None


@dataclass(frozen=True)
class StoredModel:
    """A model as its rows tell it.

    Attributes
    ----------
    run : dict
        What there is to say about the fit: method, verdict, reason, counts, versions.
    preprocessor : Preprocessor
        Fitted.
    keys : list of str
        Keys of the living segments, by position.
    assignment : Assignment
        How anybody gets a segment.
    segments : DataFrame
        Index key, of the dead too; position, size, share, jaccard and whatever else was stored.
    candidates : DataFrame
        Columns of `choosing.candidates.CANDIDATE_COLUMNS`.
    merges : tuple of str
        What was merged, in words.
    importances : dict of (str, str) to float
        By feature and measure.
    model_version : str
        Name; empty before it has one.
    """

    run: dict[str, RunValue]
    preprocessor: Preprocessor
    keys: list[str]
    assignment: Assignment
    segments: pd.DataFrame
    candidates: pd.DataFrame
    merges: tuple[str, ...] = ()
    importances: dict[tuple[str, str], float] = field(default_factory=dict)
    model_version: str = ""

    @property
    def retired_keys(self) -> list[str]:
        """Keys that died."""
        return sorted(set(self.segments.index) - set(self.keys))
