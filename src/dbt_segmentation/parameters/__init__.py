"""A fitted model as rows of a table.

Grain: model_version x stage x feature x component. `write.model_rows` lists the stages; `fitting` adds edge, histogram
and reference.
"""

from dbt_segmentation.parameters.read import read_model
from dbt_segmentation.parameters.rows import PARAMETER_SCHEMA, ParameterRows, as_parameter_table
from dbt_segmentation.parameters.stored import RunValue, StoredLevels, StoredModel, Traits, part_keys
from dbt_segmentation.parameters.write import model_rows

__all__ = [
    "PARAMETER_SCHEMA",
    "ParameterRows",
    "RunValue",
    "StoredLevels",
    "StoredModel",
    "Traits",
    "as_parameter_table",
    "model_rows",
    "part_keys",
    "read_model",
]
