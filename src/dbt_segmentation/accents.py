"""Texts without accents, as DuckDB's strip_accents gives them, for engines that have no such function."""

from __future__ import annotations

import unicodedata

import pyarrow as pa

from dbt_segmentation.pseudonyms import Texts


def without_accents(texts: Texts) -> Texts:
    """Take accents and other marks off letters.

    Parameters
    ----------
    texts : pyarrow.Array of string, shape (n,)
        Any texts; null stays null.

    Returns
    -------
    pyarrow.Array of string, shape (n,)
        Letters that do not decompose (ø, œ) stay as they are.
    """
    return pa.array([None if text is None else _plain(text) for text in texts.to_pylist()], type=pa.string())


def _plain(text: str) -> str:
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if unicodedata.category(c)[0] != "M"))
