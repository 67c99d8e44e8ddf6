#!/bin/sh
# Make what a machine lacks: `prepare.sh environment|assets|browser|load`.
# As root it asks apt; otherwise it says in a sentence what is missing.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*"; }

# Install Debian packages when root, else say what to install.
need() {
    why=$1
    shift
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        say "Installing $* (for $why)…"
        export DEBIAN_FRONTEND=noninteractive
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 || {
            apt-get update -qq >/dev/null
            apt-get install -y -qq --no-install-recommends "$@" >/dev/null
        }
    else
        say "Missing: $* (for $why). Install it (Debian: sudo apt-get install $*) and run make again." >&2
        exit 1
    fi
}

find_python() {
    for name in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
        if [ -n "$name" ] && command -v "$name" >/dev/null &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            command -v "$name"
            return
        fi
    done
    say "SIPAS needs Python 3.11 or newer; set PYTHON to its path." >&2
    exit 1
}

environment() {
    python=$(find_python)
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        need "the Python environment" python3-venv
    fi
    if [ ! -x .venv/bin/python ]; then
        say "Making the Python environment in .venv…"
        "$python" -m venv .venv
    fi
    say "Installing Python packages (locked, with hashes; a minute or two)…"
    # The lock is whole, so nothing is resolved: an older pip would look at newer releases of what
    # a package asks for with extras, and refuse them for want of a hash.
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps \
        --no-compile -r requirements-dev.txt
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps \
        --no-build-isolation -e .
    # On all cores, and our own too: each server that a test or the demo starts begins sooner.
    # Packages hold a few files for other versions of Python; those are not asked for.
    .venv/bin/python -m compileall -qq -j 0 .venv/lib app surveys analysis || true
    touch .venv/ready
}

assets() {
    say "Building styles and fonts from npm packages…"
    PATH="$PWD/.venv/bin:$PATH"
    export PATH
    npm ci --no-audit --no-fund --loglevel=error
    npm run --silent build
    touch .venv/assets
}

browser() {
    if [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null; then return; fi
    need "the browser tests" chromium
}

load() {
    if command -v wrk >/dev/null; then return; fi
    need "the load of make bench" wrk
}

"$1"
