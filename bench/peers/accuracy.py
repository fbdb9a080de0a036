#!/usr/bin/env python3
"""Trains dsbuild's default network on a data set beside PyTorch, and tells how long both take.

    python bench/peers/accuracy.py --dir pets --dsbuild ./dsbuild --reach 0.97

PyTorch gets the settings that dsbuild chose: the same network, split, sizes, augmentation,
optimizer, schedule and number of epochs. Prints a JSON line for each contestant and then a
table. See README.md.
"""

import argparse
import json
import os
import pathlib
import struct
import subprocess
import sys
import time

TUNED = {"MALLOC_MMAP_THRESHOLD_": "1073741824", "MALLOC_TRIM_THRESHOLD_": "4294967296",
         "MALLOC_TOP_PAD_": "67108864"}  # glibc keeps memory that was given back


def settings(checkpoint):
    """Return the settings that a checkpoint of dsbuild holds."""
    with open(checkpoint, "rb") as file:
        size, = struct.unpack("<Q", file.read(8))
        return json.loads(json.loads(file.read(size))["__metadata__"]["settings"])


def train_dsbuild(options):
    """Train, and return the validation accuracy after each epoch with the seconds from the start,
    the accuracy on the test split and the seconds of all."""
    command = [options.dsbuild, "--dir", options.dir, "--json", "--quiet"]
    run = ["--run", options.run]
    began, epochs = time.perf_counter(), []
    more = ["--seed", str(options.seed), "--threads", str(options.threads)]
    with subprocess.Popen([*command, "train", *run, *more], stdout=subprocess.PIPE,
                          text=True) as process:
        for line in process.stdout:
            answer = json.loads(line)
            if "val_accuracy" in answer:
                epochs.append((time.perf_counter() - began, answer["val_accuracy"]))
    if process.returncode:
        sys.exit("dsbuild train has failed")
    seconds = time.perf_counter() - began
    test = json.loads(subprocess.check_output([*command, "eval", *run], text=True))
    return {"epochs": epochs, "test": test["accuracy"], "seconds": seconds}


def samples(root, split, classes):
    """Return the paths and labels of a split."""
    lines = (pathlib.Path(root) / "manifests" / f"{split}.jsonl").read_text().splitlines()
    found = map(json.loads, lines)
    return [(str(pathlib.Path(root) / s["file_name"]), classes.index(s["label"])) for s in found]


def pipelines(chosen):
    """Return what training and what other images go through: dsbuild's defaults."""
    import torch
    from torchvision.transforms import InterpolationMode, v2

    m, norm = chosen["model"], chosen["normalization"]
    size = (m["YDim"], m["XDim"])
    end = [v2.ToImage(), v2.ToDtype(torch.float32, scale=True),
           v2.Normalize(norm["mean"], norm["std"])]
    jitter = [v2.ColorJitter(0.3, 0.3, 0.3, 0.02)] if m["Channels"] == 3 else []
    crop = v2.RandomResizedCrop(size, scale=(0.6, 1), ratio=(0.85, 1 / 0.85))
    turn = v2.RandomRotation(10, InterpolationMode.BILINEAR)
    return (v2.Compose([crop, turn, *jitter, *end]),
            v2.Compose([v2.Resize(min(size)), v2.CenterCrop(size), *end]))


def loaders(root, chosen, threads):
    """Return the loaders of the training, validation and test split."""
    import torch
    from PIL import Image

    mode = "L" if chosen["model"]["Channels"] == 1 else "RGB"
    training, plain = pipelines(chosen)

    class Images(torch.utils.data.Dataset):
        def __init__(self, split, pipeline):
            self.samples, self.pipeline = samples(root, split, chosen["classes"]), pipeline

        def __len__(self):
            return len(self.samples)

        def __getitem__(self, i):
            path, label = self.samples[i]
            with Image.open(path) as image:
                return self.pipeline(image.convert(mode)), label

    def loader(split, pipeline):
        return torch.utils.data.DataLoader(
            Images(split, pipeline), chosen["batch_size"], shuffle=split == "train",
            num_workers=threads, persistent_workers=True)

    return loader("train", training), loader("val", plain), loader("test", plain)


def network(m):
    """Return dsbuild's cnn."""
    from torch import nn

    layers, channels, sides = [], m["Channels"], [m["YDim"], m["XDim"]]
    drop = (lambda: [nn.Dropout(m["Dropout"])]) if m["Dropout"] > 0 else list
    for out in m["CDims"]:
        layers += [nn.Conv2d(channels, out, m["KSize"], padding=m["KSize"] // 2),
                   nn.BatchNorm2d(out), nn.ReLU(), nn.MaxPool2d(2), *drop()]
        channels, sides = out, [side // 2 for side in sides]
    layers.append(nn.Flatten())
    features = channels * sides[0] * sides[1]
    for out in m["HDims"]:
        norm = [nn.BatchNorm1d(out)] if m["HNorm"] else []
        layers += [nn.Linear(features, out), *norm, nn.ReLU(), *drop()]
        features = out
    return nn.Sequential(*layers, nn.Linear(features, m["Classes"]))


def optimizer(net, chosen, steps):
    """Return the optimizer and the schedule for so many steps an epoch."""
    import torch

    if chosen["optimizer"] != "adamw" or chosen["schedule"] != "one-cycle":
        sys.exit(f"{chosen['optimizer']} under {chosen['schedule']} is not compared here")
    kernels = [p for p in net.parameters() if p.dim() > 1]
    others = [p for p in net.parameters() if p.dim() == 1]
    adam = torch.optim.AdamW([{"params": kernels, "weight_decay": chosen["weight_decay"]},
                              {"params": others, "weight_decay": 0}], lr=chosen["learning_rate"])
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        adam, chosen["learning_rate"], total_steps=chosen["epochs"] * steps,
        pct_start=chosen["warmup"] / chosen["epochs"], cycle_momentum=False)
    return adam, cycle


def accuracy(net, loader, form):
    """Return the share of images that a network tells right."""
    import torch

    net.eval()
    right = total = 0
    with torch.inference_mode():
        for images, labels in loader:
            right += (net(images.to(memory_format=form)).argmax(1) == labels).sum().item()
            total += len(labels)
    return right / total


def train_torch(options, tuned):
    """Do with PyTorch what train_dsbuild does."""
    import copy

    import torch

    chosen = settings(pathlib.Path(options.dir) / "runs" / options.run / "best.safetensors")
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    form = torch.channels_last if tuned else torch.contiguous_format
    began, epochs, best, at = time.perf_counter(), [], None, 0
    training, validation, test = loaders(options.dir, chosen, options.threads)
    net = network(chosen["model"]).to(memory_format=form)
    loss = torch.nn.CrossEntropyLoss(label_smoothing=chosen["label_smoothing"])
    adam, cycle = optimizer(net, chosen, len(training))
    for epoch in range(chosen["epochs"]):
        net.train()
        for images, labels in training:
            adam.zero_grad()
            loss(net(images.to(memory_format=form)), labels).backward()
            adam.step()
            cycle.step()
        now = accuracy(net, validation, form)
        epochs.append((time.perf_counter() - began, now))
        if best is None or now > max(a for _, a in epochs[:-1]):
            best, at = copy.deepcopy(net.state_dict()), epoch
        if epoch - at >= chosen["patience"]:
            break
    seconds = time.perf_counter() - began
    net.load_state_dict(best)
    return {"epochs": epochs, "test": accuracy(net, test, form), "seconds": seconds}


def processor_seconds():
    """Return the processor time of the processes that this one has waited for."""
    times = os.times()
    return times.children_user + times.children_system


def line(name, answer, processor, reach):
    """Print what became of a contestant and return its row of the table."""
    best = max(a for _, a in answer["epochs"])
    there = next((at for at, a in answer["epochs"] if a >= reach), None)
    print(json.dumps({"peer": name, "seconds": answer["seconds"], "processor_s": processor,
                      "test": answer["test"], "val": best, "reached_s": there,
                      "epochs": answer["epochs"]}), flush=True)
    return (f"| {name} | {f'{there:.0f}' if there else 'never'} | {answer['seconds']:.0f} | "
            f"{processor:.0f} | {len(answer['epochs'])} | {100 * answer['test']:.2f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--dir", required=True, help="data set, which dsbuild has split")
    parser.add_argument("--dsbuild", required=True, help="the program")
    parser.add_argument("--reach", type=float, default=0.97, help="validation accuracy that counts")
    parser.add_argument("--run", default="peers", help="name of dsbuild's run, which must be new")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--torch", choices=["plain", "tuned"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.torch:
        print(json.dumps(train_torch(options, options.torch == "tuned")))
        return
    rows = [line("dsbuild", train_dsbuild(options), processor_seconds(), options.reach)]
    for name, kind, malloc in [("PyTorch as it comes", "plain", {}),
                               ("PyTorch tuned", "tuned", TUNED)]:
        env = os.environ | malloc | {"OMP_NUM_THREADS": str(options.threads)}
        before = processor_seconds()
        answer = json.loads(subprocess.check_output(
            [sys.executable, *sys.argv, "--torch", kind], env=env))
        rows.append(line(name, answer, processor_seconds() - before, options.reach))
    print(f"\n| | s to {100 * options.reach:g} % in validation | s in all | processor s | epochs | "
          "test, % |\n|---|---:|---:|---:|---:|---:|\n" + "\n".join(rows))


if __name__ == "__main__":
    main()
