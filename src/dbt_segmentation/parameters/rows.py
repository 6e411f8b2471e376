"""Rows of parameters: what SQL scores from, and what any engine can store."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pyarrow as pa

from dbt_segmentation.errors import DataError

_FIELDS: dict[str, pa.DataType] = {
    "model_version": pa.string(),
    "stage": pa.string(),
    "feature": pa.string(),
    "component": pa.string(),
    "value": pa.float64(),
    "text_value": pa.string(),
}
PARAMETER_SCHEMA = pa.schema(_FIELDS)


class ParameterRows:
    """Collects rows; numbers go to value, texts to text_value."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, float | None, str | None]] = []

    def add(self, stage: str, feature: str, component: str, value: float | int | bool | str | None) -> None:
        """Add one row. A number must be finite, since no engine agrees with another on the rest."""
        if value is None or isinstance(value, str):
            self.rows.append((stage, feature, component, None, value))
            return
        number = float(value)
        if not np.isfinite(number):
            raise DataError(f"Not a finite number in the model: {stage} {feature} {component} = {number}.")
        self.rows.append((stage, feature, component, number, None))

    def to_arrow(self, model_version: str) -> pa.Table:
        """Build the table of `PARAMETER_SCHEMA`."""
        return to_arrow((model_version, *row) for row in self.rows)


def to_arrow(rows: Iterable[tuple[str, str, str, str, float | None, str | None]]) -> pa.Table:
    """Arrow table from tuples in the order of `PARAMETER_SCHEMA`; no rows give an empty, typed table."""
    columns = list(zip(*rows, strict=True)) or [()] * len(PARAMETER_SCHEMA)
    arrays = [pa.array(column, type=part.type) for column, part in zip(columns, PARAMETER_SCHEMA, strict=True)]
    return pa.Table.from_arrays(arrays, schema=PARAMETER_SCHEMA)


def as_parameter_table(table: pa.Table | pd.DataFrame) -> pa.Table:
    """Rows that came back from a warehouse, in the types of `PARAMETER_SCHEMA`."""
    if isinstance(table, pa.Table):
        return table.select(PARAMETER_SCHEMA.names).cast(PARAMETER_SCHEMA)
    return pa.Table.from_pandas(table[PARAMETER_SCHEMA.names], schema=PARAMETER_SCHEMA, preserve_index=False)
