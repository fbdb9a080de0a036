"""The networks that peers and dsbuild run alike, and their ONNX files.

    python nets.py resnet18 16 resnet18.onnx    # writes a file for batches of 16
"""

import sys

IMAGES = {"cnn": (1, 28, 28)}  # channels, height, width; others take ImageNet's
CLASSES = {"cnn": 10}


def image_shape(name):
    return IMAGES.get(name, (3, 224, 224))


def classes(name):
    return CLASSES.get(name, 1000)


def network(name):
    """Return a network with torchvision's first weights."""
    import torch

    torch.manual_seed(1)
    if name == "cnn":
        return small()
    import torchvision
    return getattr(torchvision.models, name)(weights=None)


def small():
    """Return dsbuild's cnn for images of 28x28, without dropout."""
    from torch import nn

    def stage(into, out):
        return [nn.Conv2d(into, out, 3, padding=1), nn.BatchNorm2d(out), nn.ReLU(), nn.MaxPool2d(2)]

    return nn.Sequential(*stage(1, 32), *stage(32, 64), nn.Flatten(),
                         nn.Linear(64 * 7 * 7, 128), nn.ReLU(), nn.Linear(128, 10))


def batch(name, size):
    """Return images and labels drawn at random."""
    import torch

    torch.manual_seed(2)
    return torch.randn(size, *image_shape(name)), torch.randint(classes(name), (size,))


def export(name, size, path):
    """Write a network for inference as an ONNX file."""
    import torch

    net = network(name).eval()
    torch.onnx.export(net, (batch(name, size)[0],), path, input_names=["images"],
                      output_names=["logits"], dynamo=False)


if __name__ == "__main__":
    export(sys.argv[1], int(sys.argv[2]), sys.argv[3])
