"""Writes crops.json: what Pillow and torchvision make of crops of the pattern that the tests use.

Needs Pillow, torch and torchvision 0.29. Values are hexadecimal, row by row, channels interleaved.
Boxes are x, y, width, height; of boxes between whole pixels only the pixels that they touch count.
"""

import json
import math
import pathlib

import numpy as np
import torch
from PIL import Image
from torchvision.transforms.v2 import InterpolationMode
from torchvision.transforms.v2 import functional as F

y, x, c = np.mgrid[0:22, 0:31, 0:3]
pixels = ((x * 37 + y * 91 + c * 53 + x * y * 7) % 256).astype(np.uint8)
image, tensor = Image.fromarray(pixels), torch.from_numpy(pixels).permute(2, 0, 1)
crops = [((3, 2, 25, 17), (8, 6)), ((5, 4, 6, 5), (12, 9)), ((4.25, 3.5, 20.5, 15.75), (7, 6))]
goldens = {}
for name in ["bilinear", "nearest", "box", "bicubic", "lanczos"]:
    for (left, top, width, height), size in crops:
        corner = math.floor(left), math.floor(top)
        part = image.crop((*corner, math.ceil(left + width), math.ceil(top + height)))
        left, top = left - corner[0], top - corner[1]
        result = part.resize(size, Image.Resampling[name.upper()], box=(left, top, left + width, top + height))
        goldens[f"Pillow {name} {size[0]}x{size[1]}"] = result.tobytes().hex()
for name in ["bilinear", "bicubic"]:
    for (left, top, width, height), size in crops[:2]:
        result = F.resized_crop(
            tensor, top, left, height, width, size[::-1], InterpolationMode(name), antialias=True
        )
        text = bytes(result.permute(1, 2, 0).flatten().tolist()).hex()
        goldens[f"torchvision {name} {size[0]}x{size[1]}"] = text
path = pathlib.Path(__file__).with_name("crops.json")
path.write_text(json.dumps(goldens, indent=1) + "\n")
