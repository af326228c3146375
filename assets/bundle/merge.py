"""Merges a trained network: branches and batch norms into one matrix, then checks it.

    python merge.py OUT/model_best.pth.tar merged.safetensors [--weights ema|raw]

Done in float64 and rounded once. Both forms are run on the same random pictures; only
if they agree is the file written. Needs torch and nothing else. The file opens in
RepMLP Studio, which merges in its own way: its verdict on the two is independent.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Dict, List, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor

from net import (
    SPEC,
    Layer,
    Network,
    inside,
    joined,
    read_safetensors,
    write_safetensors,
)

Tensors = Dict[str, Tensor]
# Of the largest output. In float64 both forms agree to 1e-12; float32 weights round each
# of a network's layers by 6e-8.
TOLERANCE_FLOAT64 = 1e-9
TOLERANCE_STORED = 1e-4


def scale_and_shift(weights: Tensors, bn: str, layer: Layer) -> Tuple[Tensor, Tensor]:
    """A batch norm in evaluation mode as y = x * scale + shift, per channel."""
    root = (weights[f"{bn}.running_var"] + layer.get("eps", 1e-5)).sqrt()
    scale = weights[f"{bn}.weight"] / root
    return scale, weights[f"{bn}.bias"] - weights[f"{bn}.running_mean"] * scale


def fused(weights: Tensors, conv: str, bn: str, layer: Layer) -> Tuple[Tensor, Tensor]:
    """A convolution with its batch norm as a kernel and a bias."""
    scale, shift = scale_and_shift(weights, bn, layer)
    return weights[f"{conv}.weight"] * scale.reshape(-1, 1, 1, 1), shift


def as_matrix(kernel: Tensor, channels: int, groups: int, h: int, w: int) -> Tensor:
    """The matrix of a stride-1 convolution on maps of h x w: what it makes of each pixel."""
    inputs = channels // groups * h * w
    pixels = torch.eye(inputs, dtype=kernel.dtype).repeat(1, groups)
    pixels = pixels.reshape(inputs, channels, h, w)
    made = F.conv2d(pixels, kernel, padding=kernel.shape[-1] // 2, groups=groups)
    return made.reshape(inputs, -1).t()


def merged_conv_bn(weights: Tensors, path: str, layer: Layer) -> Tensors:
    kernel, bias = fused(weights, f"{path}.conv", f"{path}.bn", layer)
    made = {f"{path}.conv.weight": kernel, f"{path}.conv.bias": bias}
    if layer["activation"] == "prelu":
        made[f"{path}.prelu.weight"] = weights[f"{path}.prelu.weight"]
    return made


def merged_perceptron(weights: Tensors, path: str, layer: Layer) -> Tensors:
    """The batch norm after the pool of the Global Perceptron goes into FC1."""
    fc1, fc2 = f"{path}.fc1_fc2.fc1", f"{path}.fc1_fc2.fc2"
    scale, shift = scale_and_shift(weights, f"{path}.avg.bn", layer)
    weight = weights[f"{fc1}.weight"]
    each = weight.shape[1] // len(scale)
    return {
        f"{fc1}.weight": weight * scale.repeat_interleave(each),
        f"{fc1}.bias": weights[f"{fc1}.bias"] + weight @ shift.repeat_interleave(each),
        f"{fc2}.weight": weights[f"{fc2}.weight"],
        f"{fc2}.bias": weights[f"{fc2}.bias"],
    }


def merged_fc3(
    weights: Tensors, path: str, layer: Layer, channels: int, groups: int
) -> Tensors:
    """FC3 with its batch norm, and the convolutions beside it, as one matrix and bias."""
    h, w = layer["h"], layer["w"]
    scale, shift = scale_and_shift(weights, f"{path}.fc3_bn", layer)
    weight = weights[f"{path}.fc3.weight"]
    # A row an output (O, h, w); RepMLPNet's batch norm has one channel for h * w of them.
    each = weight.shape[0] // len(scale)
    scale, shift = scale.repeat_interleave(each), shift.repeat_interleave(each)
    bias = shift
    if f"{path}.fc3.bias" in weights:
        bias = bias + weights[f"{path}.fc3.bias"] * scale
    matrix = weight.flatten(1) * scale[:, None]
    for K in layer["kernels"]:
        branch = f"{path}.repconv{K}"
        kernel, offset = fused(weights, f"{branch}.conv", f"{branch}.bn", layer)
        matrix = matrix + as_matrix(kernel, channels, groups, h, w)
        bias = bias + offset.repeat_interleave(h * w)
    return {
        f"{path}.fc3.weight": matrix.reshape(weight.shape),
        f"{path}.fc3.bias": bias,
    }


def merged_repmlp(weights: Tensors, path: str, layer: Layer) -> Tensors:
    made = merged_fc3(weights, path, layer, layer["C"], layer["groups"])
    if f"{path}.avg.bn.weight" in weights:
        made.update(merged_perceptron(weights, path, layer))
    return made


def merged_net_block(weights: Tensors, path: str, layer: Layer) -> Tensors:
    S = layer["shareSets"]
    gates = [
        f"{path}.gp.{fc}.{one}" for fc in ("fc1", "fc2") for one in ("weight", "bias")
    ]
    made = merged_fc3(weights, path, layer, S, S)
    return {**made, **{name: weights[name] for name in gates}}


MERGED = {
    "convBn": merged_conv_bn,
    "repmlp": merged_repmlp,
    "globalPerceptron": merged_perceptron,
    "repmlpNetBlock": merged_net_block,
}


def merge(spec: Layer, weights: Tensors) -> Tuple[Layer, Tensors]:
    """The merged network's description and its weights, of the type of those given."""
    made = dict(weights)
    layers = merged_layers(spec["layers"], "", made)
    return {**spec, "form": "merged", "layers": layers}, made


def merged_layers(layers: List[Layer], parent: str, weights: Tensors) -> List[Layer]:
    """The layers in merged form; their tensors in `weights` are replaced."""
    changed = []
    for layer in layers:
        path = joined(parent, layer["name"])
        if inside(layer):
            kinds = ("layers", "body", "shortcut")
            parts: Dict[str, Any] = {
                key: merged_layers(layer[key], path, weights)
                for key in kinds
                if key in layer
            }
            if "branches" in layer:
                parts["branches"] = [
                    merged_layers(one, path, weights) for one in layer["branches"]
                ]
            changed.append({**layer, **parts})
        elif layer["kind"] in MERGED and layer.get("fusedByMerge", True):
            made = MERGED[layer["kind"]](weights, path, layer)
            for name in [one for one in weights if one.startswith(f"{path}.")]:
                del weights[name]
            weights.update(made)
            changed.append({**layer, "form": "merged"})
        else:
            changed.append(layer)
    return changed


def trained_weights(path: Path, which: str) -> Tensors:
    """The weights of a checkpoint; where it has averaged ones as well, `which` says."""
    if path.suffix == ".safetensors":
        return read_safetensors(path)[0]
    state: Dict[str, Any] = torch.load(path, map_location="cpu")
    if "state_dict_ema" not in state:
        return state.get("state_dict", state)
    if which not in ("ema", "raw"):
        raise SystemExit(
            f"{path} holds averaged and raw weights: say --weights ema or raw"
        )
    return state["state_dict_ema" if which == "ema" else "state_dict"]


@torch.no_grad()
def output_of(spec: Layer, weights: Tensors, x: Tensor) -> Tensor:
    network = Network(spec).double().eval()
    network.load_state_dict(weights)
    return network(x)


def in_float64(weights: Tensors) -> Tensors:
    return {
        name: one.double() if one.is_floating_point() else one
        for name, one in weights.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=f"Merges a trained {SPEC['name']}.")
    parser.add_argument(
        "input", type=Path, help="checkpoint of train.py, or .safetensors"
    )
    parser.add_argument("output", type=Path, help="file to write, .safetensors")
    parser.add_argument("--weights", choices=["ema", "raw"], help="of a file with both")
    args = parser.parse_args()
    if args.output.exists():
        raise SystemExit(f"{args.output} is there already: choose another name")
    weights = in_float64(trained_weights(args.input, args.weights))
    spec, made = merge(SPEC, weights)
    stored = {
        name: one.float() if one.is_floating_point() else one
        for name, one in made.items()
    }
    size = SPEC["input"]
    generator = torch.Generator().manual_seed(0)
    shape = (2, size["channels"], size["height"], size["width"])
    x = torch.randn(shape, generator=generator, dtype=torch.float64)
    expected = output_of(SPEC, weights, x)
    largest = expected.abs().max()
    exact = float((output_of(spec, made, x) - expected).abs().max() / largest)
    rounded = float(
        (output_of(spec, in_float64(stored), x) - expected).abs().max() / largest
    )
    print(f"merged against trained: {exact:.1e} of the largest output in float64,")
    print(f"{rounded:.1e} with weights rounded to float32")
    if not (exact <= TOLERANCE_FLOAT64 and rounded <= TOLERANCE_STORED):
        raise SystemExit("the two forms are NOT the same function: nothing was written")
    write_safetensors(
        args.output, stored, {"format": "pt", "repmlp.network": json.dumps(spec)}
    )
    print(f"{args.output}: the same function, {len(stored)} tensors")


if __name__ == "__main__":
    main()
