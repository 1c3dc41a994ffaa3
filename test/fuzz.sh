#!/usr/bin/env bash
# Runs every fuzz target of the module for a while: test/fuzz.sh [TIME].
set -euo pipefail
cd "$(dirname "$0")/.."
time_each=${1:-1m}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
ran=0
failed=()

fuzz() { # fuzz PACKAGE TARGET
	# Minimising has a minute of its own by default: more than most runs last.
	go test -run '^$' -fuzz "^$2\$" -fuzztime "$time_each" -fuzzminimizetime 2s "$1" 2>&1 | tee "$log"
}

while IFS=: read -r file target; do
	package=./$(dirname "$file")
	echo "== $package $target ($time_each)"
	ran=$((ran + 1))
	if fuzz "$package" "$target"; then continue; fi
	# The go command sometimes takes its own deadline for a failure. Then there
	# is no failing input; a second run tells.
	if grep -q 'context deadline exceeded' "$log" && ! grep -q 'Failing input written' "$log" && fuzz "$package" "$target"; then
		continue
	fi
	failed+=("$package $target")
done < <(grep -rHoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . | sed 's/^\.\///; s/func //' | sort)
echo "fuzz: $ran targets, ${#failed[@]} with findings"
((ran > 0))
if ((${#failed[@]})); then
	printf '  %s\n' "${failed[@]}"
	exit 1
fi
