#!/usr/bin/env python3
"""Measures dsbuild beside the libraries that people decode and augment with.

    python bench/peers/loader.py plain --from photos --dsbuild ./dsbuild

prints a JSON line for each contestant and then a table. See README.md.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import contest
import material

TUNED = {"MALLOC_MMAP_THRESHOLD_": "1073741824", "MALLOC_TRIM_THRESHOLD_": "4294967296",
         "MALLOC_TOP_PAD_": "67108864"}  # glibc keeps memory that was given back

# For each row: the name of a peer, its module and function, and its environment.
ROWS = {
    "decode": [
        ("libjpeg-turbo (simplejpeg)", "with_turbo", "decode"),
        ("libjpeg-turbo, fast flags", "with_turbo", "decode_fast"),
        ("OpenCV", "with_opencv", "decode"),
        ("torchvision", "with_torch", "decode_tensor"),
        ("Pillow", "with_torch", "decode_pil"),
        ("TensorFlow", "with_tensorflow", "decode"),
    ],
    "progressive": [
        ("libjpeg-turbo (simplejpeg)", "with_turbo", "decode"),
        ("OpenCV", "with_opencv", "decode"),
        ("torchvision", "with_torch", "decode_tensor"),
        ("Pillow", "with_torch", "decode_pil"),
    ],
    "png": [
        ("OpenCV", "with_opencv", "decode"),
        ("torchvision", "with_torch", "decode_png"),
        ("Pillow", "with_torch", "decode_pil"),
    ],
    "plain": [
        ("torchvision v1, PIL", "with_torch", "v1_plain"),
        ("torchvision v2, tensors", "with_torch", "v2_plain"),
        ("albumentations", "with_opencv", "plain"),
        ("albumentations, tuned malloc", "with_opencv", "plain", TUNED),
        ("tf.data", "with_tensorflow", "plain"),
        ("DALI", "with_dali", "plain"),
    ],
    "jitter": [
        ("torchvision v1, PIL", "with_torch", "v1_jitter"),
        ("torchvision v2, tensors", "with_torch", "v2_jitter"),
        ("albumentations", "with_opencv", "jitter"),
        ("albumentations, tuned malloc", "with_opencv", "jitter", TUNED),
        ("tf.data", "with_tensorflow", "jitter"),
        ("DALI", "with_dali", "jitter"),
    ],
    "blur": [
        ("OpenCV", "with_opencv", "blur"),
        ("OpenCV, tuned malloc", "with_opencv", "blur", TUNED),
        ("albumentations", "with_opencv", "album_blur"),
        ("torchvision v1, PIL", "with_torch", "v1_blur"),
        ("torchvision v2, tensors", "with_torch", "v2_blur"),
    ],
    "randaugment": [
        ("torchvision v1, PIL", "with_torch", "v1_randaugment"),
        ("torchvision v2, tensors", "with_torch", "v2_randaugment"),
    ],
    "large": [
        ("torchvision v1, PIL", "with_torch", "v1_plain"),
        ("torchvision v2, tensors", "with_torch", "v2_plain"),
        ("albumentations, tuned malloc", "with_opencv", "large", TUNED),
        ("tf.data, crop and ratio", "with_tensorflow", "large"),
        ("tf.data, crop", "with_tensorflow", "large_unscaled"),
        ("DALI", "with_dali", "large"),
    ],
    "loader": [
        ("torchvision v1, PIL", "with_torch", "v1_loader"),
        ("torchvision v2, tensors", "with_torch", "v2_loader"),
        ("albumentations, tuned malloc", "with_opencv", "loader", TUNED),
        ("tf.data", "with_tensorflow", "loader"),
        ("DALI", "with_dali", "loader"),
    ],
}


def dsbuild_commands(row, options, folder):
    """Return the calls of dsbuild that stand beside the peers of a row, by their names."""
    def bench(what, *flags):
        return [options.dsbuild, "bench", what, "--from", str(folder), "--json", *flags]

    if row in ("decode", "progressive", "png"):
        return {"dsbuild": bench("decode", "--threads", "1")}
    if row == "blur":
        return {"dsbuild": bench("augment", "--threads", "1", "--transform",
                                 "gaussian_blur: {kernel_size: 9, p: 1}")}
    if row == "randaugment":
        return {"dsbuild": bench("augment", "--threads", "1", "--transform", "rand_augment")}
    augment = "jitter" if row == "jitter" or options.jitter else "plain"
    workers = options.workers if row == "loader" else 1
    loader = [options.dsbuild, "bench", "loader", "--json", "--augment", augment,
              "--workers", str(workers), "--batch", str(options.batch),
              "--epochs", str(options.epochs)]
    calls = {"dsbuild": [*loader, "--from", str(folder)],
             "dsbuild, from a pack": [*loader, "--dir", pack(options, folder), "--pack"]}
    if row == "loader":
        calls["dsbuild, RAM cache"] = [*loader, "--from", str(folder), "--cache"]
    return calls


def pack(options, folder):
    """Make a data set of a folder, with a pack, and return where it is."""
    to = f"{folder}-set"
    for command in (["import", "--from", str(folder)],
                    ["split", "--train", "1", "--val", "0", "--test", "0"],
                    ["pack"]):
        subprocess.run([options.dsbuild, *command, "--quiet", "--dir", to], check=True,
                       stdout=subprocess.DEVNULL)
    return to


def contestants(row, options, folder):
    """Start the processes of a row: dsbuild's first, then those of the peers."""
    cores = None if row == "loader" else [options.core]
    found = []
    if options.dsbuild:
        found = [contest.Dsbuild(name, command, cores)
                 for name, command in dsbuild_commands(row, options, folder).items()]
    for name, module, function, *environment in ROWS[row]:
        spec = {"module": module, "function": function, "folder": str(folder), "cores": cores,
                "workers": options.workers if row == "loader" else 1, "batch": options.batch,
                "jitter": options.jitter}
        found.append(contest.Peer(name, spec, {**THREADS, **allocator(options, environment)}))
    return found


def allocator(options, environment):
    """Return the environment of a peer: none, or one with a tuned allocator."""
    if environment and options.preload:
        return {"LD_PRELOAD": options.preload}
    return environment[0] if environment else {}


THREADS = {name: "1" for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}


def measure(row, options, scratch):
    """Run one row, print its lines and return them."""
    folder = pathlib.Path(scratch) / row
    if row == "large":
        material.make_large(options.source, folder, options.large_images)
    elif row == "progressive":
        material.write_again(options.source, folder, options.images, ".jpg", quality=90,
                             progressive=True)
    elif row == "png":
        material.write_again(options.source, folder, options.images, ".png")
    else:
        material.copy_some(options.source, folder, 0 if row == "loader" else options.images)
    entered = contestants(row, options, folder)
    try:
        answers, memory = contest.run(entered, options.rounds)
    finally:
        for peer in entered:
            peer.close()
    lines = []
    for peer in entered:
        line = {"row": row, "peer": peer.name, "version": peer.version}
        if peer.skipped:
            line["skipped"] = peer.skipped
        else:
            line |= contest.figures(answers[peer.name])
            line |= {"images_per_second": 1000 / line["ms"], "peak_pss_mb": memory[peer.name] / 1e6}
        print(json.dumps(line), flush=True)
        lines.append(line)
    return lines


CLOCKS = {"wall": "ms", "processor": "cpu_ms"}  # and which figures they decide by


def table(row, lines, clock):
    """Return a row's figures as a Markdown table with ratios to dsbuild's first."""
    key = CLOCKS[clock]
    ours = next((l[key] for l in lines if l["peer"] == "dsbuild" and key in l), None)
    text = [f"### {row}", "",
            "| | ms an image | median | processor ms | images/s | peak MB | times dsbuild |",
            "|---|---:|---:|---:|---:|---:|---:|"]
    for l in lines:
        if "skipped" in l:
            text.append(f"| {l['peer']} | skipped: {l['skipped']} | | | | | |")
            continue
        ratio = f"{l[key] / ours:.2f}" if ours else ""
        text.append(f"| {l['peer']} | {l['ms']:.3f} | {l['median_ms']:.3f} | {l['cpu_ms']:.3f} "
                    f"| {l['images_per_second']:.0f} | {l['peak_pss_mb']:.0f} | {ratio} |")
    return "\n".join(text) + "\n"


def summary(measured, clock):
    """Return a Markdown table of dsbuild beside the best peer of each row."""
    text = [f"### Summary, by {clock} time", "",
            "| row | dsbuild | ms an image | best peer | ms an image | times dsbuild |",
            "|---|---|---:|---|---:|---:|"]
    for row, lines in measured.items():
        key = CLOCKS[clock]
        lines = [l for l in lines if "skipped" not in l]
        peers = [l for l in lines if l["version"] != "dsbuild"]
        if not peers:
            continue
        best = min(peers, key=lambda l: l[key])
        for l in lines:
            if l["version"] == "dsbuild":
                text.append(f"| {row} | {l['peer']} | {l[key]:.3f} | {best['peer']} "
                            f"| {best[key]:.3f} | {best[key] / l[key]:.2f} |")
    return "\n".join(text) + "\n"


def parse(arguments):
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("rows", nargs="+", choices=[*ROWS, "all"], help="what to measure")
    p.add_argument("--from", dest="source", required=True, help="folder of JPEG files")
    p.add_argument("--dsbuild", help="the program; without it only peers are measured")
    p.add_argument("--images", type=int, default=256, help="pictures of the rows of one core")
    p.add_argument("--large-images", type=int, default=16, help="pictures of 12 megapixels")
    p.add_argument("--rounds", type=int, default=7, help="turns of each contestant")
    p.add_argument("--epochs", type=int, default=3, help="epochs of a turn of dsbuild's loader")
    p.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)),
                   help="workers of the row loader")
    p.add_argument("--batch", type=int, default=64, help="pictures of a batch")
    p.add_argument("--core", type=int, default=0, help="the core of the rows of one core")
    p.add_argument("--clock", choices=CLOCKS, default="wall",
                   help="what ratios are of: processor time where other programs run as well")
    p.add_argument("--jitter", action="store_true", help="the row loader changes colours as well")
    p.add_argument("--preload", help="allocator for the peers with a tuned one, instead of glibc's")
    p.add_argument("--markdown", help="file to write the tables to as well")
    return p.parse_args(arguments)


def main():
    options = parse(sys.argv[1:])
    rows = list(ROWS) if "all" in options.rows else options.rows
    measured = {}
    for row in rows:
        with tempfile.TemporaryDirectory(prefix="dsbuild-peers-") as scratch:
            measured[row] = measure(row, options, scratch)
    tables = [table(row, lines, options.clock) for row, lines in measured.items()]
    text = "\n".join([summary(measured, options.clock), *tables])
    print(text)
    if options.markdown:
        pathlib.Path(options.markdown).write_text(text)


if __name__ == "__main__":
    main()
