"""Texts without accents, against DuckDB's own function."""

from __future__ import annotations

import unicodedata

import duckdb
import pyarrow as pa

from dbt_segmentation.accents import without_accents


def test_every_assigned_character_is_as_duckdb_strips_it() -> None:
    # what a newer Unicode than Python's has assigned since, DuckDB may know
    characters = [chr(code) for code in range(1, 0x110000) if unicodedata.category(chr(code)) not in ("Cs", "Cn")]
    texts = pa.array([*characters, *(f"a{character}z" for character in characters[:5000]), "", None])
    table = pa.table({"text": texts})
    with duckdb.connect() as connection:
        connection.register("texts", table)
        expected = [row[0] for row in connection.execute("select strip_accents(text) from texts").fetchall()]

    found = without_accents(texts).to_pylist()

    assert [
        (text, one, two) for text, one, two in zip(texts.to_pylist(), found, expected, strict=True) if one != two
    ] == []
    assert without_accents(pa.array(["Éléonore", "Ørsted"])).to_pylist() == ["Eleonore", "Ørsted"]
