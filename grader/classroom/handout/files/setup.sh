#!/usr/bin/env bash
# Gradescope runs this once, as root and with a network, while it builds the image.
set -euo pipefail
umask 022
export DEBIAN_FRONTEND=noninteractive
source=/autograder/source
home=/opt/import-kata
version=@PYTHON@

apt-get update -qq
apt-get install -qq -y --no-install-recommends bubblewrap ca-certificates util-linux
python=$(command -v "python$version" || true)
if [ -z "$python" ] && apt-get install -qq -y --no-install-recommends "python$version" "python$version-venv"; then
    python=$(command -v "python$version")
fi
if [ -z "$python" ]; then # this system has no such version: a build of it from elsewhere
    apt-get install -qq -y --no-install-recommends python3-venv
    python3 -m venv "$home/uv"
    "$home/uv/bin/python" -m pip install --quiet uv
    "$home/uv/bin/uv" python install --install-dir "$home/pythons" "$version"
    python=$("$home/uv/bin/uv" python find --managed-python "$version")
fi

if [ -d "$source/wheels" ]; then
    export PIP_NO_INDEX=1 PIP_FIND_LINKS=$source/wheels
fi
"$python" -m venv "$home/venv"
"$home/venv/bin/python" -m pip install --quiet -c "$source/constraints.txt" "$source"/import_kata-*.whl
export KATA_CACHE=$home/cache
"$home/venv/bin/kata" --catalog "$source/catalogue" doctor --prepare
"$source/run_autograder" --try # grades what students start from, so that what is wrong here shows now
