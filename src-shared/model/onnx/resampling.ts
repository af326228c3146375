// Layers that average or interpolate, as ONNX operations.
import { joinPath, type Pair } from '../spec';
import type { Edge, GraphBuilder } from './graph';

/** Average over `bins` regions of an H x W map, PyTorch's adaptive pooling: bin i reaches from floor(i H / n) to ceil((i + 1) H / n). */
export function averageIntoBins(graph: GraphBuilder, path: string, x: Edge, [H, W]: Pair, [rows, columns]: Pair): Edge {
  if (rows === 1 && columns === 1) return graph.add('GlobalAveragePool', path, [x]);
  if (H % rows === 0 && W % columns === 0) {
    const window = [H / rows, W / columns];
    return graph.add('AveragePool', path, [x], { kernel_shape: window, strides: window });
  }
  // Bins of different sizes, for which there is no operation: a product from the left averages rows, one from the right columns.
  const at = (step: string): string => joinPath(path, step);
  const left = graph.constant(at('row_bins'), [rows, H], binsOf(rows, H));
  const right = graph.constant(at('column_bins'), [W, columns], turned(binsOf(columns, W), columns, W));
  return graph.add('MatMul', path, [graph.add('MatMul', at('rows'), [left, x]), right]);
}

/** (n, size): row i averages its bin. */
function binsOf(n: number, size: number): Float32Array {
  const values = new Float32Array(n * size);
  for (let i = 0; i < n; i++) {
    const [first, end] = [Math.floor((i * size) / n), Math.ceil(((i + 1) * size) / n)];
    values.fill(1 / (end - first), i * size + first, i * size + end);
  }
  return values;
}

function turned(values: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from({ length: values.length }, (_, at) => values[(at % rows) * columns + Math.floor(at / rows)]);
}

/** Bilinear resize with aligned corners to a fixed size, whatever the batch: its size is read from x. */
export function resizeNode(graph: GraphBuilder, path: string, x: Edge, size: Pair): Edge {
  const at = (step: string): string => joinPath(path, step);
  const whole = (step: string, values: readonly number[]): Edge => graph.whole(at(step), values);
  const kept = graph.add('Slice', at('batch_and_channels'), [graph.add('Shape', at('shape'), [x]), whole('from', [0]), whole('to', [2])]);
  const sizes = graph.add('Concat', at('sizes'), [kept, whole('size', size)], { axis: 0 });
  return graph.add('Resize', path, [x, '', '', sizes], { mode: 'linear', coordinate_transformation_mode: 'align_corners' });
}

/** The rows of x (N, features) at length 1; rows of nothing stay 0. */
export function unitRows(graph: GraphBuilder, name: string, x: Edge): Edge {
  const squares = graph.add('ReduceSumSquare', `${name}.squares`, [x], { axes: [1], keepdims: 1 });
  const least = graph.constant(`${name}.least`, [], Float32Array.of(1e-24));
  const length = graph.add('Sqrt', `${name}.length`, [graph.add('Max', `${name}.positive`, [squares, least])]);
  return graph.add('Div', name, [x, length]);
}
