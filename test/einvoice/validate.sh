#!/usr/bin/env bash
# Checks UBL documents (files or folders) against the UBL 2.1 schemas and the EN 16931 and Peppol schematron rules of
# $CHANDLER_TESTDATA/data/einvoice; first the published examples there must pass, and fail when broken.
# Every failed assertion is one tab-separated line: document, rules, flag, id, place, text.
# Exit codes: 0 no fatal fault, 1 at least one, 2 the check itself did not work.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=${CHANDLER_EINVOICE_BUILD:-$here/../../.build/einvoice}
data=${CHANDLER_TESTDATA:?set CHANDLER_TESTDATA to the folder with data/einvoice}/data/einvoice
[ -f "$build/stamp" ] || { echo "einvoice: run test/einvoice/setup.sh first" >&2; exit 2; }
controls=()
for example in "$data"/peppol_*.xml; do
  [ -f "$example" ] || { echo "einvoice: no published examples in $data" >&2; exit 2; }
  controls+=(--control "$example")
done
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx1g -cp "$build/classes:$build/lib/*" Validate --cache "$build/rules" \
  --rules "$data/CEN-EN16931-UBL.sch" --rules "$data/PEPPOL-EN16931-UBL.sch" "${controls[@]}" "$@"
