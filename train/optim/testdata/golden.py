"""Writes golden.txt: what PyTorch's optimizers make of two tensors in five steps.

    pip install torch
    python3 golden.py

A line has a name, and behind it the values of a kernel of five and a bias of
three. TestOptimizersAgainstPyTorch starts with the same values and gradients.
"""

import math

import torch

STEPS = 5

# The same as goldenOptimizers in golden_test.go.
OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01,
                                          nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.05, betas=(0.8, 0.9), eps=1e-6),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.05, weight_decay=0.1),
    "adamw_kernel_decay": lambda p: torch.optim.AdamW(
        [{"params": p[:1]}, {"params": p[1:], "weight_decay": 0}], lr=0.05, weight_decay=0.1),
    "adam_kernel_decay": lambda p: torch.optim.Adam(
        [{"params": p[:1]}, {"params": p[1:], "weight_decay": 0}], lr=0.05, weight_decay=0.1),
    "clipped": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
}


def start(place):
    return math.sin(1 + place)


def gradient(step, place):
    return math.cos(3 * step + 2 * place) * (1 + step)


def run(name):
    """Return the values after all steps."""
    kernel = torch.tensor([start(i) for i in range(5)], requires_grad=True)
    bias = torch.tensor([start(i) for i in range(5, 8)], requires_grad=True)
    optimizer = OPTIMIZERS[name]([kernel, bias])
    for step in range(STEPS):
        kernel.grad = torch.tensor([gradient(step, i) for i in range(5)])
        bias.grad = torch.tensor([gradient(step, i) for i in range(5, 8)])
        if name == "clipped":
            torch.nn.utils.clip_grad_norm_([kernel, bias], 2)
        optimizer.step()
    return kernel.tolist() + bias.tolist()


with open("golden.txt", "w", encoding="utf-8") as f:
    for case in OPTIMIZERS:
        f.write(case + " " + " ".join(f"{v:.8g}" for v in run(case)) + "\n")
