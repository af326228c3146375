"""The network of spec.json in PyTorch, with the parameter names of its checkpoints.

spec.json is the one description: a tree of named layers. `Network(SPEC)` builds its
modules, so that `state_dict()` has the names and shapes of initial.safetensors, and
runs them in the order of the tree. Needs torch and nothing else. Where timm is
installed, importing this file registers the network with it, for
`timm`'s own train.py: `--device-modules net`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Tuple, Union

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Layer = Dict[str, Any]
Output = Union[Tensor, Tuple[Tensor, List[Tensor]]]

HERE = Path(__file__).resolve().parent
SPEC: Layer = json.loads((HERE / "spec.json").read_text(encoding="utf-8"))


class BatchNorm(nn.modules.batchnorm._BatchNorm):
    """Batch norm over axis 1 of maps (N, C, H, W) and of rows (N, C) alike."""

    def _check_input_dim(self, input: Tensor) -> None:
        if input.dim() not in (2, 4):
            raise ValueError(f"expected 2 or 4 axes, got {input.dim()}")


def pair(sizes: List[int]) -> Tuple[int, int]:
    """[height, width] as torch's functions take it."""
    height, width = sizes
    return height, width


def batch_norm(channels: int, layer: Layer) -> BatchNorm:
    """The batch norm of a layer, eps as the layer says."""
    return BatchNorm(channels, eps=layer.get("eps", 1e-5), momentum=0.1)


def convolution(layer: Layer, bias: bool) -> nn.Conv2d:
    """The convolution of a layer's geometry; padding is symmetric, with zeros."""
    return nn.Conv2d(
        layer["in"],
        layer["out"],
        pair(layer["kernel"]),
        stride=pair(layer["stride"]),
        padding=pair(layer["padding"]),
        dilation=pair(layer["dilation"]),
        groups=layer["groups"],
        bias=bias,
    )


def activated(x: Tensor, function: str) -> Tensor:
    """relu, gelu (exact, by the error function), sigmoid or none of x."""
    if function == "none":
        return x
    functions: Any = {"relu": F.relu, "gelu": F.gelu, "sigmoid": torch.sigmoid}
    return functions[function](x)


class ConvBn(nn.Module):
    """Convolution, batch norm, activation; merged: the convolution has a bias instead."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.function: str = layer["activation"]
        is_train = layer["form"] == "train"
        self.conv = convolution(layer, bias=not is_train)
        if is_train:
            self.bn = batch_norm(layer["out"], layer)
        if self.function == "prelu":
            self.prelu = nn.PReLU(layer["out"])

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv(x)
        if hasattr(self, "bn"):
            y = self.bn(y)
        return (
            self.prelu(y) if self.function == "prelu" else activated(y, self.function)
        )


class CosineLinear(nn.Module):
    """The classifier of AM-Softmax: cosines of (N, in) to each row of its weight."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(layer["out"], layer["in"]))
        nn.init.kaiming_uniform_(self.weight, a=5**0.5)

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(F.normalize(x), F.normalize(self.weight))


def partition(x: Tensor, h: int, w: int) -> Tensor:
    """(N, C, H, W) -> (N*hp*wp, C, h, w), partitions in row-major order of the map."""
    N, C, H, W = x.shape
    parts = x.reshape(N, C, H // h, h, W // w, w).permute(0, 2, 4, 1, 3, 5)
    return parts.reshape(-1, C, h, w)


def departition(parts: Tensor, H: int, W: int) -> Tensor:
    """The inverse of `partition` for a map of H x W."""
    _, C, h, w = parts.shape
    maps = parts.reshape(-1, H // h, W // w, C, h, w).permute(0, 3, 1, 4, 2, 5)
    return maps.reshape(-1, C, H, W)


class ConvBranch(nn.Module):
    """One branch of the Local Perceptron: K x K convolution and batch norm."""

    def __init__(self, C: int, O: int, K: int, groups: int, layer: Layer) -> None:
        super().__init__()
        self.conv = nn.Conv2d(C, O, K, padding=K // 2, groups=groups, bias=False)
        self.bn = batch_norm(O, layer)

    def forward(self, x: Tensor) -> Tensor:
        return self.bn(self.conv(x))


class GlobalPerceptron(nn.Module):
    """x plus FC2(ReLU(FC1(BN(average of each partition)))), spread over the partition."""

    fc1_fc2: Any
    avg: Any

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.add_global_perceptron(layer)

    def add_global_perceptron(self, layer: Layer) -> None:
        self.h, self.w = layer["h"], layer["w"]
        width = layer["C"] * (layer["H"] // self.h) * (layer["W"] // self.w)
        hidden = width // layer["reduction"]
        self.fc1_fc2 = nn.Module()
        self.fc1_fc2.fc1 = nn.Linear(width, hidden)
        self.fc1_fc2.fc2 = nn.Linear(hidden, width)
        if layer["form"] == "train":
            self.avg = nn.Module()
            self.avg.bn = batch_norm(layer["C"], layer)

    def of_partitions(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, hp, wp), one number per channel and partition."""
        average = F.avg_pool2d(x, (self.h, self.w))
        if hasattr(self, "avg"):
            average = self.avg.bn(average)
        hidden = F.relu(self.fc1_fc2.fc1(average.flatten(1)))
        return self.fc1_fc2.fc2(hidden).reshape(average.shape)

    def forward(self, x: Tensor) -> Tensor:
        spread = self.of_partitions(x).repeat_interleave(self.h, 2)
        return x + spread.repeat_interleave(self.w, 3)


class RepMlp(GlobalPerceptron):
    """The RepMLP block (arXiv 2105.01883): FC3 over each partition, convolutions beside it.

    FC3 is a grouped 1x1 convolution on partitions flattened channel by channel.
    """

    def __init__(self, layer: Layer) -> None:
        nn.Module.__init__(self)
        C, O, h, w, g = (layer[key] for key in ("C", "O", "h", "w", "groups"))
        self.h, self.w, self.O = h, w, O
        is_partitioned = layer["H"] != h or layer["W"] != w
        self.is_global = is_partitioned and not layer.get("withoutGlobal", False)
        if self.is_global:
            self.add_global_perceptron(layer)
        is_train = layer["form"] == "train"
        self.fc3 = nn.Conv2d(C * h * w, O * h * w, 1, groups=g, bias=not is_train)
        self.kernels: List[int] = layer["kernels"] if is_train else []
        if is_train:
            self.fc3_bn = batch_norm(O * h * w, layer)
        for K in self.kernels:
            self.add_module(f"repconv{K}", ConvBranch(C, O, K, g, layer))

    def forward(self, x: Tensor) -> Tensor:
        parts = partition(x, self.h, self.w)
        if self.is_global:
            parts = parts + partition(self.of_partitions(x), 1, 1)
        y = self.fc3(parts.reshape(parts.shape[0], -1, 1, 1))
        if hasattr(self, "fc3_bn"):
            y = self.fc3_bn(y)
        y = y.reshape(-1, self.O, self.h, self.w)
        for K in self.kernels:
            y = y + self.get_submodule(f"repconv{K}")(parts)
        return departition(y, x.shape[2], x.shape[3])


class RepMlpNetBlock(nn.Module):
    """The RepMLPNet block (arXiv 2112.11081): C channels share S sets of FC3 weights."""

    gp: Any

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        C, h, w, S = (layer[key] for key in ("C", "h", "w", "shareSets"))
        self.h, self.w, self.S = h, w, S
        hidden = C // layer["reduction"]
        self.gp = nn.Module()
        self.gp.fc1 = nn.Conv2d(C, hidden, 1)
        self.gp.fc2 = nn.Conv2d(hidden, C, 1)
        is_train = layer["form"] == "train"
        has_bias = not is_train or layer.get("fc3Bias", False)
        self.fc3 = nn.Conv2d(S * h * w, S * h * w, 1, groups=S, bias=has_bias)
        self.kernels: List[int] = layer["kernels"] if is_train else []
        if is_train:
            self.fc3_bn = batch_norm(S, layer)
        for K in self.kernels:
            self.add_module(f"repconv{K}", ConvBranch(S, S, K, S, layer))

    def forward(self, x: Tensor) -> Tensor:
        N, C, H, W = x.shape
        h, w, S = self.h, self.w, self.S
        rows = partition(x, h, w).reshape(-1, S, h, w)
        y = self.fc3(rows.reshape(-1, S * h * w, 1, 1)).reshape(-1, S, h, w)
        if hasattr(self, "fc3_bn"):
            y = self.fc3_bn(y)
        for K in self.kernels:
            y = y + self.get_submodule(f"repconv{K}")(rows)
        # Cut in the order (n, partition, C/S), put back as (n, C/S, partition): so does
        # the official code, and its released weights were trained that way.
        maps = y.reshape(N, C // S, H // h, W // w, S, h, w).permute(
            0, 1, 4, 2, 5, 3, 6
        )
        scale = self.gp.fc2(F.relu(self.gp.fc1(x.mean((2, 3), keepdim=True))))
        return maps.reshape(N, C, H, W) * torch.sigmoid(scale)


def linear(layer: Layer) -> nn.Module:
    return nn.Linear(layer["in"], layer["out"], bias=layer["bias"])


MODULES = {
    "conv2d": lambda layer: convolution(layer, layer["bias"]),
    "convBn": ConvBn,
    "batchNorm": lambda layer: batch_norm(layer["channels"], layer),
    "linear": linear,
    "cosineLinear": CosineLinear,
    "repmlp": RepMlp,
    "globalPerceptron": GlobalPerceptron,
    "repmlpNetBlock": RepMlpNetBlock,
}


def has_parameters(layer: Layer) -> bool:
    return layer["kind"] in MODULES or layer.get("function") == "prelu"


def without_parameters(x: Tensor, layer: Layer, training: bool) -> Tensor:
    """What a layer without parameters makes of x."""
    kind = layer["kind"]
    if kind == "activation":
        return activated(x, layer["function"])
    if kind == "pool":
        sizes = [pair(layer[key]) for key in ("kernel", "stride", "padding")]
        if layer["function"] == "max":
            return F.max_pool2d(x, *sizes)
        return F.avg_pool2d(x, *sizes, count_include_pad=False)
    if kind == "adaptiveAveragePool":
        return F.adaptive_avg_pool2d(x, pair(layer["bins"]))
    if kind == "resize":
        size = pair(layer["size"])
        return F.interpolate(x, size=size, mode="bilinear", align_corners=True)
    if kind == "flatten":
        return x.flatten(1)
    if kind == "dropout":
        drop = F.dropout2d if x.dim() == 4 else F.dropout
        return drop(x, layer["rate"], training)
    raise ValueError(f"spec.json has a layer of a kind unknown to net.py: {kind}")


def joined(parent: str, name: str) -> str:
    return f"{parent}.{name}" if parent and name else parent or name


def inside(layer: Layer) -> List[List[Layer]]:
    """The lists of layers inside a layer that contains others; none of any other."""
    lists = {
        "sequential": lambda: [layer["layers"]],
        "residual": lambda: [layer["body"], layer["shortcut"]],
        "concat": lambda: layer["branches"],
        "sideHead": lambda: [layer["layers"]],
    }
    return lists[layer["kind"]]() if layer["kind"] in lists else []


class Network(nn.Module):
    """A network by its description. (N, C, H, W) -> (N, classes) or (N, classes, H, W).

    In training a network with side heads gives a pair: its output and theirs.
    """

    def __init__(self, spec: Layer = SPEC) -> None:
        super().__init__()
        self.spec = spec
        self.num_classes = output_width(spec)
        self.grow(spec["layers"], "")

    def grow(self, layers: List[Layer], parent: str) -> None:
        """Makes the modules of layers, each at the path of its names."""
        for layer in layers:
            path = joined(parent, layer["name"])
            for children in inside(layer):
                self.grow(children, path)
            if has_parameters(layer):
                make = MODULES.get(layer["kind"], lambda one: nn.PReLU(one["channels"]))
                self.put(path, make(layer))

    def put(self, path: str, module: nn.Module) -> None:
        holder: nn.Module = self
        *parents, name = path.split(".")
        for part in parents:
            if not hasattr(holder, part):
                holder.add_module(part, nn.Module())
            holder = holder.get_submodule(part)
        holder.add_module(name, module)

    def forward(self, x: Tensor) -> Output:
        sides: List[Tensor] = []
        y = self.run(self.spec["layers"], "", x, sides)
        return (y, sides) if sides else y

    def run(
        self, layers: List[Layer], parent: str, x: Tensor, sides: List[Tensor]
    ) -> Tensor:
        """The layers, one after the other; what side heads say is added to `sides`."""
        for layer in layers:
            path, kind = joined(parent, layer["name"]), layer["kind"]
            if has_parameters(layer):
                x = self.get_submodule(path)(x)
            elif kind == "sideHead":
                if self.training:
                    sides.append(self.run(layer["layers"], path, x, sides))
            elif kind in ("sequential", "residual", "concat"):
                parts = [self.run(part, path, x, sides) for part in inside(layer)]
                x = (
                    torch.cat(parts, 1)
                    if kind == "concat"
                    else sum(parts[1:], parts[0])
                )
                if kind == "residual":
                    x = activated(x, layer["activation"])
            else:
                x = without_parameters(x, layer, self.training)
        return x


def output_width(spec: Layer) -> int:
    """How many classes the network tells apart: the outputs of its last such layer."""
    return [one["out"] for one in spec["layers"] if "out" in one][-1]


SAFETENSORS_TYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "U8": torch.uint8,
}


def read_safetensors(
    path: Union[str, Path]
) -> Tuple[Dict[str, Tensor], Dict[str, str]]:
    """The tensors of a .safetensors file by name, and its metadata."""
    data = bytearray(Path(path).read_bytes())
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        kind = SAFETENSORS_TYPES[entry["dtype"]]
        start, end = (8 + length + place for place in entry["data_offsets"])
        if start == end:
            tensors[name] = torch.empty(entry["shape"], dtype=kind)
            continue
        # A copy of its own: a tensor's bytes need not be aligned within the file.
        own = bytearray(data[start:end])
        tensors[name] = torch.frombuffer(own, dtype=kind).reshape(entry["shape"])
    return tensors, metadata


def write_safetensors(
    path: Union[str, Path], tensors: Dict[str, Tensor], metadata: Dict[str, str]
) -> None:
    """Writes float32 and int64 tensors, whole or not at all."""
    names = {kind: name for name, kind in SAFETENSORS_TYPES.items()}
    header: Dict[str, Any] = {"__metadata__": metadata}
    place, parts = 0, []
    for name, tensor in tensors.items():
        data = tensor.detach().cpu().contiguous().numpy().tobytes()
        offsets = [place, place + len(data)]
        header[name] = {
            "dtype": names[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": offsets,
        }
        place += len(data)
        parts.append(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    target = Path(path)
    temporary = target.with_name(f"{target.name}.part")
    temporary.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(parts))
    temporary.replace(target)


def register_with_timm() -> None:
    """Makes the network known to timm as its name with underscores, where timm is."""
    try:
        from timm.models import register_model
    except ImportError:
        return

    def build(pretrained: bool = False, **settings: Any) -> Network:
        classes = settings.get("num_classes") or SPEC_CLASSES
        if pretrained or classes != SPEC_CLASSES:
            raise ValueError(
                f"{SPEC['name']} has {SPEC_CLASSES} classes and no pretrained weights in timm: "
                "--initial-checkpoint initial.safetensors has its first ones"
            )
        return Network()

    build.__name__ = build.__qualname__ = SPEC["name"].replace("-", "_")
    globals()[build.__name__] = register_model(build)


SPEC_CLASSES = output_width(SPEC)
if SPEC["task"] == "classification":
    register_with_timm()
