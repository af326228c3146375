"""Trains the network of this folder by recipe.yaml, on one process or on many.

    python train.py --check                          # its arithmetic, in seconds
    torchrun --nproc_per_node=8 train.py --data FOLDER --output OUT

One process a GPU (NCCL), or a few on the CPU (gloo). The batch of recipe.yaml is that
of all processes together. A training that was ended, by a signal or amid a step, goes
on from OUT/last.pth.tar with the same command: with as many processes it ends with the
weights of one that was never interrupted, and with another number it goes on as well.
"""

from __future__ import annotations

import argparse
import math
import os
import signal
import time
from contextlib import nullcontext
from pathlib import Path
from random import Random
from typing import Any, Dict, List, Optional, Tuple

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from data import Order, Pictures, loader_of, mixed, soft_targets
from arithmetic import (
    Average,
    Recipe,
    learning_rate,
    optimizer_of,
    read_recipe,
    recipe_loss,
    set_rate,
    share_right,
)
from evaluation import evaluate
from net import HERE, SPEC, Network, read_safetensors
from record import Record

LAST = "last.pth.tar"
SECONDS_BETWEEN_SAVES = 300


class Signals:
    """SIGTERM, SIGUSR1 or Ctrl-C: the step under way is done, then all stop together."""

    def __init__(self, world: int) -> None:
        self.asked, self.world = False, world
        # Of its own and on the CPU, so that asking does not wait for the GPU.
        self.group = dist.new_group(backend="gloo") if world > 1 else None
        for kind in (signal.SIGTERM, signal.SIGUSR1, signal.SIGINT):
            signal.signal(kind, self.ask)

    def ask(self, *_: Any) -> None:
        self.asked = True

    def are_agreed(self, also: bool = False) -> Tuple[bool, bool]:
        """Whether any process was asked to stop, and whether `also` holds in any."""
        flags = torch.tensor([self.asked, also], dtype=torch.int32)
        if self.group is not None:
            dist.all_reduce(flags, dist.ReduceOp.MAX, group=self.group)
        return bool(flags[0]), bool(flags[1])


class Training:
    """A network in training: what its processes hold, and what the first of them writes."""

    def __init__(self, args: argparse.Namespace, recipe: Recipe) -> None:
        self.args, self.recipe = args, recipe
        self.rank = int(os.environ.get("RANK", "0"))
        self.world = int(os.environ.get("WORLD_SIZE", "1"))
        local = int(os.environ.get("LOCAL_RANK", "0"))
        is_cuda = torch.cuda.is_available()
        self.device = torch.device("cuda", local) if is_cuda else torch.device("cpu")
        if is_cuda:
            torch.cuda.set_device(self.device)
        if self.world > 1:
            dist.init_process_group("nccl" if is_cuda else "gloo")
        self.signals = Signals(self.world)
        network: Any = Network()
        network.load_state_dict(read_safetensors(HERE / "initial.safetensors")[0])
        self.network: Any = network.to(self.device, memory_format=torch.channels_last)
        if args.sync_bn and self.world > 1:
            self.network = nn.SyncBatchNorm.convert_sync_batchnorm(self.network)
        self.optimizer = optimizer_of(self.network, recipe)
        decay = recipe["model_ema_decay"]
        self.average = Average(self.network, decay) if recipe["model_ema"] else None
        self.amp = {"bf16": torch.bfloat16, "fp16": torch.float16}.get(args.amp)
        self.scaler = torch.cuda.amp.GradScaler(enabled=args.amp == "fp16" and is_cuda)
        self.epoch, self.step, self.best, self.best_epoch = 0, 0, -1.0, 0
        self.loss_sum = self.metric_sum = self.seconds = 0.0
        self.record: Optional[Record] = None
        self.resume()
        self.model = (
            DistributedDataParallel(self.network) if self.world > 1 else self.network
        )
        self.open_data()

    def open_data(self) -> None:
        folder, workers = Path(self.args.data), self.args.workers
        pictures = Pictures(folder, self.recipe, True)
        self.order = Order(len(pictures), self.recipe, self.rank, self.world)
        self.batches = loader_of(pictures, self.order, workers)
        others = Pictures(folder, self.recipe, False)
        own = range(self.rank, len(others), self.world)
        size = self.order.own
        groups = [
            [(0, at) for at in own[i : i + size]] for i in range(0, len(own), size)
        ]
        self.validation = loader_of(others, groups, workers)

    @property
    def output(self) -> Path:
        return Path(self.args.output)

    def state(self) -> Dict[str, Any]:
        names = (
            "epoch",
            "step",
            "best",
            "best_epoch",
            "loss_sum",
            "metric_sum",
            "seconds",
        )
        return {
            "arch": SPEC["name"],
            "state_dict": self.network.state_dict(),
            **({"state_dict_ema": self.average.values} if self.average else {}),
            "optimizer": self.optimizer.state_dict(),
            "scaler": self.scaler.state_dict(),
            "position": {name: getattr(self, name) for name in names},
            "args": {**self.recipe, **vars(self.args), "world_size": self.world},
        }

    def save(self, *names: str) -> None:
        """Writes the state under each name, whole or not at all."""
        if self.rank == 0 and not self.args.dry_run:
            for name in names:
                part = self.output / f"{name}.part"
                torch.save(self.state(), part)
                part.replace(self.output / name)
        if self.world > 1:
            dist.barrier()

    def resume(self) -> None:
        if self.args.dry_run:
            return
        path = self.output / LAST
        if path.exists():
            state = torch.load(path, map_location=self.device)
            self.network.load_state_dict(state["state_dict"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.scaler.load_state_dict(state["scaler"])
            if self.average:
                self.average.values = state["state_dict_ema"]
            vars(self).update(state["position"])
            here = f"epoch {self.epoch}, step {self.step}"
            self.say(f"going on after {here}, from {path}")
        if self.rank == 0:
            said: Dict[str, Any] = {**self.recipe, **vars(self.args)}
            said.update(world_size=self.world, torch=torch.__version__)
            said.update(device=self.device.type)
            self.record = Record(self.output, said, self.epoch, self.step)

    def log(self, **cells: Any) -> None:
        if self.record is not None:
            steps = self.order.steps
            self.record.add(
                (cells["epoch"] - 1) * steps + cells.get("step", steps), **cells
            )

    def say(self, text: str) -> None:
        if self.rank == 0:
            print(text, flush=True)

    def autocast(self) -> Any:
        return torch.autocast(self.device.type, self.amp) if self.amp else nullcontext()

    def batch_of(self, x: Any, labels: Tensor) -> Tuple[Tensor, Tensor]:
        x = x.to(self.device, non_blocking=True, memory_format=torch.channels_last)
        labels = labels.to(self.device, non_blocking=True)
        if self.recipe["loss"] == "pixelCrossEntropy":
            return x, labels
        targets = soft_targets(
            labels, self.network.num_classes, self.recipe["smoothing"]
        )
        random = Random(f"{self.recipe['seed']}/mix/{self.epoch}/{self.step}")
        return mixed(x, targets, self.recipe, random)

    def train_step(self, x: Tensor, labels: Tensor) -> Tuple[Tensor, float]:
        """One step; [loss, share of right answers] of this process, and the rate."""
        iteration = self.epoch * self.order.steps + self.step
        # What dropout draws follows from the step, so that it does after a restart, too.
        torch.manual_seed(
            (self.recipe["seed"] * 1_000_003 + iteration) * 1009 + self.rank
        )
        rate = learning_rate(self.recipe, iteration, self.order.steps)
        set_rate(self.optimizer, rate)
        x, targets = self.batch_of(x, labels)
        with self.autocast():
            made = self.model(x)
        loss, output = recipe_loss(as_float(made), targets, self.recipe, self.world)
        self.optimizer.zero_grad(set_to_none=True)
        self.scaler.scale(loss).backward()
        self.scaler.unscale_(self.optimizer)
        if self.recipe["clip_grad"] is not None:
            nn.utils.clip_grad_norm_(
                self.network.parameters(), self.recipe["clip_grad"]
            )
        self.scaler.step(self.optimizer)
        self.scaler.update()
        if self.average:
            self.average.follow(self.network)
        right = share_right(output.detach(), targets)
        return torch.stack([loss.detach(), right]), rate

    def mean_over_processes(self, values: Tensor) -> List[float]:
        if self.world > 1:
            dist.all_reduce(values)
            values = values / self.world
        return [float(value) for value in values]

    def train_epoch(self) -> bool:
        """The steps that are left of the epoch; whether it was done to its end."""
        self.order.epoch, self.order.step = self.epoch, self.step
        self.model.train()
        unread: List[Tensor] = []
        since = saved = time.monotonic()
        for x, labels in self.batches:
            found, rate = self.train_step(x, labels)
            unread.append(found)
            self.step += 1
            now = time.monotonic()
            is_last = self.step == self.order.steps
            ends, is_due = self.signals.are_agreed(now - saved > SECONDS_BETWEEN_SAVES)
            if ends or is_last or is_due or len(unread) >= self.args.log_every:
                pace = (now - since) / len(unread)
                self.report(torch.stack(unread).mean(0), len(unread), rate, pace)
                unread, since = [], now
            if (ends or is_due) and not is_last:
                self.save(LAST)
                saved = now
            if ends and not is_last:
                return False
            if self.args.dry_run and self.step >= 3:
                break
        return True

    def report(self, means: Tensor, count: int, rate: float, pace: float) -> None:
        loss, metric = self.mean_over_processes(means)
        if not math.isfinite(loss):
            raise SystemExit(f"the loss is {loss} in epoch {self.epoch + 1}: lower lr")
        self.loss_sum += loss * count
        self.metric_sum += metric * count
        self.seconds += pace * count
        cells = {
            "epoch": self.epoch + 1,
            "step": self.step,
            "loss": loss,
            "metric": metric,
        }
        speed = self.order.batch / pace
        more = {"learning_rate": rate, "images_per_second": speed, "seconds": pace}
        self.log(type="step", steps_per_epoch=self.order.steps, **cells, **more)
        self.say(
            f"epoch {self.epoch + 1} step {self.step}/{self.order.steps}: loss {loss:.4f}, "
            f"right {metric:.4f}, rate {rate:.3g}, {speed:.1f} images/s"
        )

    def validate(self) -> Tuple[float, float]:
        """Loss, and accuracy or mean IoU, on the validation pictures (of the average)."""
        trained = {name: one.clone() for name, one in self.network.state_dict().items()}
        if self.average:
            self.network.load_state_dict(self.average.values)
        found = evaluate(
            self.evaluated, self.validation, self.recipe, self.device, self.world
        )
        self.network.load_state_dict(trained)
        return found

    def evaluated(self, x: Tensor) -> Tensor:
        self.network.eval()
        with self.autocast():
            return self.network(x).float()

    def run(self) -> None:
        recipe, steps = self.recipe, self.order.steps
        while self.epoch < recipe["epochs"]:
            if self.step < steps and not self.train_epoch():
                return self.say(
                    f"stopped in epoch {self.epoch + 1} after step {self.step}"
                )
            loss, metric = self.validate()
            if self.args.dry_run:
                return self.say(f"dry run: {self.used()}; nothing was written")
            done = max(1, self.step)
            self.epoch += 1
            rate = learning_rate(recipe, self.epoch * steps - 1, steps)
            means = {"loss": self.loss_sum / done, "metric": self.metric_sum / done}
            checked = {"validation_loss": loss, "validation_metric": metric}
            more = {"learning_rate": rate, "seconds": self.seconds}
            self.log(type="epoch", epoch=self.epoch, **means, **checked, **more)
            self.say(
                f"epoch {self.epoch}: validation loss {loss:.4f}, metric {metric:.4f}"
            )
            self.step, self.loss_sum, self.metric_sum, self.seconds = 0, 0.0, 0.0, 0.0
            is_best = metric > self.best
            if is_best:
                self.best, self.best_epoch = metric, self.epoch
            every = recipe["checkpoint_every_epochs"]
            is_kept = self.epoch % every == 0 or self.epoch == recipe["epochs"]
            names = [f"checkpoint-{self.epoch}.pth.tar"] if is_kept or is_best else []
            self.save(*names, *(["model_best.pth.tar"] if is_best else []), LAST)
            if self.has_reached_end():
                break
            if self.signals.are_agreed()[0] and self.epoch < recipe["epochs"]:
                return self.say(f"stopped after epoch {self.epoch}")
        if self.rank == 0:
            (self.output / "finished").touch()
        self.say(
            f"finished: best validation metric {self.best:.4f} in epoch {self.best_epoch}"
        )

    def has_reached_end(self) -> bool:
        """Whether the recipe's condition to end early holds."""
        metric, patience = self.recipe["stop_metric"], self.recipe["stop_patience"]
        is_good = metric is not None and self.best >= metric
        is_stuck = patience is not None and self.epoch - self.best_epoch >= patience
        return is_good or is_stuck

    def used(self) -> str:
        """How fast it was, and the memory it took."""
        hours = (
            self.seconds / self.step * self.order.steps * self.recipe["epochs"] / 3600
        )
        memory = torch.cuda.max_memory_allocated() if self.device.type == "cuda" else 0
        size = f", {memory / 2**30:.1f} GiB a GPU" if memory else ""
        return f"about {hours:.1f} hours with {self.world} processes at this pace{size}"


def as_float(made: Any) -> Any:
    """Outputs of mixed precision as float32."""
    if isinstance(made, tuple):
        return made[0].float(), [side.float() for side in made[1]]
    return made.float()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=f"Trains {SPEC['name']} by recipe.yaml."
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="hold the arithmetic against parity.safetensors",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="three steps, nothing written"
    )
    parser.add_argument("--data", help="folder of pictures, as README.md says")
    parser.add_argument(
        "--output", default="output", help="folder to write, or to go on in"
    )
    parser.add_argument(
        "--amp", choices=["none", "bf16", "fp16"], help="default: bf16 on a GPU"
    )
    parser.add_argument(
        "--sync-bn", action="store_true", help="batch norms over all GPUs"
    )
    parser.add_argument(
        "--workers", type=int, default=4, help="processes that read pictures"
    )
    parser.add_argument(
        "--log-every", type=int, default=10, help="steps between two reports"
    )
    return parser.parse_args()


def main() -> None:
    args, recipe = arguments(), read_recipe()
    if args.check:
        from parity import check

        raise SystemExit(check(recipe))
    if args.data is None:
        raise SystemExit("say what to train on: --data FOLDER")
    args.amp = args.amp or ("bf16" if torch.cuda.is_available() else "none")
    Training(args, recipe).run()
    if dist.is_initialized():
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
