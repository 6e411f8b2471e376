"""The dbt-duckdb plugin: functions that DuckDB lacks, registered on each connection that dbt opens.

In a profile:

    plugins:
      - module: dbt_segmentation.duckdb_plugin

`seg_hmac(text)` is there only where a key was given (see `pseudonyms`): without one the run stops at its start.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from duckdb.func import ARROW, SPECIAL

from dbt_segmentation.errors import ConfigError
from dbt_segmentation.phones import phone_e164
from dbt_segmentation.pseudonyms import Texts, pseudonyms, read_key


class Plugin(BasePlugin):  # type: ignore[misc]
    """Named by dbt-duckdb."""

    def initialize(self, config: dict[str, Any]) -> None:
        """Read the key once."""
        try:
            self._key = read_key(config)
        except ConfigError as error:
            raise DbtRuntimeError(f"seg config: {error}") from None

    def configure_connection(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Register the functions. Null goes in and comes out."""
        functions: dict[str, tuple[Callable[..., Texts], int]] = {"seg_phone_e164": (phone_e164, 2)}
        if self._key is not None:
            functions["seg_hmac"] = (partial(pseudonyms, self._key), 1)
        for name, (function, arguments) in functions.items():
            connection.create_function(
                name, function, ["VARCHAR"] * arguments, "VARCHAR", type=ARROW, null_handling=SPECIAL
            )
