"""Parse the dbt project with every warning as an error, unknown keys in YAML files included.

dbt checks YAML against its JSON schemas for some adapters only, and DuckDB is not among them. Adding it to the list
is the only way to have them checked; it is internal to dbt, so its absence fails here in words.
"""

import sys

from dbt import jsonschemas
from dbt.cli.main import dbtRunner

ADAPTERS = "_JSONSCHEMA_SUPPORTED_ADAPTERS"


def main() -> int:
    """Parse, and give the exit code."""
    module = getattr(jsonschemas, "jsonschemas", jsonschemas)
    supported = getattr(module, ADAPTERS, None)
    if supported is None:
        print(f"strict_parse: dbt no longer has jsonschemas.{ADAPTERS}; find its successor", file=sys.stderr)
        return 2
    setattr(module, ADAPTERS, type(supported)([*supported, "duckdb"]))
    result = dbtRunner().invoke(["--warn-error", "--quiet", "parse", "--no-partial-parse", *sys.argv[1:]])
    if result.exception is not None:
        print(f"strict_parse: {result.exception}", file=sys.stderr)
    return 0 if result.success else 1


if __name__ == "__main__":
    sys.exit(main())
