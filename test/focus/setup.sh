#!/usr/bin/env bash
# Installs the FinOps Foundation's focus-validator under .build/focus (ignored by git), as requirements.txt pins it. Does
# nothing when that is done already. Needs Python 3.12 or newer, which the validator's FOCUS 1.2 rules ask for.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=${CHANDLER_FOCUS_BUILD:-$here/../../.build/focus}
want=$(cat "$here/requirements.txt" "$here/setup.sh" | sha256sum | cut -c1-64)
if [ "$(cat "$build/stamp" 2>/dev/null)" = "$want" ]; then
  echo "focus: validator is in place"
  exit 0
fi
# newer than 3.13 has no numpy 1.26, which the validator asks for
fits() { "$1" -c 'import sys; sys.exit(not (3, 12) <= sys.version_info < (3, 14))' 2>/dev/null; }
candidates=(python3.12 python3.13 python3)
if command -v pyenv >/dev/null; then # versions that are installed but not chosen
  while read -r version; do
    candidates+=("$(pyenv prefix "$version")/bin/python3")
  done < <(pyenv versions --bare | grep -E '^3\.1[23]\.[0-9]+$' || true)
fi
python=
for candidate in "${candidates[@]}"; do
  if fits "$candidate"; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || { echo "focus: Python 3.12 or 3.13 is missing" >&2; exit 1; }
rm -rf "$build"
mkdir -p "$build"
"$python" -m venv "$build/venv"
"$build/venv/bin/python" -m pip install --quiet --disable-pip-version-check --prefer-binary --no-deps -r "$here/requirements.txt"
(cd "$build" && venv/bin/focus-validator --supported-versions --block-download) # it leaves a log where it stands
echo "$want" >"$build/stamp"
echo "focus: validator installed"
