"""How good a network is on the validation pictures, shared out to all processes."""

from __future__ import annotations

from typing import Any, Callable, Dict, Tuple

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor
from torch.utils.data import DataLoader


@torch.no_grad()
def evaluate(
    network: Callable[[Tensor], Tensor],
    pictures: DataLoader,
    recipe: Dict[str, Any],
    device: torch.device,
    world: int,
) -> Tuple[float, float]:
    """Cross-entropy without margin or smoothing; accuracy, or mean IoU of scenes."""
    classes = recipe["num_classes"]
    scale = recipe["margin_scale"] if recipe["loss"] == "amSoftmax" else 1
    is_scenes = recipe["loss"] == "pixelCrossEntropy"
    sums = torch.zeros(3, dtype=torch.float64, device=device)
    confusion = torch.zeros(
        classes**2 if is_scenes else 1, dtype=torch.int64, device=device
    )
    for x, labels in pictures:
        output, labels = network(x.to(device)) * scale, labels.to(device)
        kept = labels != 255 if is_scenes else torch.ones_like(labels, dtype=torch.bool)
        logits = output.permute(0, 2, 3, 1)[kept] if is_scenes else output
        labels = labels[kept]
        guess = logits.argmax(1)
        loss = F.cross_entropy(logits, labels, reduction="sum")
        sums += torch.stack([loss.double(), (guess == labels).sum(), kept.sum()])
        if is_scenes:
            confusion += torch.bincount(
                labels * classes + guess, minlength=classes**2
            )
    if world > 1:
        dist.all_reduce(sums)
        dist.all_reduce(confusion)
    loss_sum, right, count = (float(value) for value in sums)
    if count == 0:
        raise SystemExit(
            "there are no pictures to validate on: add them, as README.md says"
        )
    metric = mean_iou(confusion, classes) if is_scenes else right / count
    return loss_sum / count, metric


def mean_iou(confusion: Tensor, classes: int) -> float:
    """Mean intersection over union of the classes that occur; rows are true classes."""
    table = confusion.reshape(classes, classes).double()
    union = table.sum(0) + table.sum(1) - table.diagonal()
    occurs = union > 0
    return float((table.diagonal()[occurs] / union[occurs]).mean())
