"""Writes what torchvision's networks are: *.txt with a line for each tensor.

    pip install torch torchvision
    python3 golden.py

The first line counts the parameters at 1000 classes, the second the billions of
multiplications that torchvision tells for an image of 224x224, and each further
line has the name and shape of a tensor. Then comes what the network makes of two
images of a side when every tensor has the values of fill, at ten classes; and at
last, of some networks, the loss of four images in training, and of each gradient
the norm and the product with numbers that its name determines.
"""

import zlib

import numpy as np
import torch
import torchvision

SIDES = {"mobilenet_v2": 64, "resnet18": 64, "vgg16": 32}  # of the images
TRAINED = ["mobilenet_v2", "resnet18"]  # VGG-16 is large, and has no layers of its own


def uniform(name, count):
    """Return numbers from -1 to 1 that a name and a place determine."""
    x = np.arange(count, dtype=np.uint32) + np.uint32(zlib.crc32(name.encode()))
    x = x * np.uint32(2654435761)
    x = (x ^ (x >> 15)) * np.uint32(2246822519)
    x = x ^ (x >> 13)
    return (x >> 8).astype(np.float32) / np.float32(1 << 23) - np.float32(1)


def fill(name, shape):
    """Return a tensor's values: small, and positive for variances and scales."""
    u = uniform(name, int(np.prod(shape)))
    if name.endswith("running_var"):
        u = np.float32(1) + u / np.float32(2)
    elif len(shape) > 1:
        u = u * np.float32(np.sqrt(6 / np.prod(shape[1:])))
    elif name.endswith("weight"):
        u = np.float32(1) + u / np.float32(4)
    else:
        u = u / np.float32(8)
    return torch.from_numpy(u.reshape(shape))


def filled(name):
    """Return a network of ten classes in float64, without dropout."""
    net = getattr(torchvision.models, name)(weights=None, num_classes=10)
    net.load_state_dict({k: v if k.endswith("num_batches_tracked") else fill(k, tuple(v.shape))
                         for k, v in net.state_dict().items()})
    for module in net.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0
    return net.double()


def images(count, side):
    values = uniform("images", count * side * side * 3).reshape(count, side, side, 3)
    return torch.from_numpy(values).permute(0, 3, 1, 2).double()


@torch.inference_mode()
def logits(name, side):
    return filled(name).eval()(images(2, side))


def gradients(name, side):
    """Return the loss of four images, and of each gradient its norm and a product."""
    net = filled(name)
    loss = torch.nn.functional.cross_entropy(net(images(4, side)), torch.tensor([0, 3, 6, 9]))
    loss.backward()
    lines = [f"loss {loss.item():.8g}"]
    for key, p in net.named_parameters():
        product = (p.grad.flatten() * torch.from_numpy(uniform(key, p.numel())).double()).sum()
        lines.append(f"gradient {key} {p.grad.norm().item():.6g} {product.item():.6g}")
    return lines


def write(name):
    net = getattr(torchvision.models, name)(weights=None)
    lines = [f"parameters {sum(p.numel() for p in net.parameters())}"]
    ops = torchvision.models.get_model_weights(name).DEFAULT.meta["_ops"]
    lines.append(f"multiplications {ops}")
    for key, value in net.state_dict().items():
        lines.append(f"{key} {'x'.join(map(str, value.shape)) or 'scalar'}")
    for row in logits(name, SIDES[name]):
        lines.append(f"logits {SIDES[name]} " + " ".join(f"{v:.6g}" for v in row.tolist()))
    if name in TRAINED:
        lines += gradients(name, SIDES[name])
    with open(f"{name}.txt", "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")


for network in SIDES:
    write(network)
