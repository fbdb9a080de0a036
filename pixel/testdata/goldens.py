"""Writes torchvision.json: what torchvision's v2 functions make of the pattern that the tests use.

Needs torch and torchvision 0.29. Values are hexadecimal, row by row, channels interleaved.
"""

import json
import pathlib

import numpy as np
import torch
from torchvision.transforms.v2 import InterpolationMode
from torchvision.transforms.v2 import functional as F


def pattern(width, height):
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    return torch.from_numpy((x * 37 + y * 91 + c * 53 + x * y * 7) % 256).to(torch.uint8).permute(2, 0, 1)


def ramp(width, height):
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    return torch.from_numpy(30 + x * 5 + y * 3 + c * 20).to(torch.uint8).permute(2, 0, 1)


small, large, smooth = pattern(8, 6), pattern(24, 20), ramp(24, 16)
linear = InterpolationMode.BILINEAR
results = {
    "posterize 3 bits": F.posterize(small, 3),
    "solarize 100": F.solarize(small, 100),
    "solarize 99.5": F.solarize(small, 99.5),
    "invert": F.invert(small),
    "autocontrast": F.autocontrast(smooth),
    "equalize": F.equalize(large),
    "sharpness 0": F.adjust_sharpness(small, 0),
    "sharpness 0.3": F.adjust_sharpness(small, 0.3),
    "sharpness 1.73": F.adjust_sharpness(small, 1.73),
    "pad 2,1,3,4 constant": F.pad(small, [2, 1, 3, 4], fill=9),
    "pad 2,1,3,4 edge": F.pad(small, [2, 1, 3, 4], padding_mode="edge"),
    "pad 2,1,3,4 reflect": F.pad(small, [2, 1, 3, 4], padding_mode="reflect"),
    "pad 2,1,3,4 symmetric": F.pad(small, [2, 1, 3, 4], padding_mode="symmetric"),
    "affine 20° by 3,-2 scale 0.8 shear 10°,-15°": F.affine(
        smooth, angle=20, translate=[3, -2], scale=0.8, shear=[10, -15], interpolation=linear
    ),
    "rotate 20°": F.rotate(smooth, 20, interpolation=linear),
    "perspective 2,1 20,3 22,14 0,12": F.perspective(
        smooth,
        startpoints=[[0, 0], [23, 0], [23, 15], [0, 15]],
        endpoints=[[2, 1], [20, 3], [22, 14], [0, 12]],
        interpolation=linear,
    ),
    "jpeg quality 75": F.jpeg(smooth, 75),
}
goldens = {name: bytes(t.permute(1, 2, 0).flatten().tolist()).hex() for name, t in results.items()}
path = pathlib.Path(__file__).with_name("torchvision.json")
path.write_text(json.dumps(goldens, indent=1, ensure_ascii=False) + "\n")
