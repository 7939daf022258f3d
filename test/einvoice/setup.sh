#!/usr/bin/env bash
# Installs the e-invoice validator under .build/einvoice (ignored by git): libraries by Maven as pom.xml pins them, and
# the compiled runner. Does nothing when that is done already. Needs Java 17 and mvn.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=${CHANDLER_EINVOICE_BUILD:-$here/../../.build/einvoice}
want=$(cat "$here/pom.xml" "$here/Validate.java" "$here/Schemas.java" "$here/setup.sh" | sha256sum | cut -c1-64)
if [ "$(cat "$build/stamp" 2>/dev/null)" = "$want" ]; then
  echo "einvoice: validator is in place"
  exit 0
fi
for tool in mvn java javac; do
  command -v "$tool" >/dev/null || { echo "einvoice: $tool is missing (Java 17 and Maven are needed)" >&2; exit 1; }
done
mkdir -p "$build"
rm -rf "$build/lib" "$build/classes" "$build/stamp"
mvn -B -q -f "$here/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
  -DincludeScope=runtime -DoutputDirectory="$build/lib"
javac -Xlint:all -d "$build/classes" -cp "$build/lib/*" "$here/Validate.java" "$here/Schemas.java"
echo "$want" >"$build/stamp"
echo "einvoice: validator installed"
