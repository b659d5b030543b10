# Sourced by scripts/demo and scripts/test: makes .venv hold textvae and what the caller asks for.
#
#   ensure_venv [EXTRA]     EXTRA is an extra of pyproject.toml, such as test
#
# Nothing is installed again while pyproject.toml stays the same. PYTHON names the interpreter to
# make the environment with (default: python3, which must be 3.11 or newer).

ensure_venv() {
    local extra=${1:-} python=${PYTHON:-python3} stamp wanted
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        echo "textvae needs Python 3.11 or newer; set PYTHON to one" >&2
        return 1
    fi
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    stamp=.venv/.installed${extra:+-$extra}
    wanted=$(cksum <pyproject.toml)
    if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
        echo "setting up .venv (the first time takes a few minutes) ..." >&2
        .venv/bin/python -m pip install --quiet --disable-pip-version-check \
            --editable ".${extra:+[$extra]}"
        echo "$wanted" >"$stamp"
    fi
}
