#!/usr/bin/env bash
# Runs every fuzz target of the module for a while: test/fuzz.sh [TIME].
set -euo pipefail
cd "$(dirname "$0")/.."
time_each=${1:-1m}
ran=0
failed=()
while IFS=: read -r file target; do
	package=./$(dirname "$file")
	echo "== $package $target ($time_each)"
	ran=$((ran + 1))
	go test -run '^$' -fuzz "^$target\$" -fuzztime "$time_each" "$package" || failed+=("$package $target")
done < <(grep -rHoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . | sed 's/^\.\///; s/func //')
echo "fuzz: $ran targets, ${#failed[@]} with findings"
((ran > 0))
if ((${#failed[@]})); then
	printf '  %s\n' "${failed[@]}"
	exit 1
fi
