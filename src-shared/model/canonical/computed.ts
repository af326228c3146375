// Weights that a file holds in parts and the network computes before it uses them: pruned ones (values and
// mask), weight norm (length and direction), spectral norm. In eval mode each is a fixed tensor, made here in
// double precision. What does not fit one of these forms exactly stays as it is, and so is a stranger later.
import { isFloating, toFloat64 } from '../../tensor/convert';
import { elementCount, sameShape, type Tensor, type TensorInfo } from '../../tensor/tensor';
import { replaced, type CanonicalTensor, type Done, type Draft, type ReadTensor } from './draft';

/** A weight in parts: its name, the parts' names, and what puts them together. */
interface Parts {
  readonly what: string;
  readonly name: string;
  readonly shape: readonly number[];
  readonly parts: readonly string[];
  readonly compute: (parts: readonly Float64Array[]) => Float64Array;
}

/** The draft with every weight in one piece. */
export function inOnePiece(draft: Draft): { readonly draft: Draft; readonly done: readonly Done[] } {
  const found = [...draft.keys()].flatMap((name) => partsAt(name, draft) ?? []).filter(({ name }) => !draft.has(name));
  const next = found.reduce((now, parts) => replaced(now, parts.parts, [together(parts, draft)]), draft);
  return { draft: next, done: found.map(({ what, name }) => ({ what, at: name })) };
}

function together({ name, shape, parts, compute }: Parts, draft: Draft): CanonicalTensor {
  const made = parts.map((part) => draft.get(part) as CanonicalTensor);
  const make = (read: ReadTensor): Tensor => ({
    shape,
    dtype: 'float64',
    data: compute(made.map((part) => toFloat64(part.make(read)))),
  });
  return { name, dtype: 'float64', shape, sources: made.flatMap(({ sources }) => sources), make };
}

/** The parts whose first is the tensor `name`; null where it is none, or a part is missing or of the wrong shape. */
function partsAt(name: string, draft: Draft): Parts | null {
  if (name.endsWith('_orig')) {
    const base = name.slice(0, -'_orig'.length);
    return pruned(name, base, draft) ?? spectral(base, [name, `${base}_u`, `${base}_v`], draft);
  }
  if (name.endsWith('_g')) {
    const base = name.slice(0, -'_g'.length);
    return weightNorm(base, [name, `${base}_v`], draft);
  }
  const parametrized = /^((?:.*\.)?)parametrizations\.([^.]+)\.original(0?)$/.exec(name);
  if (!parametrized) return null;
  const [, module, parameter, numbered] = parametrized;
  const at = `${module}parametrizations.${parameter}`;
  if (numbered === '0') return weightNorm(module + parameter, [name, `${at}.original1`], draft);
  return spectral(module + parameter, [name, `${at}.0._u`, `${at}.0._v`], draft);
}

/** weight = original * mask (torch.nn.utils.prune). */
function pruned(name: string, base: string, draft: Draft): Parts | null {
  const mask = draft.get(`${base}_mask`);
  const original = floating(draft.get(name));
  if (!original || !mask || !sameShape(original.shape, mask.shape)) return null;
  return {
    what: 'pruning masks multiplied in',
    name: base,
    shape: original.shape,
    parts: [name, mask.name],
    compute: ([values, kept]) => values.map((value, i) => value * kept[i]),
  };
}

/** weight = v g / |v|: g has one length for each place along the axes where its size is not 1 (torch.nn.utils.weight_norm). */
function weightNorm(base: string, names: readonly string[], draft: Draft): Parts | null {
  const [g, v] = names.map((part) => floating(draft.get(part)));
  if (!g || !v || !isLengths(g.shape, v.shape)) return null;
  const place = placeOf(g.shape, v.shape);
  return {
    what: 'weight norm put together',
    name: base,
    shape: v.shape,
    parts: names,
    compute: ([lengths, values]) => {
      const squares = new Float64Array(lengths.length);
      values.forEach((value, i) => (squares[place(i)] += value * value));
      return values.map((value, i) => (value * lengths[place(i)]) / Math.sqrt(squares[place(i)]));
    },
  };
}

/** Whether `g` can hold the lengths of `v`: one number, or the size of one axis and 1 along the others. */
function isLengths(g: readonly number[], v: readonly number[]): boolean {
  if (elementCount(g) === 1) return g.length === 0 || g.length === v.length;
  if (g.length !== v.length) return false;
  const own = g.flatMap((size, axis) => (size === 1 ? [] : [axis]));
  return own.length === 1 && g[own[0]] === v[own[0]];
}

/** Which length belongs to an element of v, by its index. */
function placeOf(g: readonly number[], v: readonly number[]): (index: number) => number {
  const axis = g.findIndex((size) => size !== 1);
  if (axis < 0) return () => 0;
  const inner = elementCount(v.slice(axis + 1));
  return (index) => Math.floor(index / inner) % v[axis];
}

/** weight = original / (u^T W v), W being the original as a matrix with its first axis for rows (spectral norm in eval mode). */
function spectral(base: string, names: readonly string[], draft: Draft): Parts | null {
  const [original, u, v] = names.map((part) => floating(draft.get(part)));
  if (!original || !u || !v || original.shape.length < 2) return null;
  const [rows, columns] = [original.shape[0], elementCount(original.shape.slice(1))];
  if (!sameShape(u.shape, [rows]) || !sameShape(v.shape, [columns])) return null;
  return {
    what: 'spectral norm divided out',
    name: base,
    shape: original.shape,
    parts: names,
    compute: ([W, left, right]) => {
      let sigma = 0;
      for (let row = 0; row < rows; row++) for (let c = 0; c < columns; c++) sigma += left[row] * W[row * columns + c] * right[c];
      return W.map((value) => value / sigma);
    },
  };
}

function floating<T extends TensorInfo>(tensor: T | undefined): T | null {
  return tensor && isFloating(tensor.dtype) ? tensor : null;
}
