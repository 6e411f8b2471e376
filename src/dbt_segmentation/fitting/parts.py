"""Sub-segments and micro-segments at a refit: their keys, what became of them, and what sets them apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dbt_segmentation.arrays import Labels, Mask
from dbt_segmentation.levels import LEVELS, level_keys
from dbt_segmentation.levels.keys import Parts, match_parts
from dbt_segmentation.matching import Matching
from dbt_segmentation.model import SegmentModel
from dbt_segmentation.parameters import ParameterRows, StoredModel, Traits

# under this share of a standard deviation of the whole, a part is not told by a feature
_LEAST_TRAIT = 0.3
_MOST_TRAITS = 2


@dataclass(frozen=True)
class Champion:
    """The current model, and where it puts the sample.

    Attributes
    ----------
    stored : StoredModel
        The model.
    labels, micro : array of shape (n,)
        Positions of segment and micro-segment.
    """

    stored: StoredModel
    labels: Labels
    micro: Labels

    def told(self, index: pd.Index) -> pd.DataFrame:
        """Keys of each row, as `SegmentModel.predict_levels` gives them."""
        inside = self.stored.levels
        return level_keys(
            inside.levels, (self.stored.keys, inside.sub_keys, inside.micro_keys), self.labels, self.micro, index
        )


def match_levels(
    model: SegmentModel, micro: Labels, before: Champion | None, used_keys: Sequence[str]
) -> tuple[Matching, Matching]:
    """Hand on the keys of sub-segments, then those of their micro-segments; the model is told.

    `micro` is the micro-segment of each row by the model, whose segments have their keys already.
    """
    levels = model.levels_
    old_subs = old_micros = None
    retired = [key for key in used_keys if "." in key]
    if before is not None:
        stored = before.stored.levels
        inside = stored.levels
        parents = [before.stored.keys[segment] for segment in inside.segment_of_sub]
        old_subs = Parts(stored.sub_keys, parents, inside.sub_of_micro[before.micro])
        old_micros = Parts(stored.micro_keys, [stored.sub_keys[sub] for sub in inside.sub_of_micro], before.micro)
        retired += stored.retired_keys
    parents = [model.segment_keys_[segment] for segment in levels.segment_of_sub]
    subs = match_parts(old_subs, Parts(model.sub_segment_keys_, parents, levels.sub_of_micro[micro]), retired)
    model.sub_segment_keys_ = subs.keys
    owners = [subs.keys[sub] for sub in levels.sub_of_micro]
    micros = match_parts(old_micros, Parts(model.micro_segment_keys_, owners, micro), retired)
    model.micro_segment_keys_ = micros.keys
    return subs, micros


def add_fates(rows: ParameterRows, level: str, matching: Matching) -> None:
    """Write what became of segments or parts of them, and what shares customers; nobody is in those that ended."""
    for key, fate in [*zip(matching.keys, matching.fates, strict=True), *matching.gone.items()]:
        rows.add(level, key, "event", fate.event)
        rows.add(level, key, "overlap", fate.overlap)
        rows.add(level, key, "related", ",".join(fate.related) or None)
    for key in matching.gone:
        rows.add(level, key, "size", 0)
        rows.add(level, key, "share", 0.0)
    for pair in matching.shared:
        rows.add("succession", pair.old_key, pair.new_key, pair.customers)


def add_parts(
    rows: ParameterRows,
    model: SegmentModel,
    micro: Labels,
    found: tuple[Matching, Matching],
    profiles: pd.DataFrame,
    inherited: Mapping[str, Traits],
) -> None:
    """Write what became of the parts, and by which features each differs from its whole.

    Parts are called by these features, and names follow keys: a part that survived keeps those it was born with
    (`inherited`), also where it had none.
    """
    levels = model.levels_
    segments, subs = levels.segment_of_micro[micro], levels.sub_of_micro[micro]
    for level, matching, own, whole in (
        (LEVELS[1], found[0], subs, segments),
        (LEVELS[2], found[1], micro, subs),
    ):
        add_fates(rows, level, matching)
        for key in matching.gone:
            rows.add(level, key, "parent", key.rpartition(".")[0])
        for part, key in enumerate(matching.keys):
            members = own == part
            traits = inherited[key] if key in inherited else _traits(profiles, members, whole)
            for number, (feature, difference) in enumerate(traits, start=1):
                rows.add(level, key, f"trait_{number}", feature)
                rows.add(level, key, f"trait_{number}_difference", difference)


def _traits(profiles: pd.DataFrame, members: Mask, whole: Labels) -> Traits:
    """Features in which a part differs most from its whole, in standard deviations of the whole."""
    if not members.any():
        return ()
    everybody = whole == whole[np.flatnonzero(members)[0]]
    around = profiles[everybody]
    spread = around.std(ddof=0).replace(0.0, np.nan)
    difference = ((profiles[members].mean() - around.mean()) / spread).dropna()
    strongest = difference.abs().sort_values(ascending=False, kind="stable").index
    return tuple(
        (str(name), float(difference[name]))
        for name in strongest[:_MOST_TRAITS]
        if abs(float(difference[name])) >= _LEAST_TRAIT
    )
