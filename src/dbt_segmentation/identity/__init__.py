"""Which records are one person or company, and whom that takes out: links, groups, suppressed records.

The work is done in SQL on the caller's DuckDB connection, in temporary tables that are dropped at the end.
"""

from dbt_segmentation.identity.closure import connected_groups
from dbt_segmentation.identity.resolution import LINK_SCHEMA, resolve
from dbt_segmentation.identity.suppression import suppressed_records

__all__ = ["LINK_SCHEMA", "connected_groups", "resolve", "suppressed_records"]
