#!/usr/bin/env bash
# What browsers get is built, committed and embedded. This builds it once more
# and complains when the committed files are not what the sources say.
set -euo pipefail
cd "$(dirname "$0")/.."
before=$(mktemp -d)
trap 'rm -rf "$before"' EXIT
built=(sdk/dist internal/web/assets/built)
for dir in "${built[@]}"; do
	mkdir -p "$before/$dir"
	cp -a "$dir/." "$before/$dir/"
done
npm run build --silent >"$before/log" 2>&1 || { cat "$before/log" >&2; exit 1; }
stale=
for dir in "${built[@]}"; do
	diff -rq "$before/$dir" "$dir" || stale=yes
done
if [ -n "$stale" ]; then
	echo "fresh: what is committed was not built from these sources: make web, then commit" >&2
	exit 1
fi
echo "fresh: what is committed is what the sources say"
