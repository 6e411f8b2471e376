"""Reads the marts for the report: always the columns below, whatever the file holds.

Tables or columns that a file lacks read as empty, so that a report of a young or thin project still builds. Only
aggregates leave DuckDB; no row of a customer does.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from dbt_segmentation.errors import DataError

Row = dict[str, Any]

# view -> (tables that may hold it, first one wins; columns and types)
_TABLES: dict[str, tuple[tuple[str, ...], str]] = {
    "segments": (
        ("dim_seg__segments",),
        "segment_key varchar, level varchar, parent_segment_key varchar, label_en varchar, label_fr varchar, "
        "description_en varchar, description_fr varchar, recommended_action_en varchar, "
        "recommended_action_fr varchar, archetype varchar, "
        "status varchar, event varchar, approved_by varchar, merged_into_segment_key varchar, "
        "overridden_fields varchar, overridden_by varchar, "
        "customers_at_fit bigint, share_at_fit double, stability double, "
        "model_version varchar, run_id varchar, as_of_date date",
    ),
    "memberships": (
        ("fct_seg__customer_segments",),
        "snapshot_date date, segment_key varchar, is_borderline boolean, is_outlier boolean, assigned_by varchar, "
        "run_id varchar, "
        "as_of_date date",
    ),
    "decisions": (
        ("fct_seg__segment_overrides",),
        "target varchar, target_key varchar, field varchar, value varchar, author varchar, decided_on date, "
        "reason varchar, status varchar, problem varchar, customers bigint",
    ),
    "transitions": (
        ("fct_seg__segment_transitions",),
        "snapshot_date date, previous_snapshot_date date, from_segment_key varchar, to_segment_key varchar, "
        "customers bigint, rate double, rate_lower double, rate_upper double, revenue double",
    ),
    "profiles": (
        ("fct_seg__segment_profiles",),
        "segment_key varchar, feature varchar, family varchar, label_en varchar, label_fr varchar, unit varchar, "
        "is_clustering_feature boolean, customers bigint, mean_value double, population_mean double, "
        "index_to_population double, z_score double, rank_in_segment bigint",
    ),
    "kpis": (
        ("fct_seg__segment_kpis",),
        "segment_key varchar, level varchar, snapshot_date date, customers bigint, customer_share double, "
        "revenue double, revenue_share double, revenue_per_customer double, orders bigint, average_order_value double, "
        "activation_rate double, response_rate double, conversion_rate double, is_suppressed boolean, run_id varchar, "
        "as_of_date date",
    ),
    "model_runs": (
        ("fct_seg__model_runs",),
        "model_version varchar, decision varchar, decision_reason varchar, algorithm varchar, n_segments bigint, "
        "verdict varchar, reason varchar, n_rows bigint, n_used bigint, n_features bigint, silhouette double, "
        "calinski_harabasz double, davies_bouldin double, gap double, stability_min double, stability_mean double, "
        "smallest_segment bigint, random_state varchar, library_versions varchar, fitted_as_of_date date, "
        "is_current boolean, run_id varchar, as_of_date date",
    ),
    "candidates": (
        ("fct_seg__model_candidates",),
        "model_version varchar, candidate varchar, algorithm varchar, stage varchar, n_segments bigint, "
        "silhouette double, calinski_harabasz double, davies_bouldin double, dunn double, inertia double, gap double, "
        "bic double, stability_min double, stability_curve double, stability_mean double, prediction_strength double, "
        "purity double, adjusted_rand double, smallest_segment bigint, score double, is_eligible boolean, "
        "is_winner boolean, reason varchar, silhouette_reference double, stability_reference double, "
        "prediction_strength_reference double",
    ),
    "drift": (
        ("fct_seg__segment_drift",),
        "snapshot_date date, segment_key varchar, feature varchar, metric varchar, source varchar, value double, "
        "threshold double, n_reference bigint, n_current bigint, verdict varchar, model_version varchar",
    ),
    "tree": (
        ("fct_seg__segment_tree",),
        "node varchar, parent_node varchar, level varchar, segment_key varchar, height double, "
        "customers_at_fit bigint, cut_reason varchar, cut_stability double, is_current_model boolean",
    ),
    "share_drift": (
        ("fct_seg__segment_share_drift",),
        "snapshot_date date, segment_key varchar, customers bigint, previous_customers bigint, joiners bigint, "
        "leavers bigint, movers bigint, refit bigint, overrides bigint, late_data bigint, identity_merges bigint, "
        "share_change double",
    ),
    "rejected": (("fct_seg__rejected_rows",), "input varchar, reason varchar, field varchar"),
    "reconciliation": (
        ("fct_seg__input_reconciliation", "int_seg__input_reconciliation"),
        "input varchar, rows_read bigint, rows_used bigint, rows_rejected bigint, rows_later bigint, "
        "rows_withheld bigint",
    ),
}


class Marts:
    """Marts of one DuckDB file, as plain rows.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Open connection to a published or a build file.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.found = self._columns_by_table()
        for view, (names, columns) in _TABLES.items():
            self._create_view(view, names, columns)

    def rows(self, query: str, *parameters: Any) -> list[Row]:
        """Run a query on the views (``seg_segments``, ``seg_kpis``, ...); rows as dicts, NaN and infinity as None."""
        cursor = self._connection.execute(query, list(parameters))
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, map(_finite, row), strict=True)) for row in cursor.fetchall()]

    def _columns_by_table(self) -> dict[str, tuple[str, dict[str, str]]]:
        found: dict[str, tuple[str, dict[str, str]]] = {}
        known = tuple(name for names, _ in _TABLES.values() for name in names)
        rows = self._connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns "
            "where table_catalog = current_database() and list_contains(?, table_name) order by 1, 2, ordinal_position",
            [list(known)],
        ).fetchall()
        for schema, table, column in rows:
            found.setdefault(table, (schema, {}))[1][column.lower()] = column
        return found

    def _create_view(self, view: str, names: tuple[str, ...], columns: str) -> None:
        table = next((name for name in names if name in self.found), None)
        schema, held = self.found[table] if table else ("", {})
        selected = []
        for declaration in columns.split(", "):
            name, kind = declaration.split(" ")
            source = f'"{held[name]}"' if name in held else "null"
            selected.append(f"try_cast({source} as {kind}) as {name}")
        source = f'from "{schema}"."{table}"' if table else "where false"
        self._connection.execute(f"create or replace temp view seg_{view} as select {', '.join(selected)} {source}")


@contextmanager
def open_marts(path: Path) -> Iterator[Marts]:
    """Open a DuckDB file for reading.

    Raises
    ------
    DataError
        If there is no such file, or it cannot be opened; the message says why.
    """
    if not Path(path).is_file():
        raise DataError(f"No marts to report on: {path} does not exist. Run `dbt-segmentation run` first.")
    connection = _connect(str(path))
    try:
        yield Marts(connection)
    finally:
        connection.close()


def _finite(value: Any) -> Any:
    """Read a number that is none as missing."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _connect(path: str) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(path, read_only=True)
    except duckdb.ConnectionException:
        # this process already holds the file with another configuration, as after a build inside it
        return duckdb.connect(path)
    except duckdb.Error as error:
        raise DataError(f"Can't read the marts in {path}: {error}") from error
