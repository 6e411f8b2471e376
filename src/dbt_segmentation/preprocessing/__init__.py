"""From raw features to the space in which distances are measured."""

from dbt_segmentation.preprocessing.components import Projection
from dbt_segmentation.preprocessing.features import FeatureScaling
from dbt_segmentation.preprocessing.imputation import Imputer
from dbt_segmentation.preprocessing.pipeline import PreprocessingSettings, Preprocessor, check_number, scale_columns

__all__ = [
    "FeatureScaling",
    "Imputer",
    "PreprocessingSettings",
    "Preprocessor",
    "Projection",
    "check_number",
    "scale_columns",
]
