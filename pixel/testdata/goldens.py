"""Writes torchvision.json: what torchvision's v2 functions make of the scene that the tests use.

Needs torch and torchvision 0.29. Each picture is under the text of the step that makes it, in base64,
compressed, row by row, channels interleaved.
"""

import base64
import json
import pathlib
import zlib

import numpy as np
import torch
from torchvision.transforms.v2 import InterpolationMode
from torchvision.transforms.v2 import functional as F

WIDTH, HEIGHT = 28, 22


def scene(width, height):
    """A bright disk on a slope of colours, with a little noise."""
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    v = 30 + x * (5 - c) + y * 3 + c * 20 + (x * 37 + y * 91 + c * 53 + x * y * 7) % 13
    disk = (x - 12) ** 2 + (y - 9) ** 2 < 40
    v = np.where(disk, 235 - 60 * c + (x * 5 + y * 11) % 17, np.minimum(v, 255))
    return torch.from_numpy(v).to(torch.uint8).permute(2, 0, 1)


rgb, large = scene(WIDTH, HEIGHT), scene(96, 84)
linear, nearest = InterpolationMode.BILINEAR, InterpolationMode.NEAREST
corners = [[0, 0], [WIDTH - 1, 0], [WIDTH - 1, HEIGHT - 1], [0, HEIGHT - 1]]
moved = [[2, 1], [24, 3], [26, 20], [0, 18]]
results = {
    "brightness 0.6": F.adjust_brightness(rgb, 0.6),
    "brightness 1.37": F.adjust_brightness(rgb, 1.37),
    "contrast 0.6": F.adjust_contrast(rgb, 0.6),
    "contrast 1.4": F.adjust_contrast(rgb, 1.4),
    "saturation 0.6": F.adjust_saturation(rgb, 0.6),
    "saturation 1.8": F.adjust_saturation(rgb, 1.8),
    "hue -0.1": F.adjust_hue(rgb, -0.1),
    "hue 0.07": F.adjust_hue(rgb, 0.07),
    "hue 0.5": F.adjust_hue(rgb, 0.5),
    "gray": F.rgb_to_grayscale(rgb, num_output_channels=3),
    "posterize 3 bits": F.posterize(rgb, 3),
    "solarize 100": F.solarize(rgb, 100),
    "solarize 99.5": F.solarize(rgb, 99.5),
    "invert": F.invert(rgb),
    "autocontrast": F.autocontrast(rgb),
    "equalize": F.equalize(rgb),
    "sharpness 0": F.adjust_sharpness(rgb, 0),
    "sharpness 0.3": F.adjust_sharpness(rgb, 0.3),
    "sharpness 1.73": F.adjust_sharpness(rgb, 1.73),
    "blur σ 0.5 of 3 pixels": F.gaussian_blur(rgb, [3, 3], [0.5, 0.5]),
    "blur σ 1.5 of 9 pixels": F.gaussian_blur(rgb, [9, 9], [1.5, 1.5]),
    "blur σ 4 of 23 pixels": F.gaussian_blur(rgb, [23, 23], [4.0, 4.0]),
    "pad 2,1,3,4 constant": F.pad(rgb, [2, 1, 3, 4], fill=[9, 80, 200]),
    "pad 2,1,3,4 edge": F.pad(rgb, [2, 1, 3, 4], padding_mode="edge"),
    "pad 2,1,3,4 reflect": F.pad(rgb, [2, 1, 3, 4], padding_mode="reflect"),
    "pad 2,1,3,4 symmetric": F.pad(rgb, [2, 1, 3, 4], padding_mode="symmetric"),
    "flip": F.horizontal_flip(rgb),
    "flip vertically": F.vertical_flip(rgb),
    "erase 3,4 10x9": F.erase(rgb, 4, 3, 9, 10, torch.tensor([200, 10, 90]).to(torch.uint8).view(3, 1, 1)),
    "jpeg quality 10": F.jpeg(rgb, 10),
    "jpeg quality 50": F.jpeg(rgb, 50),
    "jpeg quality 75": F.jpeg(rgb, 75),
    "jpeg quality 98": F.jpeg(rgb, 98),
    "rotate 90° expanded": F.rotate(rgb, 90, expand=True),
    "rotate 180°": F.rotate(rgb, 180),
    "rotate 30° expanded": F.rotate(rgb, 30, expand=True),
    "rotate 30° about 5,7": F.rotate(rgb, 30, center=[5, 7]),
    "rotate -100° about 5,7 expanded": F.rotate(rgb, -100, center=[5, 7], expand=True),
}
for mode, name in (nearest, ""), (linear, " bilinear"):
    results["affine 20° by 3,-2 scale 0.8 shear 10°,-15°" + name] = F.affine(
        rgb, angle=20, translate=[3, -2], scale=0.8, shear=[10, -15], interpolation=mode
    )
    results["affine -50° about 6,15 by 0,0 scale 1.4 shear 0°,5°" + name + " on 200,10,90"] = F.affine(
        large, angle=-50, translate=[0, 0], scale=1.4, shear=[0, 5], center=[6, 15], interpolation=mode,
        fill=[200, 10, 90],
    )
    results["rotate 20°" + name + " on 200,10,90"] = F.rotate(large, 20, interpolation=mode, fill=[200, 10, 90])
    results["perspective 2,1 24,3 26,20 0,18" + name] = F.perspective(
        rgb, startpoints=corners, endpoints=moved, interpolation=mode
    )

goldens = {
    name: base64.b64encode(zlib.compress(t.permute(1, 2, 0).contiguous().numpy().tobytes(), 9)).decode()
    for name, t in results.items()
}
path = pathlib.Path(__file__).with_name("torchvision.json")
path.write_text(json.dumps(goldens, indent=1, ensure_ascii=False) + "\n")
