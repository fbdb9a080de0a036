#!/usr/bin/env bash
# Measures dsbuild beside its peers and prints the tables of doc/performance.md:
#
#	bench/run.sh PHOTOS [row ...]
#
# PHOTOS is a folder of JPEG files in folders for the classes. Rows are those of
# bench/peers/README.md; without any, all are measured, which takes some ten
# minutes. PEERS names the folder of the Python environment that holds the
# peers, ROUNDS how many turns each contestant has, and CLOCK=processor makes
# ratios of processor time, for a machine that does other work as well.
set -euo pipefail
if [ $# -lt 1 ] || [ ! -d "$1" ]; then
	echo "usage: bench/run.sh PHOTOS [row ...]" >&2
	exit 2
fi
photos=$(cd "$1" && pwd)
shift
cd "$(dirname "$0")/.."
peers=${PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/dsbuild-peers}

if [ ! -x "$peers/bin/python" ]; then
	python3 -m venv "$peers"
	"$peers/bin/pip" install -q -r bench/peers/requirements.txt >&2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
CGO_ENABLED=0 go build -o "$work/dsbuild" ./cmd/dsbuild

sed -n 's/^model name[^:]*: */processor: /p' /proc/cpuinfo 2>/dev/null | sort | uniq -c || true
PYTHONDONTWRITEBYTECODE=1 "$peers/bin/python" bench/peers/loader.py "${@:-all}" \
	--from "$photos" --dsbuild "$work/dsbuild" --rounds "${ROUNDS:-7}" \
	--clock "${CLOCK:-wall}" --markdown "$work/tables.md" >"$work/lines.jsonl"
cat "$work/tables.md"
printf "\n### versions\n"
echo
sed -n 's/.*"version": "\([^"]*\)".*/- \1/p' "$work/lines.jsonl" | grep -v '^- dsbuild$' | sort -u
