"""Customer segmentation inside the warehouse: the library behind the dbt package.

Data frames in, data frames out. Nothing here imports dbt.
"""

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dbt_segmentation.model import SegmentModel

try:
    __version__ = version("dbt-segmentation")
except PackageNotFoundError:  # a source tree on PYTHONPATH
    __version__ = "0.0.0"

__all__ = ["SegmentModel", "__version__"]


def __getattr__(name: str) -> Any:
    """Import the model on first use, so that the command line starts without waiting for scikit-learn."""
    if name == "SegmentModel":
        from dbt_segmentation.model import SegmentModel

        return SegmentModel
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
