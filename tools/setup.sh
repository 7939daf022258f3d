#!/usr/bin/env bash
# Installs what work on Chandler needs, from the system's packages (Debian and its kin) and by the package managers of
# Java and Python. Does nothing that is done already. `setup.sh build`: Go and a C compiler with the C++ library. `setup.sh checks`: also
# what the tests and checks run: PostgreSQL, Java, Maven, Python, Poppler and the validators under .build.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-checks}
packages=()

have() { command -v "$1" >/dev/null 2>&1; }
need() { # need COMMAND PACKAGE...: the packages are installed when the command is missing
  have "$1" || packages+=("${@:2}")
}

install_packages() {
  [ ${#packages[@]} -gt 0 ] || return 0
  have apt-get || { echo "setup: please install what these Debian packages hold: ${packages[*]}" >&2; exit 1; }
  local root=()
  if [ "$(id -u)" != 0 ]; then
    have sudo || { echo "setup: as root: apt-get install ${packages[*]}" >&2; exit 1; }
    root=(sudo)
  fi
  echo "setup: installing ${packages[*]}"
  "${root[@]}" apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
  packages=()
}

have go || { echo "setup: Go 1.26 or newer is missing: install it from your system or from go.dev" >&2; exit 1; }
# DuckDB is linked as a static library of C++, so a C compiler needs the C++ library beside it, which g++ brings.
links_cpp() { echo 'int main(void){return 0;}' | "$(go env CC)" -x c - -o /dev/null -l"$([ "$(uname)" = Darwin ] && echo c++ || echo stdc++)" 2>/dev/null; }
links_cpp || packages+=(g++)
if [ "$what" = checks ]; then
  need mvn maven
  need javac default-jdk-headless
  need pdftotext poppler-utils
  have initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || packages+=(postgresql)
  python3 -c 'import ensurepip' 2>/dev/null || packages+=(python3 python3-venv)
fi
install_packages
[ "$what" = checks ] || exit 0

failed=0
test/einvoice/setup.sh || failed=1
test/focus/setup.sh || failed=1
[ $failed = 0 ] || { echo "setup: not everything could be installed" >&2; exit 1; }
echo "setup: everything is in place"
