// Finds single re-parameterizable blocks by their tensors, wherever they stand in a state dict, and
// reads their hyper-parameters off the shapes. What shapes cannot tell is not decided here: every reading
// that fits is listed, the usual one (square, C = O) first, and said to be assumed.
import { largestOf, smallestOf } from '../../base/extremes';
import type { Form, Pair, RepBlock, RepMlp } from '../spec';
import type { ShapeBook } from './shapes';

/** A block found at `prefix` (with its trailing dot, or empty), and what had to be assumed. */
export interface FoundBlock {
  readonly prefix: string;
  /** The first of the readings. */
  readonly block: RepBlock;
  /** Every block of these names and shapes; at least one. */
  readonly readings: readonly RepBlock[];
  readonly assumed: readonly string[];
}

/** Every RepMLP and RepMLPNet block among the tensors. */
export function findBlocks(book: ShapeBook): FoundBlock[] {
  return book
    .captures(/^((?:.*\.)?)fc3\.weight$/)
    .map((prefix) => netBlockAt(book, prefix) ?? repMlpAt(book, prefix))
    .filter((found) => found !== null);
}

function formAt(book: ShapeBook, prefix: string): Form | null {
  if (['weight', 'bias', 'running_mean', 'running_var'].some((part) => book.has(`${prefix}fc3_bn.${part}`))) return 'train';
  return book.has(`${prefix}fc3.bias`) ? 'merged' : null;
}

function nameOf(prefix: string): string {
  return prefix.replace(/\.$/, '');
}

function netBlockAt(book: ShapeBook, prefix: string): FoundBlock | null {
  const form = formAt(book, prefix);
  if (!form || !book.has(`${prefix}gp.fc1.weight`)) return null;
  const [rows, area] = book.shape(`${prefix}fc3.weight`) ?? [];
  const C = book.size(`${prefix}gp.fc1.weight`, 1);
  const shareSets = rows / area;
  if (!Number.isInteger(shareSets) || C % shareSets !== 0) return null;
  const fc3Bias = form === 'train' && book.has(`${prefix}fc3.bias`);
  const readings = factorPairs(area).map(
    ([h, w]): RepBlock => ({
      kind: 'repmlpNetBlock',
      name: nameOf(prefix),
      C,
      h,
      w,
      kernels: book.kernelsAt(prefix),
      reduction: Math.floor(C / book.size(`${prefix}gp.fc1.weight`, 0)),
      shareSets,
      form,
      ...(fc3Bias && { fc3Bias }),
    }),
  );
  return foundBlock(prefix, readings, areaText(area));
}

function foundBlock(prefix: string, readings: readonly RepBlock[], assumed: readonly string[]): FoundBlock | null {
  return readings.length === 0 ? null : { prefix, block: readings[0], readings, assumed };
}

function repMlpAt(book: ShapeBook, prefix: string): FoundBlock | null {
  const form = formAt(book, prefix);
  if (!form) return null;
  const kernels = book.kernelsAt(prefix);
  return form === 'train' && kernels.length > 0 ? trainRepMlp(book, prefix, kernels) : bareRepMlp(book, prefix, form);
}

/** With a conv branch the kernel tells O and C/g; without a Global Perceptron nothing tells C and g: C = O comes first. */
function trainRepMlp(book: ShapeBook, prefix: string, kernels: readonly number[]): FoundBlock | null {
  const conv = `${prefix}repconv${kernels[0]}.conv.weight`;
  const [O, perGroup] = [book.size(conv, 0), book.size(conv, 1)];
  const area = book.size(`${prefix}fc3.weight`, 0) / O;
  const counted = book.size(`${prefix}avg.bn.weight`, 0);
  const global = !Number.isNaN(counted);
  if (area * perGroup !== book.size(`${prefix}fc3.weight`, 1)) return null;
  const possible = (global ? [counted] : [O, ...divisorsOf(O).map((g) => g * perGroup)]).filter((C) => Number.isInteger(C / perGroup));
  const numbers = [...new Set(possible)].map((C): RepMlpNumbers => ({ C, O, area, groups: C / perGroup, kernels, form: 'train' }));
  const assumed = global ? [] : [`${numbers[0]?.C} input channels${numbers[0]?.C === O ? ', as many as output channels' : ''}`];
  return repMlpFrom(book, prefix, numbers, assumed);
}

/** Without conv branches (merged, or ablation B) rows = O*h*w and columns = C*h*w/g are all there is; C = O and a square come first. */
function bareRepMlp(book: ShapeBook, prefix: string, form: Form): FoundBlock | null {
  const [rows, columns] = book.shape(`${prefix}fc3.weight`) ?? [];
  const counted = countedChannels(book, prefix);
  const groups = rows / columns;
  const usual = counted ?? channelsFrom(rows, groups, book.size(`${prefix}fc1_fc2.fc2.weight`, 0));
  const equal: RepMlpNumbers[] =
    usual !== null && Number.isInteger(groups) && groups >= 1 && usual % groups === 0
      ? [{ C: usual, O: usual, area: rows / usual, groups, kernels: [], form }]
      : [];
  const others = counted === null ? [] : unequalChannels(rows, columns, counted).map((found) => ({ ...found, kernels: [], form }));
  // Nothing but rows and columns is needed to fold FC3's batch norm in.
  const plain: RepMlpNumbers[] =
    form === 'train' && counted === null ? [{ C: columns, O: rows, area: 1, groups: 1, kernels: [], form }] : [];
  const assumed = counted === null ? ['as many input as output channels', 'a square partition'] : [];
  return repMlpFrom(book, prefix, [...equal, ...others, ...plain], assumed);
}

/** O, area and g such that rows = O*area and columns = C*area/g, for C other than O. */
function unequalChannels(rows: number, columns: number, C: number): { C: number; O: number; area: number; groups: number }[] {
  return divisorsOf(C)
    .map((groups) => ({ C, groups, area: (columns * groups) / C, O: (rows * C) / (columns * groups) }))
    .filter(({ O, area, groups }) => Number.isInteger(O) && Number.isInteger(area) && O % groups === 0 && O !== C);
}

/** C where the pool's BN or the convolution beside the block (in a bottleneck, light block or pure MLP) tells it. */
function countedChannels(book: ShapeBook, prefix: string): number | null {
  const parent = prefix.replace(/[^.]*\.$/, '');
  const candidates = [
    book.size(`${prefix}avg.bn.weight`, 0),
    book.size(`${parent}btnk_conv2.conv.weight`, 0),
    book.size(`${parent}light_conv1.conv.weight`, 0),
    book.size(`${prefix.replace(/mix(\d+)\.$/, 'fc$1')}.conv.weight`, 1),
  ];
  return candidates.find((size) => !Number.isNaN(size)) ?? null;
}

/** Channels such that rows / C is a square area, C a multiple of g, and the Global Perceptron's width a square multiple of C; the largest area wins. */
function channelsFrom(rows: number, groups: number, width: number): number | null {
  for (let side = Math.floor(Math.sqrt(rows)); side >= 2; side--) {
    const C = rows / (side * side);
    if (!Number.isInteger(C) || C % groups !== 0) continue;
    if (Number.isNaN(width) || Number.isInteger(Math.sqrt(width / C))) return C;
  }
  return null;
}

interface RepMlpNumbers {
  readonly C: number;
  readonly O: number;
  readonly area: number;
  readonly groups: number;
  readonly kernels: readonly number[];
  readonly form: Form;
}

function repMlpFrom(book: ShapeBook, prefix: string, possible: readonly RepMlpNumbers[], assumed: readonly string[]): FoundBlock | null {
  const [hidden, width] = book.shape(`${prefix}fc1_fc2.fc1.weight`) ?? [];
  const reduction = width === undefined ? 1 : Math.floor(width / hidden);
  const readings = possible.flatMap(({ area, ...rest }) =>
    factorPairs(area).flatMap(([h, w]) =>
      factorPairs(width === undefined ? 1 : width / rest.C).map(
        ([hp, wp]): RepMlp => ({ kind: 'repmlp', name: nameOf(prefix), ...rest, H: h * hp, W: w * wp, h, w, reduction }),
      ),
    ),
  );
  const [first] = possible;
  const partitions = width === undefined || first === undefined ? [] : areaText(width / first.C);
  return foundBlock(prefix, readings, [...assumed, ...(first ? areaText(first.area) : []), ...partitions]);
}

/** Height and width of a map of so many pixels: the pair nearest to a square first, the flatter of two first; none for what is no area. */
export function factorPairs(area: number): Pair[] {
  if (!Number.isInteger(area) || area < 1) return [];
  const unequal = (pair: Pair): number => largestOf(pair) / smallestOf(pair);
  return divisorsOf(area)
    .map((h): Pair => [h, area / h])
    .sort((a, b) => unequal(a) - unequal(b) || a[0] - b[0]);
}

function divisorsOf(n: number): number[] {
  const small: number[] = [];
  for (let d = 1; d * d <= n; d++) if (n % d === 0) small.push(d);
  return [...new Set([...small, ...small.reverse().map((d) => n / d)])];
}

/** What is assumed of an area that is no square. */
function areaText(area: number): string[] {
  const [pair] = factorPairs(area);
  return pair === undefined || pair[0] === pair[1] ? [] : [`${pair.join('x')} from an area of ${area}`];
}
