#!/usr/bin/env bash
# Runs every fuzz target of the module for the time given, one after the other, and fails when it finds none.
# What breaks a target is written below its package's testdata/fuzz: commit it with the fix.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${1:-30s}
count=0
while IFS=: read -r file target; do
  echo "== $(dirname "$file") $target"
  go test "./$(dirname "$file")" -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 2s
  count=$((count + 1))
done < <(grep -roE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' cmd internal | sed 's/func //' | sort)
[ "$count" -gt 0 ] || { echo "fuzz: no target was found" >&2; exit 1; }
echo "fuzz: $count targets, $time each"
