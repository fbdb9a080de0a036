"""Writes golden_*.safetensors: a small network trained for three steps.

    pip install torch safetensors
    python3 golden.py

The Go tests rebuild the network, load the weights from "before.*", train on
the same batch, and compare gradients, losses, weights, statistics and logits.
Images are stored as (N, H, W, C).
"""

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F


class Network(nn.Module):
    """The same as goldenNetwork in golden_test.go.

    Layers before a batch norm have no bias: its gradient would be rounding
    alone, which Adam divides by its size.
    """

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 4, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.conv2 = nn.Conv2d(4, 5, (3, 2), stride=(2, 1), padding=(1, 1), bias=False)
        self.bn2 = nn.BatchNorm2d(5)
        self.conv3 = nn.Conv2d(5, 5, 3, padding=1)
        self.fc1 = nn.Linear(280, 6, bias=False)
        self.bn3 = nn.BatchNorm1d(6)
        self.fc2 = nn.Linear(6, 3)
        self.side = nn.Linear(10, 3)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, stride=2, padding=1)
        x = self.bn2(self.conv2(x))
        x = F.relu(self.conv3(x) + x)
        x = torch.cat([x, F.avg_pool2d(x, 3, stride=1, padding=1)], 1)
        side = self.side(F.adaptive_avg_pool2d(x, 1).flatten(1))
        x = F.avg_pool2d(x, 2, stride=1, padding=1).flatten(1)
        return self.fc2(F.relu(self.bn3(self.fc1(x)))) + side


def run(name, optimizer):
    torch.manual_seed(1)
    net = Network()
    images = torch.randn(5, 2, 11, 9)
    labels = torch.tensor([0, 2, 1, 1, 0])
    out = {"before." + k: v.clone() for k, v in net.state_dict().items()}
    opt = optimizer(net.parameters())
    losses = []
    for step in range(3):
        opt.zero_grad()
        loss = F.cross_entropy(net(images), labels)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            out |= {"grad." + k: p.grad.clone() for k, p in net.named_parameters()}
        opt.step()
    out |= {"after." + k: v.clone() for k, v in net.state_dict().items()}
    net.eval()
    out["logits"] = net(images).detach()
    out["losses"] = torch.tensor(losses)
    out["images"] = images.permute(0, 2, 3, 1)
    out["labels"] = labels
    save_file({k: v.contiguous() for k, v in out.items()}, f"golden_{name}.safetensors")


torch.set_num_threads(1)
run("adam", lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1))
run("sgd", lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.01, nesterov=True))
