"""Pseudonyms: keyed HMACs, so that nobody without the key can tell which number or e-mail is behind one.

An unkeyed hash of a customer number is no protection: who knows the numbers hashes them all and compares. The key stays
in the environment or in a file, and is handed to DuckDB as a function; no SQL text ever holds it.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from dbt_segmentation.errors import ConfigError

# DuckDB evaluates the annotations of a function that it is given, and pyarrow's classes take no parameters at run time
if TYPE_CHECKING:
    Texts = pa.Array[Any] | pa.ChunkedArray[Any]
else:
    Texts = pa.Array

KEY_VARIABLE, FILE_VARIABLE = "SEG_HMAC_KEY", "SEG_HMAC_KEY_FILE"
SHORTEST_KEY = 32
# 128 of SHA-256's 256 bits: two of a billion people share them with probability 1e-21
PSEUDONYM_LENGTH = 32
# Only for demos on made-up or public data. Everybody knows it: it protects nothing.
DEMO_KEY = "demo key of dbt_segmentation, which protects nothing"
HOW_TO = (
    'Make one with `python -c "import secrets; print(secrets.token_hex(32))"`, keep it like a password, and give it '
    f"by the environment variable {KEY_VARIABLE}, or its file by {FILE_VARIABLE}"
)


def read_key(config: Mapping[str, object], environment: Mapping[str, str] = os.environ) -> bytes | None:
    """Find the key: in the environment, in the file that it names, or the demo's where the profile says so.

    Parameters
    ----------
    config : mapping
        The plugin's config in the profile: `key_file`, or `demo_key: true`. A key itself is never accepted there,
        because `dbt debug` prints what a profile holds.
    environment : mapping
        Environment variables.

    Returns
    -------
    bytes or None
        The key; None where nobody gave one.

    Raises
    ------
    ConfigError
        If the file can't be read, or the key is too short to be one. The message never holds the key.
    """
    key = environment.get(KEY_VARIABLE, "").strip()
    file = environment.get(FILE_VARIABLE, "").strip() or str(config.get("key_file") or "")
    if not key and file:
        try:
            key = Path(file).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"the pseudonym key can't be read from {file} ({type(error).__name__}). {HOW_TO}."
            ) from None
        if not key:
            raise ConfigError(f"{file} is empty and should hold the pseudonym key. {HOW_TO}.")
    if not key and config.get("demo_key") is True:
        key = DEMO_KEY
    if not key:
        return None
    if len(key) < SHORTEST_KEY:
        raise ConfigError(f"the pseudonym key has {len(key)} characters, and needs {SHORTEST_KEY} at least. {HOW_TO}.")
    return key.encode()


def pseudonyms(key: bytes, texts: Texts) -> Texts:
    """HMAC-SHA256 (RFC 2104) of each text under the key.

    Parameters
    ----------
    key : bytes
        The key.
    texts : pyarrow.Array of string, shape (n,)
        What to replace; null stays null.

    Returns
    -------
    pyarrow.Array of string, shape (n,)
        The first 128 bits of each, as 32 hexadecimal digits.
    """
    digest = hmac.digest
    return pa.array(
        [
            None
            if text is None
            else digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()[:PSEUDONYM_LENGTH]
            for text in texts.to_pylist()
        ],
        type=pa.string(),
    )
