#!/usr/bin/env bash
# What: a virtual environment with exactly what a lock names, and this package in it (editable).
# Use:  scripts/install.sh [VENV] [LOCK], by default .venv and requirements.lock.
# Needs Python 3.11 to 3.13 with venv (PYTHON=... picks one) and a package index that pip can reach. Done before
# with the same lock and Python: does nothing. No address is written here: pip's own settings decide where from.
set -euo pipefail
cd "$(dirname "$0")/.."

venv="${1:-.venv}"
lock="${2:-requirements.lock}"
stamp="$venv/.installed"

say() { printf '%s\n' "install: $*" >&2; }
fail() { say "$*"; exit 2; }

usable() { # usable PYTHON: a supported version that can make a virtual environment
    "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3 python}; do
        if usable "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    fail "no Python 3.11, 3.12 or 3.13 with the venv module found${PYTHON:+ at $PYTHON}." \
        "Install one (Debian: apt-get install python3 python3-venv), or set PYTHON to its path."
}

fingerprint() { # of everything that decides what ends up in the environment
    "$venv/bin/python" - "$lock" pyproject.toml scripts/install.sh <<'PYTHON'
import hashlib, pathlib, sys

digest = hashlib.sha256(f"{sys.version} {pathlib.Path.cwd()}".encode())
for path in sys.argv[1:]:
    digest.update(pathlib.Path(path).read_bytes())
print(digest.hexdigest())
PYTHON
}

[ -f "$lock" ] || fail "$lock is missing; it belongs to the repository"

if ! usable "$venv/bin/python"; then
    python="$(find_python)"
    say "creating $venv with $("$python" --version)"
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi

if [ "$(cat "$stamp" 2>/dev/null || true)" = "$(fingerprint)" ]; then
    say "$venv is up to date"
    exit 0
fi
rm -f "$stamp"

# uv installs in seconds what takes pip minutes. It is pinned by the same lock, and reads pip's index and certificate
# from here, because it doesn't know pip's settings.
pip() { "$venv/bin/python" -m pip --disable-pip-version-check "$@"; }
setting() { pip config get "global.$1" 2>/dev/null || true; }
index="${PIP_INDEX_URL:-$(setting index-url)}"
certificate="${PIP_CERT:-$(setting cert)}"
[ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
[ -z "$certificate" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-$certificate}"

pinned="$(mktemp)"
trap 'rm -f "$pinned"' EXIT
awk '/^uv==/ { inside = 1 } inside { print } inside && !/\\$/ { exit }' "$lock" >"$pinned"
say "installing $(head -n 1 "$pinned" | cut -d ' ' -f 1)"
pip install --quiet --require-hashes --no-deps -r "$pinned" || fail "pip could not install uv; see its message above"

say "installing $(grep -c '^[a-zA-Z0-9]' "$lock") packages from $lock"
uv=("$venv/bin/uv" pip install --python "$venv/bin/python")
if ! "${uv[@]}" --require-hashes -r "$lock" >&2; then
    say "uv could not; trying the same with pip, which takes some minutes"
    pip install --require-hashes --no-deps -r "$lock" >&2 || fail "the packages could not be installed; see the message above"
fi

say "installing this package"
pip install --quiet --no-deps --no-build-isolation --no-index --editable . >&2 || fail "this package could not be installed"
fingerprint >"$stamp"
say "done: $venv"
