"""Three nested levels: segments, cuts of the tree inside each, and cuts inside these."""

from dbt_segmentation.levels.cutting import RULES, Cut, CutPolicy
from dbt_segmentation.levels.levels import LEVELS, Levels, cut_levels, level_keys
from dbt_segmentation.levels.tree import Node, segment_tree

__all__ = ["LEVELS", "RULES", "Cut", "CutPolicy", "Levels", "Node", "cut_levels", "level_keys", "segment_tree"]
