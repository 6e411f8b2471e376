"""Tables of the last build, read through dbt's own connection: on every engine alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from dbt_segmentation.cli.engine import Engine
from dbt_segmentation.cli.invoke import require_success
from dbt_segmentation.errors import DataError


def read_tables(engine: Engine, names: Sequence[str], advice: str) -> dict[str, pd.DataFrame]:
    """Read whole tables, by the names of their models.

    Raises
    ------
    DataError
        One of them is not there; ends in `advice`.
    """
    from dbt.adapters.factory import FACTORY, get_adapter_by_type
    from dbt.cli.main import dbtRunner

    response = dbtRunner().invoke(["--quiet", "--log-level", "none", "parse", *engine.arguments])
    if not response.success:
        require_success(engine.dbt("parse"), "reading the project")
    relations = {node.name: node.relation_name for node in response.result.nodes.values()}
    adapter = get_adapter_by_type(engine.kind)
    tables = {}
    try:
        with adapter.connection_named("dbt-segmentation"):
            for name in names:
                tables[name] = _table(adapter, relations[name], advice)
    finally:
        FACTORY.cleanup_connections()
    return tables


def _table(adapter: Any, relation: str, advice: str) -> pd.DataFrame:
    try:
        _, cursor = adapter.connections.add_query(f"select * from {relation}")
        rows = cursor.fetchall()
        columns = [column[0] for column in cursor.description]
    except Exception as error:
        raise DataError(f"{relation} can't be read. {advice} ({' '.join(str(error).split())[:300]})") from error
    return pd.DataFrame([tuple(row) for row in rows], columns=columns)
