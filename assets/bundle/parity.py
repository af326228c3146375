"""`python train.py --check`: is the arithmetic here that of the program that wrote this?

parity.safetensors holds what RepMLP Studio computed in float32 from initial.safetensors:
one batch, the network's outputs in evaluation mode before the first step and after the
last, the loss of each of ten optimizer steps on that batch, every tensor of the
state dict after one step and after ten. Here all of it is computed again in float64, so
that what is left is the rounding of float32 there.

How a difference is measured. A single number may be all cancellation (a bias that began
at 0, a mean of almost 0), so a tensor is measured as a whole, together with those it is
added to: a layer's bias with its weight, a batch norm's beta with its gamma; its running
mean against the root of its running variance. The difference is |here - there| / |there|
with Euclidean norms. Beside it stands how far the steps themselves agree: the difference
of all learned tensors over the length of the way they went, which no small learning rate
makes small.

Rates are small, so that rounding does not grow from step to step; for them to show
everything, weight decay, clipping and the average have stronger numbers in these steps
than in recipe.yaml (the file's metadata has them) wherever the recipe has them at all.
The recipe's own schedule is compared by its rates.
"""

from __future__ import annotations

import json
from typing import Any, Dict, List, Tuple

import torch
from torch import Tensor, nn

from arithmetic import (
    Average,
    Recipe,
    learning_rate,
    optimizer_of,
    recipe_loss,
    set_rate,
)
from net import HERE, SPEC, Network, read_safetensors

Tensors = Dict[str, Tensor]
TOLERANCE = 1e-5
# Of the way that ten steps went. Rounding of float32 is amplified by each step's gradient.
WAY_TOLERANCE = 1e-2


def without_dropout(layers: List[Any]) -> List[Any]:
    """The same layers, nothing left to chance."""
    changed = []
    for layer in layers:
        layer = dict(layer, rate=0.0) if layer["kind"] == "dropout" else dict(layer)
        for key in ("layers", "body", "shortcut"):
            if key in layer:
                layer[key] = without_dropout(layer[key])
        if "branches" in layer:
            layer["branches"] = [
                without_dropout(branch) for branch in layer["branches"]
            ]
        changed.append(layer)
    return changed


def part(tensors: Tensors, prefix: str) -> Tensors:
    """The tensors whose names begin with `prefix`, without it."""
    return {
        name[len(prefix) :]: one
        for name, one in tensors.items()
        if name.startswith(prefix)
    }


def length(tensors: List[Tensor]) -> float:
    """Euclidean norm of several tensors as one."""
    return float(
        torch.stack([one.double().square().sum() for one in tensors]).sum().sqrt()
    )


def distance(here: List[Tensor], there: List[Tensor]) -> float:
    return length([a.double() - b.double() for a, b in zip(here, there)])


def relative(here: List[Tensor], there: List[Tensor]) -> float:
    whole = length(there)
    return distance(here, there) / whole if whole > 0 else distance(here, there)


def differences(here: Tensors, there: Tensors) -> Dict[str, float]:
    """Relative difference of each layer's learned tensors, and of its running statistics."""
    found: Dict[str, float] = {}
    layers = sorted({name.rpartition(".")[0] for name in there})
    for layer in layers:
        names = [
            f"{layer}.{suffix}"
            for suffix in ("weight", "bias")
            if f"{layer}.{suffix}" in there
        ]
        if names:
            found[f"{layer} (weight, bias)"] = relative(
                [here[name] for name in names], [there[name] for name in names]
            )
        mean, variance = f"{layer}.running_mean", f"{layer}.running_var"
        if mean in there:
            root = length([there[variance].clamp(min=0).sqrt()])
            found[mean] = distance([here[mean]], [there[mean]]) / root
            found[variance] = relative([here[variance]], [there[variance]])
    return found


class Steps:
    """Ten steps on the batch: their losses, the state after some, the average after all."""

    def __init__(self, network: nn.Module, parity: Tensors, recipe: Recipe) -> None:
        self.losses: List[float] = []
        self.kept: Dict[int, Tensors] = {}
        self.average = None
        if recipe["model_ema"]:
            self.average = Average(network, recipe["model_ema_decay"])
        images, targets = parity["input.images"].double(), parity["input.targets"]
        targets = targets.double() if targets.is_floating_point() else targets.long()
        optimizer = optimizer_of(network, recipe)
        network.train()
        for number, rate in enumerate(parity["rates"].tolist(), 1):
            set_rate(optimizer, rate)
            loss, _ = recipe_loss(network(images), targets, recipe)
            optimizer.zero_grad()
            loss.backward()
            if recipe["clip_grad"] is not None:
                nn.utils.clip_grad_norm_(network.parameters(), recipe["clip_grad"])
            optimizer.step()
            if self.average is not None:
                self.average.follow(network)
            self.losses.append(float(loss))
            state = network.state_dict()
            if f"after{number}.{next(iter(state))}" in parity:
                self.kept[number] = {
                    name: one.detach().clone() for name, one in state.items()
                }


@torch.no_grad()
def outputs(network: nn.Module, images: Tensor) -> Tensor:
    network.eval()
    return network(images.double()).flatten(1)


class Judge:
    """Prints what was compared; remembers whether all of it held."""

    def __init__(self) -> None:
        self.holds = True

    def says(self, what: str, difference: float, tolerance: float) -> None:
        is_right = difference <= tolerance
        self.holds = self.holds and is_right
        sign = "ok  " if is_right else "FAIL"
        print(f"{sign} {what}: {difference:.2e}, at most {tolerance:.0e}")


def check(recipe: Recipe) -> int:
    """0 where the arithmetic is the same; 1 where it is not, naming what is different."""
    path = HERE / "parity.safetensors"
    if not path.exists():
        print(
            "there is no parity.safetensors: README.md says why, so nothing was checked"
        )
        return 2
    parity, about = read_safetensors(path)
    initial, _ = read_safetensors(HERE / "initial.safetensors")
    network = Network({**SPEC, "layers": without_dropout(SPEC["layers"])})
    network.load_state_dict(initial)
    network.double()
    print(
        f"{SPEC['name']}: float64 here, float32 ({about['backend']}) in RepMLP Studio"
    )
    judge = Judge()
    check_schedule(judge, parity, recipe, json.loads(about["schedule"]))
    images = parity["input.images"]
    before = relative([outputs(network, images)], [parity["outputs.before"]])
    judge.says("outputs before training", before, TOLERANCE)
    made = Steps(network, parity, {**recipe, **json.loads(about["instead"])})
    apart = max(
        abs(a - b) / abs(b) for a, b in zip(made.losses, parity["losses"].tolist())
    )
    judge.says(f"losses of {len(made.losses)} steps", apart, TOLERANCE)
    learned = [name for name, _ in network.named_parameters()]
    for number, here in made.kept.items():
        check_state(
            judge, number, here, part(parity, f"after{number}."), initial, learned
        )
    if made.average is not None:
        found = differences(made.average.values, part(parity, "average."))
        judge.says("the moving average", max(found.values()), TOLERANCE)
        network.load_state_dict(made.average.values)
    after = relative([outputs(network, images)], [parity["outputs.after"]])
    judge.says("outputs after training", after, TOLERANCE)
    print(
        "the arithmetic is the same"
        if judge.holds
        else "the arithmetic is NOT the same"
    )
    return 0 if judge.holds else 1


def check_schedule(judge: Judge, parity: Tensors, recipe: Recipe, about: Any) -> None:
    """The learning rates of a whole run, at places all over it."""
    places = parity["schedule.iterations"].tolist()
    here = [learning_rate(recipe, place, about["stepsPerEpoch"]) for place in places]
    there = parity["schedule.rates"].tolist()
    apart = max(abs(a - b) / recipe["lr"] for a, b in zip(here, there))
    judge.says(f"learning rates at {len(places)} places of the run", apart, 1e-12)


def check_state(
    judge: Judge,
    number: int,
    here: Tensors,
    there: Tensors,
    initial: Tensors,
    learned: List[str],
) -> None:
    after = "after 1 step" if number == 1 else f"after {number} steps"
    missing = set(here) ^ set(there)
    if missing:
        raise SystemExit(
            f"parity.safetensors and net.py have other tensors: {sorted(missing)}"
        )
    found = differences(here, there)
    worst = max(found, key=lambda name: found[name])
    judge.says(
        f"{len(found)} tensors {after}, the worst {worst}", found[worst], TOLERANCE
    )
    if number > 1:
        way = length([there[name] - initial[name] for name in learned])
        share = way / length([initial[name] for name in learned])
        apart = distance(
            [here[name] for name in learned], [there[name] for name in learned]
        )
        judge.says(
            f"their way, {100 * share:.2g} % of their length",
            apart / way,
            WAY_TOLERANCE,
        )
    counters = [name for name in there if name.endswith("num_batches_tracked")]
    if any(int(here[name]) != int(there[name]) for name in counters):
        judge.says("batches counted", float("inf"), 0)
