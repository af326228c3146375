"""Pictures from folders to batches: found, cut, changed, normalised, mixed.

What happens to a picture is drawn from (seed, epoch, its number) alone, so that a
training that was interrupted, or goes on with other processes, sees the same pictures
again. Sizes, shares and ranges are those of RepMLP Studio, which wrote this folder;
its random numbers are others, so single pictures differ. Needs torch and Pillow.
"""

from __future__ import annotations

import math
from pathlib import Path
from random import Random
from typing import Any, Callable, Dict, Iterator, List, Tuple

import torch
from PIL import Image, ImageEnhance, ImageOps
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

Recipe = Dict[str, Any]
Item = Tuple[Image.Image, Any]  # a picture and its class, or its map of classes
IGNORED = 255
ENDINGS = {".png", ".jpg", ".jpeg"}
VALIDATION_FOLDERS = ("val", "valid", "validation", "dev")
CITYSCAPES_IDS = (
    7,
    8,
    11,
    12,
    13,
    17,
    19,
    20,
    21,
    22,
    23,
    24,
    25,
    26,
    27,
    28,
    31,
    32,
    33,
)


def class_files(root: Path, names: List[str]) -> List[Tuple[Path, int]]:
    """The pictures of root/CLASS/*, in order, with their class's number."""
    found = []
    for number, name in enumerate(names):
        files = sorted((root / name).rglob("*"))
        found += [(file, number) for file in files if file.suffix.lower() in ENDINGS]
    return found


def classes_of(root: Path) -> List[str]:
    return sorted(folder.name for folder in root.iterdir() if folder.is_dir())


def labelled_files(folder: Path, is_training: bool) -> List[Tuple[Path, int]]:
    """train/CLASS/* or val/CLASS/*; without val/ every tenth picture is for validation."""
    if not (folder / "train").is_dir():
        raise SystemExit(
            f"{folder}: expected train/CLASS/*.jpg in it (people: train/PERSON)"
        )
    names = classes_of(folder / "train")
    others = [folder / name for name in VALIDATION_FOLDERS if (folder / name).is_dir()]
    if others:
        return class_files(folder / "train" if is_training else others[0], names)
    every = class_files(folder / "train", names)
    return [one for place, one in enumerate(every) if (place % 10 != 9) == is_training]


def scene_files(folder: Path, is_training: bool) -> List[Tuple[Path, Path]]:
    """The pictures of Cityscapes with their label maps; train ids where there are some."""
    root = folder / "leftImg8bit" / ("train" if is_training else "val")
    pairs = []
    for image in sorted(root.glob("*/*_leftImg8bit.png")):
        place = folder / "gtFine" / root.name / image.parent.name
        stem = image.name.replace("_leftImg8bit.png", "_gtFine_label")
        train_ids, ids = place / f"{stem}TrainIds.png", place / f"{stem}Ids.png"
        pairs.append((image, train_ids if train_ids.exists() else ids))
    if not pairs:
        raise SystemExit(
            f"{root}: expected CITY/*_leftImg8bit.png in it, as Cityscapes has"
        )
    return pairs


def classes_of_ids(labels: Image.Image) -> Image.Image:
    """Cityscapes' 34 label ids as the 19 classes of its benchmark; 255 does not count."""
    table = [IGNORED] * 256
    for number, label in enumerate(CITYSCAPES_IDS):
        table[label] = number
    return labels.point(table)


def resized(item: Item, height: int, width: int) -> Item:
    image, label = item
    if isinstance(label, Image.Image):
        label = label.resize((width, height), Image.Resampling.NEAREST)
    return image.resize((width, height), Image.Resampling.BILINEAR), label


def cropped(item: Item, left: int, top: int, height: int, width: int) -> Item:
    """A part, which may reach beyond the edges: outside it is black and does not count."""
    image, label = item
    box = (left, top, left + width, top + height)
    if isinstance(label, Image.Image):
        outside = Image.new("L", (width, height), IGNORED)
        counted = Image.new("L", label.size, 1).crop(box)
        outside.paste(label.crop(box), mask=counted.point(lambda value: 255 * value))
        label = outside
    return image.crop(box), label


def mirrored(item: Item) -> Item:
    image, label = item
    return ImageOps.mirror(image), (
        ImageOps.mirror(label) if isinstance(label, Image.Image) else label
    )


def place_of(box: int, length: int, random: Random) -> int:
    """Where a box stands; one larger than the picture may stand anywhere around it."""
    return min(0, length - box) + random.randrange(abs(length - box) + 1)


def pad_crop_flip(
    item: Item, random: Random, size: Tuple[int, int], padding: float
) -> Item:
    left, top = (
        random.randrange(2 * int(padding) + 1) - int(padding) for _ in range(2)
    )
    width, height = item[0].size
    return flip(cropped(item, left, top, height, width), random, size)


def flip(item: Item, random: Random, size: Tuple[int, int]) -> Item:
    return mirrored(item) if random.random() < 0.5 else item


def random_resized_crop(
    item: Item, random: Random, size: Tuple[int, int], least: float = 0.08
) -> Item:
    """A part of `least` to 1 of the area, its aspect 3/4 to 4/3, resized to the input."""
    width, height = item[0].size
    for _ in range(10):
        area = width * height * random.uniform(least, 1)
        aspect = math.exp(random.uniform(-1, 1) * math.log(4 / 3))
        h, w = round(math.sqrt(area / aspect)), round(math.sqrt(area * aspect))
        if 0 < h <= height and 0 < w <= width:
            left, top = place_of(w, width, random), place_of(h, height, random)
            return resized(cropped(item, left, top, h, w), *size)
    h, w = min(height, round(width * 4 / 3)), min(width, round(height * 4 / 3))
    return resized(cropped(item, (width - w) // 2, (height - h) // 2, h, w), *size)


def random_scale_crop(
    item: Item,
    random: Random,
    size: Tuple[int, int],
    least: float = 0.5,
    most: float = 2,
) -> Item:
    """The scene scaled by `least` to `most` and cut, or padded, to the input."""
    scale = random.uniform(least, most)
    h, w = (max(1, round(length / scale)) for length in size)
    left, top = (
        place_of(box, length, random) for box, length in zip((w, h), item[0].size)
    )
    return resized(cropped(item, left, top, h, w), *size)


# AutoAugment's ImageNet policy (arXiv 1805.09501, table 9): two operations each, with
# probability and magnitude.
POLICY = """
posterize .4 8 rotate .6 9; solarize .6 5 autoContrast .6 5; equalize .8 8 equalize .6 3;
posterize .6 7 posterize .6 6; equalize .4 7 solarize .2 4; equalize .4 4 rotate .8 8;
solarize .6 3 equalize .6 7; posterize .8 5 equalize 1 2; rotate .2 3 solarize .6 8;
equalize .6 8 posterize .4 6; rotate .8 8 color .4 0; rotate .4 9 equalize .6 2;
equalize 0 7 equalize .8 8; invert .6 4 equalize 1 8; color .6 4 contrast 1 8;
rotate .8 8 color 1 2; color .8 8 solarize .8 7; sharpness .4 7 invert .6 8;
shearX .6 5 equalize 1 9; color .4 0 equalize .6 3; equalize .4 7 solarize .2 4;
solarize .6 5 autoContrast .6 5; invert .6 4 equalize 1 8; color .6 4 contrast 1 8;
equalize .8 8 equalize .6 3
"""
AUTO_AUGMENT = [policy.split() for policy in POLICY.split(";")]
OPERATIONS = (
    "shearX shearY translateX translateY rotate autoContrast invert equalize solarize "
    "solarizeAdd posterize contrast color brightness sharpness"
).split()
GREY = (128, 128, 128)


def warped(
    image: Image.Image, matrix: Tuple[float, float, float, float], x: float, y: float
) -> Image.Image:
    """Each pixel from (x', y') = matrix (x, y) + (x, y), seen from the centre; grey outside."""
    a, b, c, d = matrix
    cx, cy = image.width / 2, image.height / 2
    shift_x, shift_y = cx - a * cx - b * cy + x, cy - c * cx - d * cy + y
    return image.transform(
        image.size,
        Image.Transform.AFFINE,
        (a, b, shift_x, c, d, shift_y),
        Image.Resampling.NEAREST,
        fillcolor=GREY,
    )


def operated(
    image: Image.Image, name: str, level: float, is_policy: bool, random: Random
) -> Image.Image:
    """An operation at `level` (1: AutoAugment's full strength).

    Strengths are AutoAugment's for its policy; elsewhere those of the code that trained
    the released RepMLPNets.
    """
    sign = -1 if random.random() < 0.5 else 1
    factor = 1 + sign * 0.9 * level if is_policy else 0.1 + 1.8 * level
    threshold = 256 * (1 - level) if is_policy else math.floor(256 * level)
    bits = round(8 - 4 * level) if is_policy else math.floor(4 * level)
    shear = sign * 0.3 * level
    angle = math.radians(sign * 30 * level)
    turn = (math.cos(angle), -math.sin(angle), math.sin(angle), math.cos(angle))
    operations: Dict[str, Callable[[], Image.Image]] = {
        # Each row by its distance from the upper edge, each column by that from the left.
        "shearX": lambda: warped(image, (1, shear, 0, 1), shear * image.height / 2, 0),
        "shearY": lambda: warped(image, (1, 0, shear, 1), 0, shear * image.width / 2),
        "translateX": lambda: warped(
            image, (1, 0, 0, 1), sign * 0.45 * level * image.width, 0
        ),
        "translateY": lambda: warped(
            image, (1, 0, 0, 1), 0, sign * 0.45 * level * image.height
        ),
        "rotate": lambda: warped(image, turn, 0, 0),
        "autoContrast": lambda: ImageOps.autocontrast(image),
        "invert": lambda: ImageOps.invert(image),
        "equalize": lambda: ImageOps.equalize(image),
        "solarize": lambda: ImageOps.solarize(image, threshold),
        "solarizeAdd": lambda: image.point(
            lambda value: min(255, round(value + 110 * level)) if value < 128 else value
        ),
        "posterize": lambda: image.point(
            lambda value: value & (0xFF << (8 - bits)) & 0xFF
        ),
        "contrast": lambda: ImageEnhance.Contrast(image).enhance(factor),
        "color": lambda: ImageEnhance.Color(image).enhance(factor),
        "brightness": lambda: ImageEnhance.Brightness(image).enhance(factor),
        "sharpness": lambda: ImageEnhance.Sharpness(image).enhance(factor),
    }
    return operations[name]()


def auto_augment(item: Item, random: Random, size: Tuple[int, int]) -> Item:
    image, label = item
    policy = random.choice(AUTO_AUGMENT)
    for name, probability, magnitude in (policy[:3], policy[3:]):
        if random.random() < float(probability):
            image = operated(image, name, float(magnitude) / 10, True, random)
    return image, label


def rand_augment(
    item: Item,
    random: Random,
    size: Tuple[int, int],
    magnitude: float = 9,
    count: float = 2,
) -> Item:
    """`count` operations, each of a whole magnitude drawn below `magnitude`."""
    image, label = item
    for _ in range(int(count)):
        name = random.choice(OPERATIONS)
        level = random.randrange(max(1, math.ceil(magnitude))) / 10
        image = operated(image, name, level, False, random)
    return image, label


AUGMENTATIONS: Dict[str, Callable[..., Item]] = {
    "padCropFlip": pad_crop_flip,
    "flip": flip,
    "randomResizedCrop": random_resized_crop,
    "randomScaleCrop": random_scale_crop,
    "autoAugment": auto_augment,
    "randAugment": rand_augment,
}


def fitted(item: Item, height: int, width: int) -> Item:
    """At the input's size: its shorter edge resized, the centre cut out; scenes whole."""
    image, label = item
    if image.size == (width, height) or isinstance(label, Image.Image):
        return item if image.size == (width, height) else resized(item, height, width)
    scale = max(height / image.height, width / image.width)
    item = resized(item, round(image.height * scale), round(image.width * scale))
    w, h = item[0].size
    return cropped(item, (w - width) // 2, (h - height) // 2, height, width)


def tensor_of(image: Image.Image) -> Tensor:
    """The bytes of a picture, (channels, H, W)."""
    flat = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8)
    return flat.reshape(image.height, image.width, -1).permute(2, 0, 1)


class Pictures(Dataset):
    """The pictures of a split. Asked for by (epoch, number): what is drawn follows from them."""

    def __init__(self, folder: Path, recipe: Recipe, is_training: bool) -> None:
        self.is_scenes = recipe["task"] == "segmentation"
        find: Any = scene_files if self.is_scenes else labelled_files
        self.files: List[Any] = find(folder, is_training)
        self.recipe = recipe
        self.steps = recipe["augmentations"] if is_training else []

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, place: Tuple[int, int]) -> Tuple[Tensor, Tensor]:
        epoch, number = place
        _, height, width = self.recipe["input_size"]
        item = self.read(number)
        random = Random(f"{self.recipe['seed']}/{epoch}/{number}")
        for step in self.steps:
            name, *numbers = step.split(":")
            values = [float(value) for value in numbers]
            item = AUGMENTATIONS[name](item, random, (height, width), *values)
        image, label = fitted(item, height, width)
        mean, deviation = (
            torch.tensor(self.recipe[key]).reshape(-1, 1, 1) for key in ("mean", "std")
        )
        x = (tensor_of(image).float() / 255 - mean) / deviation
        if isinstance(label, Image.Image):
            return x, tensor_of(label)[0].long()
        return x, torch.tensor(label)

    def read(self, number: int) -> Item:
        file, label = self.files[number]
        image = Image.open(file).convert("RGB")
        if not self.is_scenes:
            return image, label
        labels = Image.open(label).convert("L")
        return image, labels if label.name.endswith("TrainIds.png") else classes_of_ids(
            labels
        )


class Order:
    """Which pictures a process gets: of every batch its share, from a step on.

    The order of an epoch depends on seed and epoch alone; every process takes its part
    of the same batches, so their number may change.
    """

    def __init__(self, count: int, recipe: Recipe, rank: int, world: int) -> None:
        batch = min(recipe["batch_size"], count)
        if batch % world != 0:
            raise SystemExit(
                f"batch_size {batch} cannot be shared evenly by {world} processes"
            )
        self.count, self.seed, self.rank, self.own = (
            count,
            recipe["seed"],
            rank,
            batch // world,
        )
        self.batch, self.steps = batch, count // batch
        self.epoch, self.step = 0, 0

    def __iter__(self) -> Iterator[List[Tuple[int, int]]]:
        order = list(range(self.count))
        Random(f"{self.seed}/order/{self.epoch}").shuffle(order)
        for step in range(self.step, self.steps):
            first = step * self.batch + self.rank * self.own
            yield [(self.epoch, number) for number in order[first : first + self.own]]

    def __len__(self) -> int:
        return self.steps - self.step


def loader_of(pictures: Pictures, order: Any, workers: int) -> DataLoader:
    return DataLoader(
        pictures,
        batch_sampler=order,
        num_workers=workers,
        pin_memory=torch.cuda.is_available(),
    )


def soft_targets(labels: Tensor, classes: int, smoothing: float) -> Tensor:
    """(N, classes): one, less what smoothing spreads evenly over all classes."""
    spread = torch.full(
        (len(labels), classes), smoothing / classes, device=labels.device
    )
    return spread.scatter_add(
        1, labels[:, None], torch.full_like(spread[:, :1], 1 - smoothing)
    )


def mixed(
    x: Tensor, targets: Tensor, recipe: Recipe, random: Random
) -> Tuple[Tensor, Tensor]:
    """Mixup or CutMix, each picture with its partner, counted from the end of the batch."""
    mixup, cutmix = recipe["mixup"], recipe["cutmix"]
    if mixup <= 0 and cutmix <= 0:
        return x, targets
    cut = cutmix > 0 and (mixup <= 0 or random.random() < 0.5)
    share = random.betavariate(*[cutmix if cut else mixup] * 2)
    if cut:
        height, width = x.shape[2:]
        (top, bottom), (left, right) = (
            cut_range(length, share, random) for length in (height, width)
        )
        x = x.clone()
        x[:, :, top:bottom, left:right] = x.flip(0)[:, :, top:bottom, left:right]
        share = 1 - (bottom - top) * (right - left) / (height * width)
    else:
        x = share * x + (1 - share) * x.flip(0)
    return x, share * targets + (1 - share) * targets.flip(0)


def cut_range(length: int, share: float, random: Random) -> Tuple[int, int]:
    """A stretch of sqrt(1 - share) of the length around a random place."""
    half = math.floor(length * math.sqrt(1 - share) / 2)
    centre = random.randrange(length)
    return max(0, centre - half), min(length, centre + half)
