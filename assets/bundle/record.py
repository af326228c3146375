"""What a training leaves in its output folder besides weights: arguments and curves.

metrics.csv has the columns of RepMLP Studio's own runs; TensorBoard's file is written
where TensorBoard is installed. A training that goes on cuts off what came after the
step that it goes on from.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, Dict

from net import SPEC

COLUMNS = (
    "type epoch step steps_per_epoch loss metric validation_loss validation_metric "
    "learning_rate images_per_second seconds verification tensors bytes"
).split()
SHOWN = ("loss", "metric", "validation_loss", "validation_metric", "learning_rate")


class Record:
    """The text files of an output folder; written by the first process alone."""

    def __init__(
        self, folder: Path, said: Dict[str, Any], epoch: int, step: int
    ) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "spec.json").write_text(json.dumps(SPEC, indent=1) + "\n")
        lines = [f"{key}: {json.dumps(value)}\n" for key, value in said.items()]
        (folder / "args.yaml").write_text("".join(lines))
        self.cut(epoch, step)
        self.board = self.open_board()

    def cut(self, epoch: int, step: int) -> None:
        """Leaves in metrics.csv what was before the step that is gone on from."""
        path = self.folder / "metrics.csv"
        rows = list(csv.DictReader(path.open())) if path.exists() else []
        part = path.with_name("metrics.csv.part")
        with part.open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            for row in rows:
                # A line that a killed process did not finish has too few cells.
                if None in row.values():
                    continue
                here = int(row["epoch"])
                is_step = row["type"] == "step" and here == epoch + 1
                if here <= epoch or (is_step and int(row["step"]) <= step):
                    writer.writerow(row)
        part.replace(path)

    def open_board(self) -> Any:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            return None
        return SummaryWriter(str(self.folder))

    def add(self, steps_done: int, **cells: Any) -> None:
        """A line of metrics.csv, told to TensorBoard as well."""
        with (self.folder / "metrics.csv").open("a", newline="") as file:
            csv.DictWriter(file, COLUMNS, lineterminator="\n").writerow(cells)
        if self.board is None:
            return
        for name in SHOWN:
            if name in cells:
                self.board.add_scalar(
                    f"{cells['type']}/{name}", cells[name], steps_done
                )
        self.board.flush()
