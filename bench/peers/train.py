#!/usr/bin/env python3
"""Measures training steps and inference of dsbuild beside PyTorch and others.

    python bench/peers/train.py train-resnet18-4 'infer-*' --dsbuild ./dsbuild

prints a JSON line for each contestant and then tables. See README.md.
"""

import argparse
import fnmatch
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

import contest
import nets

TUNED = {"MALLOC_MMAP_THRESHOLD_": "1073741824", "MALLOC_TRIM_THRESHOLD_": "4294967296",
         "MALLOC_TOP_PAD_": "67108864"}  # glibc keeps memory that was given back

# For each row: what is done, the network, the batch, and the steps of a turn.
ROWS = {f"{kind}-{model}-{batch}": (kind, model, batch, steps) for kind, model, batch, steps in [
    ("train", "cnn", 128, 30),
    ("train", "resnet18", 4, 10),
    ("train", "resnet18", 16, 10),
    ("train", "vgg16", 4, 10),
    ("train", "mobilenet_v2", 8, 10),
    ("infer", "resnet18", 1, 50),
    ("infer", "resnet18", 16, 10),
    ("infer", "vgg16", 1, 20),
    ("infer", "vgg16", 16, 5),
    ("infer", "mobilenet_v2", 1, 100),
    ("infer", "mobilenet_v2", 16, 20),
]}

# For each kind: the name of a peer, its function, its precision, and whether it is tuned.
PEERS = {
    "train": [
        ("PyTorch as it comes", "train_torch", "f32", False),
        ("PyTorch tuned", "train_torch", "f32", True),
        ("PyTorch tuned, bf16", "train_torch", "bf16", True),
    ],
    "infer": [
        ("PyTorch as it comes", "infer_torch", "f32", False),
        ("PyTorch tuned", "infer_torch", "f32", True),
        ("PyTorch tuned, bf16", "infer_torch", "bf16", True),
        ("ONNX Runtime", "infer_onnxruntime", "f32", False),
        ("OpenVINO", "infer_openvino", "f32", False),
        ("OpenVINO, bf16", "infer_openvino", "bf16", False),
    ],
}
OURS = {"dsbuild": [], "dsbuild, exact": ["--exact"], "dsbuild, bf16": ["--precision", "bf16"]}

# For each precision: dsbuild's ways, and the peers that they stand against.
TABLES = {
    "f32": (["dsbuild", "dsbuild, exact"],
            ["PyTorch as it comes", "PyTorch tuned", "ONNX Runtime", "OpenVINO"]),
    "bf16": (["dsbuild, bf16"], ["PyTorch tuned, bf16", "OpenVINO, bf16"]),
}
TITLES = {"train": "Training, ms a step", "infer": "Inference, ms a batch"}


def contestants(row, options, scratch):
    """Start the processes of a row: dsbuild's first, then those of the peers."""
    kind, model, batch, steps = ROWS[row]
    found = []
    if options.dsbuild:
        shape = "x".join(map(str, nets.image_shape(model)))
        command = [options.dsbuild, "bench", kind, "--json", "--model", model, "--input", shape,
                   "--batch", str(batch), "--threads", str(options.threads),
                   "--steps", str(max(steps, 10))]
        found = [contest.Dsbuild(name, [*command, *flags], None) for name, flags in OURS.items()]
    spec = {"model": model, "batch": batch, "steps": steps, "threads": options.threads,
            "warm": min(steps, 5), "onnx": str(pathlib.Path(scratch) / f"{model}-{batch}.onnx")}
    for name, function, precision, tuned in PEERS[kind]:
        if not fnmatch.fnmatch(name, options.peers):
            continue
        if function in ("infer_onnxruntime", "infer_openvino"):
            export(spec)
        own = spec | {"function": function, "precision": precision, "tuned": tuned}
        threads = {"OMP_NUM_THREADS": str(options.threads)}
        found.append(contest.Peer(name, own, threads | (TUNED if tuned else {}), "steps.py"))
    return found


def export(spec):
    """Write the ONNX file of a row, unless it is there."""
    if not os.path.exists(spec["onnx"]):
        subprocess.run([sys.executable, contest.HERE / "nets.py", spec["model"],
                        str(spec["batch"]), spec["onnx"]], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)


CLOCKS = {"wall": "ms", "processor": "cpu_ms"}  # and what they read


def turns(entered, rounds, clock):
    """Let all take turns; return for each its answers, one a round."""
    answers = {peer.name: [] for peer in entered}
    for _ in range(rounds):
        for peer in entered:
            if peer.skipped:
                continue
            answer = peer.turn()
            if answer.get("skipped"):
                peer.skipped = answer["skipped"]
                continue
            answer["ms"] = answer.get(CLOCKS[clock]) or answer["step_ms"]
            answers[peer.name].append(answer)
            time.sleep(0.3)  # a peer's idle threads come to rest
    return answers


def measure(row, options):
    """Run one row, print its lines and return them by name."""
    kind, model, batch, _ = ROWS[row]
    with tempfile.TemporaryDirectory(prefix="dsbuild-peers-") as scratch:
        entered = []
        try:
            entered = contestants(row, options, scratch)
            answers = turns(entered, options.rounds, options.clock)
        finally:
            for peer in entered:
                peer.close()
    lines = {}
    for peer in entered:
        line = {"row": row, "peer": peer.name, "version": peer.version, "model": model,
                "batch": batch, "threads": options.threads}
        if peer.skipped:
            line["skipped"] = peer.skipped
        else:
            line |= figures(kind, peer, answers)
        print(json.dumps(line), flush=True)
        lines[peer.name] = line
    return lines


def figures(kind, peer, answers):
    """Return the medians over the rounds, and the median of each round's ratios."""
    own = answers[peer.name]
    keys = ["ms", "forward_ms", "backward_ms", "update_ms"] if kind == "train" else ["ms"]
    found = {key: statistics.median(a[key] for a in own) for key in keys}
    found["least_ms"] = min(a.get("least_ms", a["ms"]) for a in own)
    if "peak_mb" in own[0]:
        found["peak_mb"] = max(a["peak_mb"] for a in own)
    if base := getattr(peer, "first", {}).get("base_mb"):
        found["base_mb"] = base
    found["ratios"] = {
        other: statistics.median(a["ms"] / b["ms"] for a, b in zip(own, theirs))
        for other, theirs in answers.items() if theirs and other != peer.name}
    return found


def ratio(lines, ours, rivals):
    """Return "0.93 of PyTorch tuned" for one of dsbuild's ways, against its best rival."""
    rivals = [r for r in rivals if "ms" in lines.get(r, {})]
    if not rivals or "ms" not in lines.get(ours, {}):
        return ""
    best = min(rivals, key=lambda r: lines[r]["ms"])
    return f"{lines[ours]['ratios'][best]:.2f} of {best}"


def summary(kind, precision, measured):
    """Return a Markdown table: a line for each row, a column for each contestant."""
    rows = {row: lines for row, lines in measured.items() if ROWS[row][0] == kind}
    ours, rivals = ([name for name in names if any("ms" in l.get(name, {}) for l in rows.values())]
                    for names in TABLES[precision])
    if not ours and not rivals:
        return ""
    takes = ["dsbuild takes", "exact takes"][:len(ours)]
    text = [f"### {TITLES[kind]}, {precision}", "",
            "| network, batch | " + " | ".join(ours + rivals + takes) + " |",
            "|---|" + "---:|" * (len(ours) + len(rivals)) + "---|" * len(takes)]
    for row, lines in rows.items():
        _, model, batch, _ = ROWS[row]
        cells = [f"{lines[n]['ms']:.1f}" if "ms" in lines.get(n, {}) else ""
                 for n in ours + rivals]
        cells += [ratio(lines, n, rivals) for n in ours]
        text.append(f"| {model}, {batch} | " + " | ".join(cells) + " |")
    return "\n".join(text) + "\n"


def details(row, lines):
    """Return a Markdown table of the parts of a training step and its memory."""
    text = [f"### {row}", "",
            "| | step ms | least | forward | backward | update | peak MB | without libraries |",
            "|---|---:|---:|---:|---:|---:|---:|---:|"]
    for name, l in lines.items():
        if "skipped" in l:
            text.append(f"| {name} | skipped: {l['skipped']} | | | | | | |")
            continue
        times = [l[key] for key in ("ms", "least_ms", "forward_ms", "backward_ms", "update_ms")]
        text.append(f"| {name} | " + " | ".join(f"{t:.1f}" for t in times) +
                    f" | {l['peak_mb']:.0f} | {l['peak_mb'] - l.get('base_mb', 0):.0f} |")
    return "\n".join(text) + "\n"


def machine(options):
    """Return a line about the processor, and what was counted."""
    name, cpuinfo = platform.processor(), pathlib.Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [l.split(":", 1)[1].strip() for l in cpuinfo.read_text().splitlines()
                 if l.startswith("model name")]
        name = names[0] if names else name
    return (f"{name}, {len(os.sched_getaffinity(0))} cores; threads: {options.threads}; "
            f"clock: {options.clock}; rounds: {options.rounds}\n")


def versions(measured):
    """Return a list of the peers' versions."""
    found = {l["version"] for lines in measured.values() for l in lines.values() if l["version"]}
    return "\n".join(f"- {v}" for v in sorted(found - {"dsbuild"})) + "\n"


def chosen(patterns):
    """Return the rows that fit any of the patterns, in order."""
    rows = [row for row in ROWS if any(fnmatch.fnmatch(row, p) for p in patterns)]
    if not rows:
        raise SystemExit(f"no row is called {' or '.join(patterns)}: there are {', '.join(ROWS)}")
    return rows


def parse(arguments):
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("rows", nargs="*", default=["*"], metavar="ROW",
                   help=f"what to measure, with * and ?; default all of {', '.join(ROWS)}")
    p.add_argument("--dsbuild", help="the program; without it only peers are measured")
    p.add_argument("--peers", default="*", help="names of the peers to run, with * and ?")
    p.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    p.add_argument("--rounds", type=int, default=5, help="turns of each contestant")
    p.add_argument("--clock", choices=CLOCKS, default="wall",
                   help="whose milliseconds count: for a machine that does other work as well, "
                        "the processor's with --threads 1")
    p.add_argument("--markdown", help="file to write the tables to as well")
    return p.parse_args(arguments)


def main():
    options = parse(sys.argv[1:])
    measured = {row: measure(row, options) for row in chosen(options.rows)}
    kinds = [kind for kind in PEERS if any(ROWS[row][0] == kind for row in measured)]
    text = "\n".join([
        machine(options), versions(measured),
        *(summary(kind, precision, measured) for kind in kinds for precision in TABLES),
        *(details(row, lines) for row, lines in measured.items() if ROWS[row][0] == "train")])
    print(text)
    if options.markdown:
        pathlib.Path(options.markdown).write_text(text)


if __name__ == "__main__":
    main()
