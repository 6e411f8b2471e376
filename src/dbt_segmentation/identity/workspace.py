"""Temporary tables of one call, gone when it ends."""

import secrets
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from dbt_segmentation.errors import DataError, did_you_mean

Relation = duckdb.DuckDBPyRelation | pa.Table | str


class Workspace:
    """Temporary tables on somebody else's connection, dropped on leaving, after an error too.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Connection to work on. No setting of it is changed.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        # one connection may serve two calls, one inside the other
        self._prefix = f"_seg_identity_{secrets.token_hex(6)}_"
        self._tables: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # in a transaction that failed nothing can be dropped, and its rollback takes the tables
        with suppress(duckdb.Error):
            self.drop(*self._tables)

    def name(self, table: str) -> str:
        """Give the full name of a table of this workspace."""
        return self._prefix + table

    def create(self, table: str, query: str) -> str:
        """Make a temporary table of a query and give its full name."""
        self._tables.add(table)
        self.connection.execute(f"create temp table {self.name(table)} as {query}")
        return self.name(table)

    def load(self, table: str, source: Relation, select: str = "*") -> str:
        """Make a temporary table of a caller's relation, table name or Arrow table."""
        self._tables.add(table)
        if isinstance(source, pa.Table):
            # registered, because dbt hands Python models a wrapper of the connection, under which DuckDB sees no local
            # names
            registered = self.name(table + "_registered")
            self.connection.register(registered, source)
            try:
                self.connection.execute(f"create temp table {self.name(table)} as select {select} from {registered}")
            finally:
                self.connection.unregister(registered)
        else:
            relation = self.connection.table(source) if isinstance(source, str) else source
            query = f"select {select} from ({relation.sql_query()})"
            self.connection.execute(f"create temp table {self.name(table)} as {query}")
        return self.name(table)

    def columns(self, source: Relation) -> dict[str, str]:
        """Give the column names of a relation as written, by their lower-case form."""
        if isinstance(source, str):
            source = self.connection.table(source)
        names = source.column_names if isinstance(source, pa.Table) else source.columns
        return {str(name).lower(): str(name) for name in names}

    def require(self, what: str, source: Relation, needed: Iterable[str]) -> None:
        """Raise where a relation lacks a column.

        Raises
        ------
        DataError
            Names the relation, the column, and the nearest one that is there.
        """
        known = self.columns(source)
        for column in needed:
            if column not in known:
                raise DataError(f"{what} has no column {column!r}. {did_you_mean(column, known)}")

    def drop(self, *tables: str) -> None:
        """Drop tables early, to give their memory back."""
        for table in tables:
            self.connection.execute(f"drop table if exists {self.name(table)}")
            self._tables.discard(table)

    def arrow(self, query: str) -> pa.Table:
        """Give the result of a query."""
        return self.connection.execute(query).to_arrow_table()

    def numbers(self, query: str) -> dict[str, Any]:
        """Give the result of a query as arrays of numbers, by column."""
        return dict(self.connection.execute(query).fetchnumpy())

    def scalar(self, query: str) -> Any:
        """Give the first value of a query's first row."""
        row = self.connection.execute(query).fetchone()
        return None if row is None else row[0]
