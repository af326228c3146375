// A frame of a JPEG: its components, and where their coefficients lie (ITU-T T.81, A.1 and A.2).

export interface Component {
  readonly id: number;
  /** Sampling factors: samples across and down for each unit of the frame. */
  readonly h: number;
  readonly v: number;
  /** Number of its quantization table. */
  readonly table: number;
  /** Its own size in samples. */
  readonly width: number;
  readonly height: number;
  /** Blocks of 8x8 that hold samples of it. */
  readonly columns: number;
  readonly rows: number;
  /** Blocks in a stored row: whole units, so at least `columns`. */
  readonly stride: number;
  /** (stored rows, stride, 64), each block in natural order (row, column). */
  readonly coefficients: Int16Array;
  /** The quantization steps in natural order: those that stood when its first scan began. */
  steps: Uint16Array | null;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly progressive: boolean;
  readonly components: readonly Component[];
  /** Largest sampling factors. */
  readonly maxH: number;
  readonly maxV: number;
}

/** Width and height that a frame header tells, `at` its first byte after the length. */
export function frameSize(data: Uint8Array, at: number): { readonly width: number; readonly height: number } {
  return { height: (data[at + 1] << 8) | data[at + 2], width: (data[at + 3] << 8) | data[at + 4] };
}

/** Reads a frame header and makes room for its coefficients. Throws Error for what is not 8-bit or out of range. */
export function readFrame(segment: Uint8Array, progressive: boolean): Frame {
  const { width, height } = frameSize(segment, 0);
  const count = segment[5];
  if (segment[0] !== 8) throw new Error(`it has ${segment[0]} bits per sample; 8 can be read`);
  if (width === 0 || height === 0) throw new Error('its header says that it has no pixels');
  if (![1, 3, 4].includes(count)) throw new Error(`it has ${count} components; 1, 3 or 4 can be read`);
  if (segment.length < 6 + 3 * count) throw new Error('its frame header is too short');
  const factors = Array.from({ length: count }, (_, i) => {
    const [id, sampling, table] = segment.subarray(6 + 3 * i);
    return { id, h: sampling >> 4, v: sampling & 15, table };
  });
  if (factors.some(({ h, v }) => h < 1 || h > 4 || v < 1 || v > 4)) throw new Error('its sampling factors are not 1 to 4');
  const maxH = Math.max(...factors.map(({ h }) => h));
  const maxV = Math.max(...factors.map(({ v }) => v));
  const units = { across: Math.ceil(width / (8 * maxH)), down: Math.ceil(height / (8 * maxV)) };
  const components = factors.map((factor) => {
    const size = { width: Math.ceil((width * factor.h) / maxH), height: Math.ceil((height * factor.v) / maxV) };
    const stride = units.across * factor.h;
    const coefficients = new Int16Array(64 * stride * units.down * factor.v);
    return { ...factor, ...size, columns: Math.ceil(size.width / 8), rows: Math.ceil(size.height / 8), stride, coefficients, steps: null };
  });
  return { width, height, progressive, components, maxH, maxV };
}
