"""A fitted model without its method: everything that scoring, reporting and the next fit need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from dbt_segmentation.algorithms import Assignment, Merge
from dbt_segmentation.arrays import Labels
from dbt_segmentation.levels import Levels
from dbt_segmentation.preprocessing import Preprocessor

# what a run says of itself: numbers, texts, or nothing
RunValue = float | int | str | None
# features by which a part differs from its whole, and by how many standard deviations
Traits = tuple[tuple[str, float], ...]


def part_keys(keys: Sequence[str], owners: Labels) -> list[str]:
    """Keys of parts that nobody knew before: that of the whole and a number, `seg_001.01`."""
    numbers = [int((owners[:part] == owner).sum()) + 1 for part, owner in enumerate(owners)]
    return [f"{keys[int(owner)]}.{number:02d}" for owner, number in zip(owners, numbers, strict=True)]


@dataclass(frozen=True)
class StoredLevels:
    """The levels under the segments, and their keys.

    Attributes
    ----------
    levels : Levels
        Micro-segments and what they are parts of.
    sub_keys, micro_keys : list of str
        Keys by position.
    retired_keys : tuple of str
        Keys of parts that ended earlier, under segments that live.
    traits : mapping of str to traits
        What set each part apart from its whole when it was born, by key. One that never had a sibling is not in it: it
        has no name of its own yet.
    """

    levels: Levels
    sub_keys: list[str]
    micro_keys: list[str]
    retired_keys: tuple[str, ...] = ()
    traits: Mapping[str, Traits] = field(default_factory=dict)


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
    levels : StoredLevels
        Sub-segments and micro-segments.
    candidates : DataFrame
        Columns of `choosing.candidates.CANDIDATE_COLUMNS`.
    merges : tuple of Merge
        What was merged into what.
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
    merges: tuple[Merge, ...] = ()
    importances: dict[tuple[str, str], float] = field(default_factory=dict)
    model_version: str = ""
    levels: StoredLevels = field(kw_only=True)

    @property
    def retired_keys(self) -> list[str]:
        """Keys that died."""
        return sorted(set(self.segments.index) - set(self.keys))
