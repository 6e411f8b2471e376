"""Copy tables from one DuckDB file into new ones, and prove that the copies are equal."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from dbt_segmentation.errors import DataError
from dbt_segmentation.files import explain, literal, quote

# A copy is bounded work: sorting spills to disk beside the target instead of taking the machine's memory.
MEMORY_LIMIT = "1GB"


@dataclass(frozen=True)
class Content:
    """What is in a table: columns with types, rows, and a hash of all rows in any order."""

    columns: tuple[tuple[str, str], ...]
    rows: int
    hash: str


@contextmanager
def workspace(source: Path, scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Attach a build file, read-only, under the name it has in dbt, so that its views still bind.

    Raises
    ------
    LockedError, DataError
        If the file is held by a writer, absent or damaged.
    """
    if not source.is_file():
        raise DataError(f"{source} does not exist. Run `dbt-segmentation run` first.")
    with duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(scratch / "spill")}) as connection:
        try:
            connection.execute(f"attach {literal(str(source))} as {quote(source.stem)} (read_only)")
        except duckdb.Error as error:
            raise explain(error, source) from error
        yield connection


def attach_new(connection: duckdb.DuckDBPyConnection, file: Path, name: str) -> None:
    """Attach a new file, readable by every DuckDB from 1.0 on: BI drivers lag behind."""
    connection.execute(f"attach {literal(str(file))} as {quote(name)} (storage_version 'v1.0.0')")


def locate(
    connection: duckdb.DuckDBPyConnection,
    database: str,
    tables: Iterable[str],
    schemas: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Find each table or view of a file.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Has `database` attached.
    database : str
        Name of the attached file.
    tables : iterable of str
        Names without schema.
    schemas : mapping of str to str, optional
        Table to schema, where it is known. Needed where one file holds the same table in two schemas.

    Returns
    -------
    dict
        Table to its full quoted name, in the order of `tables`.

    Raises
    ------
    DataError
        If tables are missing, or in several schemas.
    """
    wanted = list(tables)
    found = connection.execute(
        """
        select table_name, list(table_schema order by table_schema) as schemas
        from information_schema.tables
        where table_catalog = ? and list_contains(?, table_name)
        group by table_name
        """,
        [database, wanted],
    ).fetchall()
    places: dict[str, list[str]] = dict(found)
    for table, schema in (schemas or {}).items():
        if table in places:
            places[table] = [name for name in places[table] if name == schema]
    missing = [table for table in wanted if not places.get(table)]
    if missing:
        raise DataError(
            f"not in {database}: {', '.join(missing)}. Run `dbt-segmentation run`, which builds every table."
        )
    twice = [f"{table} ({', '.join(places[table])})" for table in wanted if len(places[table]) > 1]
    if twice:
        raise DataError(f"in several schemas of {database}: {', '.join(twice)}. Build into one schema of this file.")
    return {table: f"{quote(database)}.{quote(places[table][0])}.{quote(table)}" for table in wanted}


def copy_table(connection: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
    """Create a table with the rows of another in a fixed order, and with its comments.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Has both files attached.
    source, target : str
        Full quoted names.
    """
    connection.execute(f"create table {target} as select * from {source} order by all")
    for statement in _comments(connection, source, target):
        connection.execute(statement)


def _comments(connection: duckdb.DuckDBPyConnection, source: str, target: str) -> list[str]:
    parts = [part.replace('""', '"') for part in source[1:-1].split('"."')]
    scope = "database_name = ? and schema_name = ? and"
    tables = connection.execute(
        f"""
        select comment from duckdb_tables() where {scope} table_name = ? and comment is not null
        union all
        select comment from duckdb_views() where {scope} view_name = ? and comment is not null
        """,
        parts * 2,
    ).fetchall()
    columns = connection.execute(
        f"select column_name, comment from duckdb_columns() where {scope} table_name = ? and comment is not null", parts
    ).fetchall()
    statements = [f"comment on table {target} is {literal(text)}" for (text,) in tables]
    return statements + [f"comment on column {target}.{quote(name)} is {literal(text)}" for name, text in columns]


def content(connection: duckdb.DuckDBPyConnection, relation: str) -> Content:
    """Describe what a relation holds, whatever the order of its rows.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Can read the relation.
    relation : str
        A full quoted name or a table function such as ``read_parquet('...')``.
    """
    columns = tuple((row[0], row[1]) for row in connection.execute(f"describe select * from {relation}").fetchall())
    # A sum of row hashes doesn't depend on order, and unlike xor it sees a row that is there twice.
    found = connection.execute(
        f"select count(*), coalesce(sum(hash(one)), 0)::varchar from {relation} as one"
    ).fetchone()
    if found is None:  # an aggregate always gives a row
        raise DataError(f"{relation} can't be read.")
    return Content(columns, int(found[0]), str(found[1]))


def as_typed(relation: str, wanted: Content) -> str:
    """Read a relation with a table's types: Parquet has no enumerations and no 128-bit integers."""
    columns = ", ".join(f"cast({quote(name)} as {kind}) as {quote(name)}" for name, kind in wanted.columns)
    return f"(select {columns} from {relation})"


def require_equal(expected: Mapping[str, Content], actual: Mapping[str, Content], where: str) -> None:
    """Stop if a copy differs from its source.

    Raises
    ------
    DataError
        Naming the first table that differs, and how.
    """
    for table, wanted in expected.items():
        got = actual.get(table)
        if got == wanted:
            continue
        rows = "is missing" if got is None else f"has {got.rows} rows for {wanted.rows}, or other columns or values"
        raise DataError(f"{where}: {table} {rows}. Nothing was published. Is the disk full or failing?")


def sha256(file: Path) -> str:
    """Hash a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def column_rows(connection: duckdb.DuckDBPyConnection, name: str, columns: Content) -> list[dict[str, Any]]:
    """Give a table's columns with type and comment, for the manifest."""
    comments: dict[str, str | None] = dict(
        connection.execute("select column_name, comment from duckdb_columns() where table_name = ?", [name]).fetchall()
    )
    return [{"name": column, "type": kind, "description": comments.get(column)} for column, kind in columns.columns]
