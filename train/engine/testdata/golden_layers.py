"""Writes golden_layers.safetensors: layers of all kinds, each in a small network.

    pip install torch safetensors
    python3 golden_layers.py

Each network is a 1x1 convolution, the layer, and a linear layer on the flattened
outcome. TestLayersAgainstPyTorch rebuilds it, loads "<layer>/before.*", trains on
the same batch and compares the loss, the layer's values, the gradients with
respect to these, to what goes into the layer and to all parameters, and the
logits with running statistics. Images are stored as (N, H, W, C).
"""

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

CHANNELS, HEIGHT, WIDTH = 4, 6, 5
LABELS = torch.tensor([2, 0])

# The same as goldenLayers in golden_layers_test.go.
LAYERS = {
    "conv_strided": lambda: nn.Conv2d(4, 5, (3, 2), stride=(2, 1), padding=(1, 0)),
    "conv_padded": lambda: nn.Conv2d(4, 5, 3, padding=1),
    "conv_dilated": lambda: nn.Conv2d(4, 5, 3, padding=2, dilation=2, bias=False),
    "conv_groups": lambda: nn.Conv2d(4, 6, 3, padding=1, groups=2),
    "conv_depthwise": lambda: nn.Conv2d(4, 4, 3, stride=2, padding=1, groups=4, bias=False),
    "conv_multiplied": lambda: nn.Conv2d(4, 8, 3, padding=1, groups=4),
    "conv_transpose": lambda: nn.ConvTranspose2d(4, 3, 3, stride=2, padding=1,
                                                 output_padding=1),
    "conv_transpose_groups": lambda: nn.ConvTranspose2d(4, 6, (2, 3), stride=(2, 1), groups=2,
                                                        bias=False),
    "batch_norm": lambda: nn.BatchNorm2d(4),
    "max_pool": lambda: nn.MaxPool2d(3, stride=2, padding=1),
    "max_pool_ceil": lambda: nn.MaxPool2d(3, stride=2, ceil_mode=True),
    "avg_pool": lambda: nn.AvgPool2d(3, stride=2, padding=1),
    "avg_pool_ceil": lambda: nn.AvgPool2d(2, stride=2, padding=1, ceil_mode=True),
    "avg_pool_inside": lambda: nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False),
    "adaptive_avg_pool": lambda: nn.AdaptiveAvgPool2d((3, 4)),
    "adaptive_max_pool": lambda: nn.AdaptiveMaxPool2d((3, 4)),
    "max_pool_dilated": lambda: nn.MaxPool2d(2, stride=1, padding=1, dilation=2),
    "avg_pool_ceil_inside": lambda: nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True,
                                                 count_include_pad=False),
    "conv_transpose_dilated": lambda: nn.ConvTranspose2d(4, 5, (3, 2), stride=(1, 3),
                                                         dilation=(2, 1), output_padding=(0, 2),
                                                         bias=False),
    "conv_transpose_padded": lambda: nn.ConvTranspose2d(4, 5, (3, 2), stride=(1, 2),
                                                        padding=(2, 1), dilation=(3, 4),
                                                        output_padding=(2, 3)),
    "conv_transpose_depthwise": lambda: nn.ConvTranspose2d(4, 4, (3, 2), padding=1, groups=4,
                                                           dilation=(3, 2),
                                                           output_padding=(2, 1)),
    "response_norm": lambda: nn.LocalResponseNorm(3, alpha=0.5, beta=0.75, k=1.5),
    "relu6": lambda: nn.ReLU6(),
    "label_smoothing": lambda: nn.ReLU(),
}


def channels_last(x):
    return x.detach().permute(0, 2, 3, 1).contiguous()


def run(name, make):
    """Return all that one network has to tell, by names."""
    torch.manual_seed(1)
    pre, layer = nn.Conv2d(2, CHANNELS, 1), make()
    with torch.no_grad():
        pre.weight *= 4  # so that ReLU6 has something to hold down
    images = torch.randn(len(LABELS), 2, HEIGHT, WIDTH)
    net = nn.ModuleDict({"pre": pre, "layer": layer})
    net["fc"] = nn.Linear(layer(pre(images)).flatten(1).shape[1], 3)
    if name == "batch_norm":
        nn.init.normal_(layer.weight), nn.init.normal_(layer.bias)
    out = {"before." + k: v.clone() for k, v in net.state_dict().items()}
    x = pre(images)
    y = layer(x)
    x.retain_grad(), y.retain_grad()
    smoothing = 0.1 if name == "label_smoothing" else 0
    loss = F.cross_entropy(net["fc"](y.flatten(1)), LABELS, label_smoothing=smoothing)
    loss.backward()
    out |= {"grad.layer." + k: p.grad for k, p in layer.named_parameters()}
    out |= {"loss": loss.detach(), "values": channels_last(y), "images": channels_last(images),
            "values_grad": channels_last(y.grad), "input_grad": channels_last(x.grad)}
    net.eval()
    out["logits"] = net["fc"](layer(pre(images)).flatten(1)).detach()
    return {f"{name}/{k}": v.contiguous() for k, v in out.items()}


torch.set_num_threads(1)
save_file({k: v for name, make in LAYERS.items() for k, v in run(name, make).items()},
          "golden_layers.safetensors")
