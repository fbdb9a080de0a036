#!/usr/bin/env bash
# Measures training steps and inference of dsbuild beside PyTorch, ONNX Runtime
# and OpenVINO, and prints the tables of doc/performance.md:
#
#	bench/train.sh [row ...]
#
# Rows are those of bench/peers/README.md, such as train-resnet18-16 or 'infer-*';
# without any, all are measured, which takes some half an hour. PEERS names the
# folder of the Python environment that holds the peers, ROUNDS how many turns each
# contestant has, and THREADS how many threads. On a machine that does other work as
# well, THREADS=1 CLOCK=processor tells what steps take of the processor.
set -euo pipefail
cd "$(dirname "$0")/.."
peers=${PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/dsbuild-peers-train}

if [ ! -x "$peers/bin/python" ]; then
	python3 -m venv "$peers"
	"$peers/bin/pip" install -q -r bench/peers/requirements-train.txt >&2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
CGO_ENABLED=0 go build -o "$work/dsbuild" ./cmd/dsbuild

PYTHONDONTWRITEBYTECODE=1 "$peers/bin/python" bench/peers/train.py "$@" \
	--dsbuild "$work/dsbuild" --rounds "${ROUNDS:-5}" --threads "${THREADS:-$(nproc)}" \
	--clock "${CLOCK:-wall}" --markdown "$work/tables.md" >"$work/lines.jsonl"
grep '"skipped"' "$work/lines.jsonl" >&2 || true
cat "$work/tables.md"
