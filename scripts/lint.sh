#!/usr/bin/env bash
# What: every static check, in .venv-lint: ruff, mypy, strict dbt parsing, sqlfluff through dbt's own templater.
# Runs all of them, then fails if any of them did. Touches no database of yours: dbt gets one in a temporary directory.
set -uo pipefail
cd "$(dirname "$0")/.."

scripts/install.sh .venv-lint lint/requirements.lock || exit $?

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
export SEG_DUCKDB_PATH="$scratch/lint.duckdb" DBT_TARGET_PATH="$scratch/target" DBT_LOG_PATH="$scratch/logs"
export DBT_SEND_ANONYMOUS_USAGE_STATS=false DO_NOT_TRACK=1
bin=.venv-lint/bin
failed=()

check() { # check NAME COMMAND...
    local name="$1" start=$SECONDS
    shift
    if "$@"; then
        echo "lint: $name ok ($((SECONDS - start)) s)"
    else
        echo "lint: $name FAILED" >&2
        failed+=("$name")
    fi
}

check "ruff check" $bin/ruff check .
check "ruff format" $bin/ruff format --check .
check "mypy" $bin/mypy
check "dbt parse" $bin/python scripts/strict_parse.py
check "sqlfluff" $bin/sqlfluff lint models --processes 2 --disable-progress-bar
check "locks" scripts/lock.sh --check

if [ ${#failed[@]} -gt 0 ]; then
    echo "lint: failed: ${failed[*]}" >&2
    exit 1
fi
