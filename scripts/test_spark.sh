#!/usr/bin/env bash
# What: the tests of the second engine: the same projects built on Spark and on DuckDB must give the same.
# Needs Java 17. One process, because starting Spark costs more than most models do.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v java >/dev/null && [ -z "${JAVA_HOME:-}" ]; then
    echo "test-spark: Java is missing. Install it (Debian: apt-get install openjdk-17-jre-headless), or set JAVA_HOME." >&2
    exit 2
fi
scripts/install.sh .venv-spark spark/requirements.lock
REQUIRE_SPARK=1 .venv-spark/bin/python -m pytest tests/python/spark -n 0 --timeout 1800 "$@"
