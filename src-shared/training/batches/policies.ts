// AutoAugment's ImageNet policy (arXiv 1805.09501, table 9) and RandAugment (arXiv 1909.13719) over the
// operations of dataset/pixels/operations.ts. A magnitude of 10 is level 1, the full strength of AutoAugment's policies.
import { assertNever } from '../../base/assert-never';
import type { Sample } from '../../dataset/dataset';
import type { Random } from '../../tensor/random';
import { UserError } from '../../base/user-error';
import * as op from '../../dataset/pixels/operations';

const OPERATIONS = [
  'shearX',
  'shearY',
  'translateX',
  'translateY',
  'rotate',
  'autoContrast',
  'invert',
  'equalize',
  'solarize',
  'solarizeAdd',
  'posterize',
  'contrast',
  'color',
  'brightness',
  'sharpness',
] as const;
type Operation = (typeof OPERATIONS)[number];

/** A sub-policy: two operations, each with its probability and magnitude (0 to 10). */
type SubPolicy = readonly [Operation, number, number, Operation, number, number];

const IMAGENET_POLICY: readonly SubPolicy[] = [
  ['posterize', 0.4, 8, 'rotate', 0.6, 9],
  ['solarize', 0.6, 5, 'autoContrast', 0.6, 5],
  ['equalize', 0.8, 8, 'equalize', 0.6, 3],
  ['posterize', 0.6, 7, 'posterize', 0.6, 6],
  ['equalize', 0.4, 7, 'solarize', 0.2, 4],
  ['equalize', 0.4, 4, 'rotate', 0.8, 8],
  ['solarize', 0.6, 3, 'equalize', 0.6, 7],
  ['posterize', 0.8, 5, 'equalize', 1, 2],
  ['rotate', 0.2, 3, 'solarize', 0.6, 8],
  ['equalize', 0.6, 8, 'posterize', 0.4, 6],
  ['rotate', 0.8, 8, 'color', 0.4, 0],
  ['rotate', 0.4, 9, 'equalize', 0.6, 2],
  ['equalize', 0, 7, 'equalize', 0.8, 8],
  ['invert', 0.6, 4, 'equalize', 1, 8],
  ['color', 0.6, 4, 'contrast', 1, 8],
  ['rotate', 0.8, 8, 'color', 1, 2],
  ['color', 0.8, 8, 'solarize', 0.8, 7],
  ['sharpness', 0.4, 7, 'invert', 0.6, 8],
  ['shearX', 0.6, 5, 'equalize', 1, 9],
  ['color', 0.4, 0, 'equalize', 0.6, 3],
  ['equalize', 0.4, 7, 'solarize', 0.2, 4],
  ['solarize', 0.6, 5, 'autoContrast', 0.6, 5],
  ['invert', 0.6, 4, 'equalize', 1, 8],
  ['color', 0.6, 4, 'contrast', 1, 8],
  ['equalize', 0.8, 8, 'equalize', 0.6, 3],
];

/** What a level means to the operations whose strength the published codes count differently. */
interface Strengths {
  /** Of brightness, color, contrast and sharpness; 1 changes nothing. */
  factor(level: number, sign: number): number;
  /** Values from here on are inverted. */
  threshold(level: number): number;
  /** Bits kept. */
  bits(level: number): number;
}

const AUTO_AUGMENT: Strengths = {
  factor: (level, sign) => 1 + sign * 0.9 * level,
  threshold: (level) => 256 * (1 - level),
  bits: (level) => Math.round(8 - 4 * level),
};

/** As in the code that trained the released RepMLPNets (github.com/DingXiaoH/RepMLP, randaug.py). */
const RAND_AUGMENT: Strengths = {
  factor: (level) => 0.1 + 1.8 * level,
  threshold: (level) => Math.floor(256 * level),
  bits: (level) => Math.floor(4 * level),
};

/** One of the 25 sub-policies: two operations, each done with its probability. Throws UserError for scenes labelled per pixel. */
export function autoAugment(sample: Sample, random: Random): Sample {
  refuseScenes(sample);
  const [first, firstProbability, firstMagnitude, second, probability, magnitude] = IMAGENET_POLICY[random.integer(IMAGENET_POLICY.length)];
  const done = (current: Sample, operation: Operation, strength: number): Sample =>
    apply(current, operation, strength / 10, AUTO_AUGMENT, random);
  const once = random.uniform() < firstProbability ? done(sample, first, firstMagnitude) : sample;
  return random.uniform() < probability ? done(once, second, magnitude) : once;
}

/**
 * `operations` operations drawn evenly, each of a whole magnitude drawn evenly below `magnitude`, as the code of the released
 * RepMLPNets does it; its cutout, of which that code lacks the source, is left out. Throws UserError for scenes labelled per pixel.
 */
export function randAugment(sample: Sample, strength: { magnitude: number; operations: number }, random: Random): Sample {
  refuseScenes(sample);
  let current = sample;
  for (let i = 0; i < strength.operations; i++) {
    const operation = OPERATIONS[random.integer(OPERATIONS.length)];
    const magnitude = random.integer(Math.max(1, Math.ceil(strength.magnitude)));
    current = apply(current, operation, magnitude / 10, RAND_AUGMENT, random);
  }
  return current;
}

function refuseScenes(sample: Sample): void {
  if (typeof sample.label !== 'number')
    throw new UserError('AutoAugment and RandAugment are for pictures with one label each; use flip and randomScaleCrop for scenes');
}

/** An operation at `level` (1 = the policies' full strength); directions are drawn. */
function apply(sample: Sample, operation: Operation, level: number, strengths: Strengths, random: Random): Sample {
  const sign = random.uniform() < 0.5 ? -1 : 1;
  const factor = strengths.factor(level, sign);
  switch (operation) {
    case 'shearX':
      return op.shearX(sample, sign * 0.3 * level);
    case 'shearY':
      return op.shearY(sample, sign * 0.3 * level);
    case 'translateX':
      return op.warp(sample, op.translateX(sign * 0.45 * level * sample.width));
    case 'translateY':
      return op.warp(sample, op.translateY(sign * 0.45 * level * sample.height));
    case 'rotate':
      return op.warp(sample, op.rotation(sign * 30 * level));
    case 'autoContrast':
      return op.autoContrast(sample);
    case 'invert':
      return op.invert(sample);
    case 'equalize':
      return op.equalize(sample);
    case 'solarize':
      return op.solarize(sample, strengths.threshold(level));
    case 'solarizeAdd':
      return op.solarizeAdd(sample, 110 * level);
    case 'posterize':
      return op.posterize(sample, strengths.bits(level));
    case 'contrast':
      return op.contrast(sample, factor);
    case 'color':
      return op.saturation(sample, factor);
    case 'brightness':
      return op.brightness(sample, factor);
    case 'sharpness':
      return op.sharpness(sample, factor);
    default:
      return assertNever(operation);
  }
}
