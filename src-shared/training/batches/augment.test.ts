import { describe, expect, it } from 'vitest';
import type { Sample } from '../../dataset/dataset';
import { drawShapes } from '../../dataset/embedded/shapes';
import { type Random, randomFrom, seed } from '../../tensor/random';
import { augment } from './augment';
import { centreCrop, crop, fitTo, mirror, resize } from '../../dataset/pixels/geometry';
import { betaSample, mixBatch } from './mix';
import * as op from '../../dataset/pixels/operations';
import { randAugment } from './policies';
import type { Augmentation } from '../recipe/recipe';

const PICTURE = drawShapes(seed(1), 'train', 2);

/** One row of grey values. */
function row(...values: number[]): Sample {
  return { pixels: Uint8Array.from(values), height: 1, width: values.length, channels: 1, label: 0 };
}

function scene(): Sample {
  const pixels = Uint8Array.from({ length: 4 * 6 * 3 }, (_, i) => Math.floor(i / 3) * 10);
  return { pixels, height: 4, width: 6, channels: 3, label: Uint8Array.from({ length: 24 }, (_, i) => i) };
}

describe('geometry', () => {
  it('mirrors pixels and labels together, and twice is nothing', () => {
    expect(mirror(row(1, 2, 3)).pixels).toEqual(Uint8Array.of(3, 2, 1));
    expect((mirror(scene()).label as Uint8Array).slice(0, 6)).toEqual(Uint8Array.of(5, 4, 3, 2, 1, 0));
    expect(mirror(mirror(scene()))).toEqual(scene());
  });

  it('fills with black and ignored labels what a crop takes from outside', () => {
    const cut = crop(scene(), { top: -1, left: 4, height: 3, width: 3 });
    expect(cut.label).toEqual(Uint8Array.of(255, 255, 255, 4, 5, 255, 10, 11, 255));
    expect([...cut.pixels].filter((_, i) => i % 3 === 0)).toEqual([0, 0, 0, 40, 50, 0, 100, 110, 0]);
  });

  it('averages when it shrinks, interpolates when it enlarges, and keeps a flat picture flat', () => {
    // Triangle filter of reach 2 at centres 1 and 3 over [0, 100, 100, 0]: weights 3/8, 3/8, 1/8 of what is inside, normalised.
    expect([...resize(row(0, 100, 100, 0), { height: 1, width: 2 }).pixels]).toEqual([57, 57]);
    expect([...resize(row(0, 100), { height: 1, width: 4 }).pixels]).toEqual([0, 25, 75, 100]);
    expect(new Set(resize(row(7, 7, 7, 7, 7), { height: 3, width: 3 }).pixels)).toEqual(new Set([7]));
  });

  it('fits a wide picture by its shorter edge and keeps the centre', () => {
    const fitted = fitTo(row(1, 2, 3, 4, 5), { height: 1, width: 3 });
    expect([...fitted.pixels]).toEqual([2, 3, 4]);
  });
});

describe('augmentations', () => {
  const kinds: Augmentation[] = [
    { kind: 'padCropFlip', padding: 4 },
    { kind: 'flip' },
    { kind: 'randomResizedCrop', minScale: 0.3 },
    { kind: 'autoAugment' },
    { kind: 'randAugment', magnitude: 9, operations: 2 },
  ];

  it.each(kinds)('$kind gives the input size and the same picture for the same generator', (augmentation) => {
    const once = augment(PICTURE, [augmentation], randomFrom(seed(3)), { height: 32, width: 32 });
    expect([once.height, once.width, once.pixels.length, once.label]).toEqual([32, 32, 3072, 2]);
    expect(augment(PICTURE, [augmentation], randomFrom(seed(3)), { height: 32, width: 32 })).toEqual(once);
    const variants = new Set(
      Array.from({ length: 20 }, (_, s) =>
        augment(PICTURE, [augmentation], randomFrom(seed(s * 7919)), { height: 32, width: 32 }).pixels.join(),
      ),
    );
    expect(variants.size).toBeGreaterThan(1);
  });

  it('pad-crop moves by at most the padding', () => {
    const dot: Sample = { pixels: new Uint8Array(81), height: 9, width: 9, channels: 1, label: 0 };
    dot.pixels[40] = 255;
    const places = new Set<number>();
    for (let s = 0; s < 400; s++)
      places.add(
        augment(dot, [{ kind: 'padCropFlip', padding: 1 }], randomFrom(seed(s * 104729)), { height: 9, width: 9 }).pixels.indexOf(255),
      );
    expect([...places].sort((a, b) => a - b)).toEqual([30, 31, 32, 39, 40, 41, 48, 49, 50]);
  });

  it.each([
    [30, 60, 30, 40],
    [60, 30, 40, 30],
    [30, 36, 30, 36],
  ])(
    "a resized crop of a picture of %i x %i of which no drawn part fits is the middle %i x %i, as torchvision's",
    (height, width, h, w) => {
      const pixels = Uint8Array.from({ length: height * width }, (_, i) => (i * 37) % 251);
      const sample: Sample = { pixels, height, width, channels: 1, label: 0 };
      // Draws the picture's own area at the widest aspect, ten times.
      const random: Random = { ...randomFrom(seed(1)), uniform: () => 0.999 };
      const input = { height: 32, width: 32 };
      const expected = resize(centreCrop(sample, { height: h, width: w }), input);
      expect(augment(sample, [{ kind: 'randomResizedCrop', minScale: 1 }], random, input).pixels).toEqual(expected.pixels);
    },
  );

  it('scale-crop moves a scene and its labels together', () => {
    const source = scene();
    for (let s = 0; s < 30; s++) {
      const cut = augment(source, [{ kind: 'randomScaleCrop', minScale: 1, maxScale: 1 }, { kind: 'flip' }], randomFrom(seed(s)), {
        height: 2,
        width: 3,
      });
      const labels = cut.label as Uint8Array;
      expect([...cut.pixels].filter((_, i) => i % 3 === 0)).toEqual([...labels].map((label) => label * 10));
    }
  });
});

describe('picture operations', () => {
  it('do what their names say', () => {
    expect([...op.invert(row(0, 100, 255)).pixels]).toEqual([255, 155, 0]);
    expect([...op.solarize(row(0, 100, 200), 128).pixels]).toEqual([0, 100, 55]);
    expect([...op.posterize(row(0, 100, 255), 2).pixels]).toEqual([0, 64, 192]);
    expect([...op.autoContrast(row(50, 100, 150)).pixels]).toEqual([0, 128, 255]);
    expect([...op.brightness(row(50, 200), 2).pixels]).toEqual([100, 255]);
    expect([...op.contrast(row(50, 150), 2).pixels]).toEqual([0, 200]);
    expect([...op.warp(row(1, 2, 3), op.translateX(1)).pixels]).toEqual([2, 3, 128]);
  });

  it("shear about the upper left corner, as Pillow's transform does in the published codes", () => {
    const square: Sample = { pixels: Uint8Array.from({ length: 16 }, (_, i) => i + 1), height: 4, width: 4, channels: 1, label: 0 };
    // Pillow 12.3: transform((4, 4), AFFINE, (1, 0.5, 0, 0, 1, 0), fillcolor=128), and with (1, 0, 0, -0.5, 1, 0).
    expect([...op.shearX(square, 0.5).pixels]).toEqual([1, 2, 3, 4, 6, 7, 8, 128, 10, 11, 12, 128, 15, 16, 128, 128]);
    expect([...op.shearY(square, -0.5).pixels]).toEqual([1, 128, 128, 128, 5, 2, 3, 128, 9, 6, 7, 4, 13, 10, 11, 8]);
  });

  it('leave the picture as it is at their neutral strength', () => {
    for (const operation of [op.brightness, op.contrast, op.saturation, op.sharpness])
      expect(operation(PICTURE, 1).pixels).toEqual(PICTURE.pixels);
    expect(op.warp(PICTURE, op.rotation(0)).pixels).toEqual(PICTURE.pixels);
    expect(op.warp(op.warp(PICTURE, op.rotation(180)), op.rotation(180)).pixels).toEqual(PICTURE.pixels);
  });

  it('equalize spreads a crowded histogram', () => {
    // Four equally common values: the first goes to 0, the last to 255, each step is (1024 - 256) / 255 = 3 pixels.
    const { pixels } = op.equalize(row(...Array.from({ length: 1024 }, (_, i) => 100 + (i % 4))));
    expect([...new Set(pixels)].sort((a, b) => a - b)).toEqual([0, 85, 171, 255]);
  });
});

describe('RandAugment', () => {
  /** A generator that draws `operation` of 15, then `magnitude`; `bounds` notes what it was asked for. */
  function drawing(operation: number, magnitude: number, bounds: number[] = []): Random {
    const draws = [operation, magnitude];
    const integer = (bound: number): number => (bounds.push(bound), draws[bounds.length - 1]);
    return { ...randomFrom(seed(1)), integer };
  }
  const BRIGHTNESS = 13;
  const brightened = (magnitude: number): number[] => [
    ...randAugment(row(10, 100), { magnitude: 12, operations: 1 }, drawing(BRIGHTNESS, magnitude)).pixels,
  ];

  it('draws the magnitude of each operation evenly below its own, as the code of the released RepMLPNets does', () => {
    const bounds: number[] = [];
    randAugment(row(10, 100), { magnitude: 12, operations: 1 }, drawing(BRIGHTNESS, 0, bounds));
    expect(bounds).toEqual([15, 12]);
  });

  it('changes brightness by 0.1 + 1.8 * magnitude / 10', () => {
    expect(brightened(0)).toEqual([1, 10]);
    expect(brightened(5)).toEqual([10, 100]);
    expect(brightened(10)).toEqual([19, 190]);
  });
});

describe('mixing', () => {
  const batch = {
    images: Float32Array.from({ length: 2 * 64 }, (_, i) => (i < 64 ? 1 : 0)),
    shape: [2, 1, 8, 8] as const,
    targets: Float32Array.of(1, 0, 0, 1),
  };

  it('mixup mixes pictures and targets in one proportion', () => {
    const mixed = mixBatch(batch, { mixup: 0.4, cutmix: 0 }, randomFrom(seed(3)));
    const share = mixed.targets[0];
    expect(mixed.images[0]).toBeCloseTo(share, 6);
    expect(mixed.targets[1]).toBeCloseTo(1 - share, 6);
    expect(mixed.images[127]).toBeCloseTo(1 - share, 6);
  });

  it('cutmix targets are the share of each picture that is left', () => {
    for (let s = 0; s < 20; s++) {
      const mixed = mixBatch(batch, { mixup: 0, cutmix: 1 }, randomFrom(seed(s * 7919)));
      const left = mixed.images.slice(0, 64).reduce((sum, v) => sum + v, 0) / 64;
      expect(mixed.targets[0]).toBeCloseTo(left, 6);
      expect(mixed.targets[0] + mixed.targets[1]).toBeCloseTo(1, 6);
    }
  });

  it('shares follow the Beta distribution: mean 1/2, variance 1/(4 (2 alpha + 1))', () => {
    for (const alpha of [0.4, 1, 2]) {
      const random = randomFrom(seed(11));
      const values = Array.from({ length: 20_000 }, () => betaSample(random, alpha));
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
      // 20,000 draws: five standard errors of the mean are below 0.014, of the variance below 0.005.
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.014);
      expect(Math.abs(variance - 1 / (4 * (2 * alpha + 1)))).toBeLessThan(0.005);
    }
  });
});
