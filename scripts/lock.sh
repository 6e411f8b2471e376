#!/usr/bin/env bash
# What: writes requirements.lock, lint/requirements.lock and spark/requirements.lock, hash-pinned, for Python 3.11 to 3.13, without any index address.
# When: after a change of dependencies in pyproject.toml or lint/requirements.in. `--upgrade` moves every pin;
#       `--check` (CI) fails when a lock no longer satisfies what is declared, and changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

mode="${1:-}"
case "$mode" in
    "" | --check | --upgrade) ;;
    *) echo "usage: scripts/lock.sh [--check | --upgrade]" >&2; exit 2 ;;
esac

uv=".venv/bin/uv"
[ -x "$uv" ] || uv=".venv-lint/bin/uv"
[ -x "$uv" ] || uv="$(command -v uv || true)"
[ -n "$uv" ] || { echo "lock: uv not found; run 'make install' first" >&2; exit 2; }

compile() { # compile OUT SOURCE [OPTION...]
    local out="$1"
    shift
    # An existing lock at OUT is read first, so that nothing moves unless it must.
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-emit-find-links --no-header --no-annotate --output-file "$out" "$@"
}

locks=(requirements.lock lint/requirements.lock spark/requirements.lock)

# The extra `bench` is left out: what benchmarks compare with is not needed to work here.
build() { # build DIRECTORY [OPTION...]: every lock, inside DIRECTORY
    local directory="$1"
    shift
    compile "$directory/requirements.lock" pyproject.toml --extra drift --extra demo --extra dev "$@"
    compile "$directory/lint/requirements.lock" pyproject.toml lint/requirements.in --extra drift "$@"
    compile "$directory/spark/requirements.lock" pyproject.toml --extra spark --extra demo --extra dev "$@"
}

if [ "$mode" != --check ]; then
    build . ${mode:+"$mode"}
    exit 0
fi

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/lint" "$scratch/spark"
for lock in "${locks[@]}"; do
    [ -f "$lock" ] || { echo "lock: $lock is missing; run scripts/lock.sh" >&2; exit 1; }
    cp "$lock" "$scratch/$lock"
done
build "$scratch"
for lock in "${locks[@]}"; do
    if ! diff -u "$lock" "$scratch/$lock" >&2; then
        echo "lock: $lock is out of date; run scripts/lock.sh and commit the result" >&2
        exit 1
    fi
done
echo "lock: all are current"
