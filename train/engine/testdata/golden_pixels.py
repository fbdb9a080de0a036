"""Writes golden_pixels.safetensors: a network that segments, with an output in the middle.

    pip install torch safetensors
    python3 golden_pixels.py

TestPixelsAgainstPyTorch rebuilds the network, loads "before.*", trains on the same
batch, in which pixels have no label, and compares the loss and the gradients.
Images and labels are stored as (N, H, W, C) and (N, H, W).
"""

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

UNLABELLED = -100


class Network(nn.Module):
    """The same as goldenPixels in golden_pixels_test.go."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 6, 3, stride=2, padding=1)
        self.conv2 = nn.Conv2d(6, 8, 3, padding=2, dilation=2)
        self.aux = nn.Conv2d(6, 4, 1)
        self.up = nn.ConvTranspose2d(8, 4, 3, stride=2, padding=1)
        self.skip = nn.ConvTranspose2d(4, 4, 3, stride=2, padding=1, groups=4, bias=False)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        aux = self.skip(self.aux(x))
        return self.up(F.relu(self.conv2(x))) + F.relu(aux), aux


torch.set_num_threads(1)
torch.manual_seed(1)
net = Network()
images = torch.randn(3, 2, 7, 9)
labels = torch.randint(0, 4, (3, 7, 9))
labels[torch.rand(labels.shape) < 0.3] = UNLABELLED
out = {"before." + k: v.clone() for k, v in net.state_dict().items()}
logits, aux = net(images)
loss = F.cross_entropy(logits, labels) + 0.4 * F.cross_entropy(aux, labels)
loss.backward()
out |= {"grad." + k: p.grad for k, p in net.named_parameters()}
out |= {"loss": loss.detach(), "labels": labels, "images": images.permute(0, 2, 3, 1),
        "logits": logits.detach().permute(0, 2, 3, 1)}
save_file({k: v.contiguous() for k, v in out.items()}, "golden_pixels.safetensors")
