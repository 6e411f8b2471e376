"""Which segmentation, and why: candidates, what is measured of them, and a recorded policy."""

from dbt_segmentation.choosing.policy import SelectionPolicy
from dbt_segmentation.choosing.search import Effort, Selection, select_partition

__all__ = ["Effort", "Selection", "SelectionPolicy", "select_partition"]
