// Finds single re-parameterizable blocks by their tensors, wherever they stand in a state dict, and
// reads their hyper-parameters off the shapes. What shapes cannot tell is assumed and said: square
// partitions and maps, and C = O where there is no Global Perceptron to count C.
import type { Form, RepBlock } from '../spec';
import type { ShapeBook } from './shapes';

/** A block found at `prefix` (with its trailing dot, or empty), and what had to be assumed. */
export interface FoundBlock {
  readonly prefix: string;
  readonly block: RepBlock;
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
  if (book.has(`${prefix}fc3_bn.weight`)) return 'train';
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
  const side = squareRoot(area);
  if (!Number.isInteger(shareSets) || C % shareSets !== 0 || side === null) return null;
  const reduction = Math.floor(C / book.size(`${prefix}gp.fc1.weight`, 0));
  const block = {
    kind: 'repmlpNetBlock',
    name: nameOf(prefix),
    C,
    h: side.h,
    w: side.w,
    kernels: book.kernelsAt(prefix),
    reduction,
    shareSets,
    form,
  } as const;
  return { prefix, block, assumed: side.assumed };
}

function repMlpAt(book: ShapeBook, prefix: string): FoundBlock | null {
  const form = formAt(book, prefix);
  if (!form) return null;
  const kernels = book.kernelsAt(prefix);
  return form === 'train' && kernels.length > 0 ? trainRepMlp(book, prefix, kernels) : bareRepMlp(book, prefix, form);
}

/** With a conv branch the kernel tells O and C/g. */
function trainRepMlp(book: ShapeBook, prefix: string, kernels: readonly number[]): FoundBlock | null {
  const conv = `${prefix}repconv${kernels[0]}.conv.weight`;
  const [O, perGroup] = [book.size(conv, 0), book.size(conv, 1)];
  const area = book.size(`${prefix}fc3.weight`, 0) / O;
  const global = book.has(`${prefix}avg.bn.weight`);
  const C = global ? book.size(`${prefix}avg.bn.weight`, 0) : O;
  const groups = C / perGroup;
  if (area * perGroup !== book.size(`${prefix}fc3.weight`, 1) || !Number.isInteger(groups)) return null;
  const assumed = global ? [] : [`${C} input channels, as many as output channels`];
  return repMlpFrom(book, prefix, { C, O, area, groups, kernels, form: 'train' }, assumed);
}

/** Without conv branches (merged, or ablation B) C = O and square partitions are assumed; rows = O*h*w, columns = C*h*w/g. */
function bareRepMlp(book: ShapeBook, prefix: string, form: Form): FoundBlock | null {
  const [rows, columns] = book.shape(`${prefix}fc3.weight`) ?? [];
  const groups = rows / columns;
  const counted = countedChannels(book, prefix);
  const C = counted ?? channelsFrom(rows, groups, book.size(`${prefix}fc1_fc2.fc2.weight`, 0));
  if (C === null || !Number.isInteger(groups) || groups < 1) return null;
  const assumed = counted === null ? ['as many input as output channels', 'a square partition'] : [];
  return repMlpFrom(book, prefix, { C, O: C, area: rows / C, groups, kernels: [], form }, assumed);
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

function repMlpFrom(book: ShapeBook, prefix: string, numbers: RepMlpNumbers, assumed: readonly string[]): FoundBlock | null {
  const { area, ...rest } = numbers;
  const side = squareRoot(area);
  const [hidden, width] = book.shape(`${prefix}fc1_fc2.fc1.weight`) ?? [];
  const partitions = width === undefined ? { h: 1, w: 1, assumed: [] } : squareRoot(width / rest.C);
  if (!side || !partitions) return null;
  const reduction = width === undefined ? 1 : Math.floor(width / hidden);
  const map = { H: side.h * partitions.h, W: side.w * partitions.w, h: side.h, w: side.w };
  return {
    prefix,
    block: { kind: 'repmlp', name: nameOf(prefix), ...rest, ...map, reduction },
    assumed: [...assumed, ...side.assumed, ...partitions.assumed],
  };
}

/** Factors of an area: its square root, or the factor pair nearest to a square, which is then an assumption. */
function squareRoot(area: number): { h: number; w: number; assumed: string[] } | null {
  if (!Number.isInteger(area) || area < 1) return null;
  let h = Math.floor(Math.sqrt(area));
  while (area % h !== 0) h--;
  const w = area / h;
  return { h, w, assumed: h === w ? [] : [`${h}x${w} from an area of ${area}`] };
}
