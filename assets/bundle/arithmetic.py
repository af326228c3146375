"""What a step of training computes: schedule, optimizer, loss, average, and the recipe.

`python train.py --check` holds these functions, and net.py, against the numbers that
RepMLP Studio computed with this network and this recipe (parity.safetensors).
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Dict, List, Tuple

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor, nn

from net import HERE

Recipe = Dict[str, Any]


def read_recipe(path: Path = HERE / "recipe.yaml") -> Recipe:
    """recipe.yaml: a key and its value a line, as JSON has it or as a plain word."""
    recipe: Recipe = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        if not colon:
            continue
        try:
            recipe[key.strip()] = json.loads(value)
        except json.JSONDecodeError:
            recipe[key.strip()] = value.strip()
    return recipe


def learning_rate(recipe: Recipe, iteration: int, steps_per_epoch: int) -> float:
    """The rate of a step, counted from 0: a line up to the peak, then the schedule."""
    base, least, kind = recipe["lr"], recipe["min_lr"], recipe["sched"]
    warmup = recipe["warmup_epochs"] * steps_per_epoch
    if iteration < warmup:
        return recipe["warmup_lr"] + (base - recipe["warmup_lr"]) * iteration / warmup
    share = min(1.0, iteration / (steps_per_epoch * recipe["epochs"]))
    if kind == "cosine":
        return least + 0.5 * (base - least) * (1 + math.cos(math.pi * share))
    if kind == "poly":
        return least + (base - least) * (1 - share) ** recipe["decay_rate"]
    if kind == "steps":
        return base / 10 ** sum(iteration >= one for one in recipe["milestones"])
    if kind == "constant":
        return base
    raise SystemExit(
        f"recipe.yaml: sched is cosine, poly, steps or constant, not {kind}"
    )


def optimizer_of(network: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """SGD or AdamW; biases and whatever has one axis may be left without weight decay."""
    groups: Dict[bool, List[nn.Parameter]] = {True: [], False: []}
    for parameter in network.parameters():
        groups[parameter.ndim > 1 or not recipe["decay_matrices_only"]].append(
            parameter
        )
    parameters = [
        {"params": some, "weight_decay": recipe["weight_decay"] if decays else 0.0}
        for decays, some in groups.items()
        if some
    ]
    if recipe["opt"] == "adamw":
        first, second = recipe["opt_betas"]
        eps = recipe["opt_eps"]
        return torch.optim.AdamW(parameters, lr=0.0, betas=(first, second), eps=eps)
    # As timm calls them: `sgd` has Nesterov's step, `momentum` has not.
    nesterov, momentum = recipe["opt"] == "sgd", recipe["momentum"]
    return torch.optim.SGD(parameters, lr=0.0, momentum=momentum, nesterov=nesterov)


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate


def loss_of(output: Tensor, targets: Tensor, recipe: Recipe, counted: Any) -> Tensor:
    """Mean over samples, targets (N, classes); or over `counted` pixels, targets (N, H, W)."""
    if recipe["loss"] == "pixelCrossEntropy":
        size = tuple(targets.shape[1:])
        output = F.interpolate(output, size=size, mode="bilinear", align_corners=True)
        total = F.cross_entropy(output, targets, ignore_index=255, reduction="sum")
        return total / counted
    if recipe["loss"] == "amSoftmax":
        output = (output - targets * recipe["margin"]) * recipe["margin_scale"]
    return -(targets * F.log_softmax(output, 1)).sum() / len(output)


def recipe_loss(
    made: Any, targets: Tensor, recipe: Recipe, world: int = 1
) -> Tuple[Tensor, Tensor]:
    """The loss, side heads' added with their weight; and the network's own output.

    Of pixels, those of all processes count together: DDP takes the mean over processes.
    """
    output, sides = made if isinstance(made, tuple) else (made, [])
    counted: Any = 1
    if recipe["loss"] == "pixelCrossEntropy":
        count = (targets != 255).sum()
        if world > 1:
            dist.all_reduce(count)
        counted = count.clamp(min=1) / world
    loss = loss_of(output, targets, recipe, counted)
    for side in sides:
        loss = loss + recipe["auxiliary_weight"] * loss_of(
            side, targets, recipe, counted
        )
    return loss, output


class Average:
    """The moving average (EMA) of everything in a state dict; counters are copied."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.decay = decay
        self.values = {
            name: value.clone() for name, value in network.state_dict().items()
        }

    @torch.no_grad()
    def follow(self, network: nn.Module) -> None:
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                self.values[name].mul_(self.decay).add_(value, alpha=1 - self.decay)
            else:
                self.values[name].copy_(value)


def share_right(output: Tensor, targets: Tensor) -> Tensor:
    """Share of samples, or of pixels that count, whose largest output is at the target."""
    if targets.ndim == 2:
        return (output.argmax(1) == targets.argmax(1)).float().mean()
    kept = targets != 255
    return ((output.argmax(1) == targets) & kept).sum() / kept.sum().clamp(min=1)
