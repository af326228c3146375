"""Writes the ONNX files of this folder with PyTorch's own exporter (torch 1.13, opset 17, batch axis free)."""
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(0)


def randomized(module):
    """Batch norms with statistics that are not those of the identity."""
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            nn.init.uniform_(part.weight, 0.5, 1.5)
            nn.init.normal_(part.bias)
            nn.init.normal_(part.running_mean)
            nn.init.uniform_(part.running_var, 0.5, 2)
    return module.eval()


def conv_bn(channels, size):
    return nn.Sequential(nn.Conv2d(channels, channels, size, padding=size // 2, bias=False), nn.BatchNorm2d(channels))


class RepVgg(nn.Module):
    """3x3 + 1x1 + identity, each with its batch norm, then ReLU; twice."""

    def __init__(self, channels=4):
        super().__init__()
        self.blocks = nn.ModuleList(
            nn.ModuleList([conv_bn(channels, 3), conv_bn(channels, 1), nn.BatchNorm2d(channels)]) for _ in range(2)
        )

    def forward(self, x):
        for dense, pointwise, identity in self.blocks:
            x = F.relu(dense(x) + pointwise(x) + identity(x))
        return x


class RepMlp(nn.Module):
    """FC3 as a grouped 1x1 convolution beside a 3x3 branch, on one partition of 4x4."""

    def __init__(self, channels=2, size=4):
        super().__init__()
        self.channels, self.size = channels, size
        width = channels * size * size
        self.fc3 = nn.Conv2d(width, width, 1, bias=False)
        self.fc3_bn = nn.BatchNorm2d(width)
        self.branch = conv_bn(channels, 3)

    def forward(self, x):
        flat = x.reshape(-1, self.channels * self.size * self.size, 1, 1)
        full = self.fc3_bn(self.fc3(flat)).reshape(-1, self.channels, self.size, self.size)
        return F.relu(full + self.branch(x))


class Residual(nn.Module):
    """conv, ReLU, conv beside the identity: nothing to merge, for a ReLU stands between."""

    def __init__(self, channels=4):
        super().__init__()
        self.first, self.second = conv_bn(channels, 3), conv_bn(channels, 3)

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x))) + x)


class Plain(nn.Module):
    """What a merge leaves: one convolution after the other."""

    def __init__(self, channels=4):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(channels, channels, 3, padding=1) for _ in range(2))

    def forward(self, x):
        for conv in self.convs:
            x = F.relu(conv(x))
        return x


def save(name, module, channels, training=torch.onnx.TrainingMode.EVAL, size=4):
    torch.onnx.export(
        randomized(module), torch.randn(1, channels, size, size), name, opset_version=17, training=training,
        do_constant_folding=training == torch.onnx.TrainingMode.EVAL,
        input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "N"}, "y": {0: "N"}},
    )


save("repvgg.onnx", RepVgg(), 4)
save("repvgg-unfolded.onnx", RepVgg(), 4, torch.onnx.TrainingMode.PRESERVE)
save("repmlp.onnx", RepMlp(), 2)
save("residual.onnx", Residual(), 4)
save("plain.onnx", Plain(), 4)


class Shared(nn.Module):
    """3x3 + 1x1 twice with equal weights: the exporter keeps them once and hands them on by Identity."""

    def __init__(self):
        super().__init__()
        self.dense = nn.ModuleList(nn.Conv2d(2, 2, 3, padding=1) for _ in range(2))
        self.point = nn.ModuleList(nn.Conv2d(2, 2, 1) for _ in range(2))
        self.dense[1].load_state_dict(self.dense[0].state_dict())
        self.point[1].load_state_dict(self.point[0].state_dict())

    def forward(self, x):
        for dense, point in zip(self.dense, self.point):
            x = F.relu(dense(x) + point(x))
        return x


class Reshaped(nn.Module):
    """A linear layer over a map whose size is read from the input, beside a grouped convolution."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(32, 32)
        self.conv = nn.Conv2d(2, 2, 3, padding=1, groups=2)

    def forward(self, x):
        full = self.fc(x.view(x.size(0), -1)).view(x.size(0), x.size(1), x.size(2), x.size(3))
        return F.relu(full + self.conv(x))


def save_as(name, module, opset, **options):
    """In another opset and another style of its exporter."""
    torch.onnx.export(
        module.eval(), torch.randn(1, 2, 4, 4), name, opset_version=opset,
        input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "N"}}, **options,
    )


save_as("shared-opset9.onnx", Shared(), 9, keep_initializers_as_inputs=True)
save_as("shared-opset13.onnx", Shared(), 13)
save_as("reshaped-opset11.onnx", Reshaped(), 11)
