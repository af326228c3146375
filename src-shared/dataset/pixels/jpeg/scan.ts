// The scans of a JPEG: entropy-coded data to coefficients, sequential (ITU-T T.81, F.2) and progressive (G.1, G.2).
import { BitReader, type HuffmanTable } from './bits';
import type { Component, Frame } from './frame';

/** Place in a block (row, column) of the k-th coefficient sent. */
export const ZIGZAG = Uint8Array.of(
  ...[0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28],
  ...[35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63],
);

export interface ScanComponent {
  readonly component: Component;
  readonly dc: HuffmanTable | undefined;
  readonly ac: HuffmanTable | undefined;
}

export interface Scan {
  readonly components: readonly ScanComponent[];
  /** First and last coefficient sent. */
  readonly start: number;
  readonly end: number;
  /** Bits already sent, and the lowest bit sent now: 0 and 0 where not progressive. */
  readonly high: number;
  readonly low: number;
  /** Units between restart markers; 0 for none. */
  readonly restartInterval: number;
}

/** What is carried from block to block. */
interface State {
  readonly bits: BitReader;
  readonly predictions: Int32Array;
  /** Blocks still to come that hold nothing of this band. */
  endOfBand: number;
}

/** Decodes a scan that begins at `position`; returns where its data end. Throws Error where they are broken. */
export function decodeScan(data: Uint8Array, position: number, frame: Frame, scan: Scan): number {
  const state: State = { bits: new BitReader(data, position), predictions: new Int32Array(scan.components.length), endOfBand: 0 };
  const units = unitsOf(frame, scan);
  for (let unit = 0; unit < units.count; unit++) {
    if (scan.restartInterval > 0 && unit > 0 && unit % scan.restartInterval === 0) {
      state.bits.restart((unit / scan.restartInterval - 1) & 7);
      state.predictions.fill(0);
      state.endOfBand = 0;
    }
    units.decode(unit, state);
  }
  return state.bits.position;
}

interface Units {
  readonly count: number;
  decode(unit: number, state: State): void;
}

/** A unit is one block where the scan has one component, else all blocks of each component's sampling factors. */
function unitsOf(frame: Frame, scan: Scan): Units {
  const decodeBlock = blockDecoder(frame, scan);
  if (scan.components.length === 1) {
    const { columns, rows, stride } = scan.components[0].component;
    const decode = (unit: number, state: State): void =>
      decodeBlock(0, 64 * (Math.floor(unit / columns) * stride + (unit % columns)), state);
    return { count: columns * rows, decode };
  }
  const across = Math.ceil(frame.width / (8 * frame.maxH));
  const decode = (unit: number, state: State): void => {
    const [down, right] = [Math.floor(unit / across), unit % across];
    scan.components.forEach(({ component: { h, v, stride } }, i) => {
      for (let y = 0; y < v; y++) for (let x = 0; x < h; x++) decodeBlock(i, 64 * ((down * v + y) * stride + right * h + x), state);
    });
  };
  return { count: across * Math.ceil(frame.height / (8 * frame.maxV)), decode };
}

type DecodeBlock = (component: number, at: number, state: State) => void;

function blockDecoder({ progressive }: Frame, scan: Scan): DecodeBlock {
  const { components, start, high, low } = scan;
  const coefficients = components.map(({ component }) => component.coefficients);
  const tables = (kind: 'dc' | 'ac'): HuffmanTable[] =>
    components.map((component) => component[kind] ?? missing(`a Huffman table of the ${kind.toUpperCase()} coefficients`));
  if (!progressive) {
    const [dc, ac] = [tables('dc'), tables('ac')];
    return (i, at, state) => {
      coefficients[i][at] = nextDc(i, dc[i], state);
      sequentialAc(coefficients[i], at, ac[i], state.bits);
    };
  }
  if (start === 0 && high === 0) {
    const dc = tables('dc');
    return (i, at, state) => (coefficients[i][at] = nextDc(i, dc[i], state) << low);
  }
  if (start === 0) return (i, at, state) => (coefficients[i][at] |= state.bits.receive(1) << low);
  const ac = tables('ac');
  const decode = high === 0 ? firstAc : refinedAc;
  return (i, at, state) => decode(coefficients[i].subarray(at, at + 64), ac[i], state, scan);
}

function missing(what: string): never {
  throw new Error(`${what} is missing`);
}

function nextDc(component: number, table: HuffmanTable, { bits, predictions }: State): number {
  predictions[component] += bits.receiveExtended(bits.decode(table) & 15);
  return predictions[component];
}

function sequentialAc(coefficients: Int16Array, at: number, table: HuffmanTable, bits: BitReader): void {
  for (let k = 1; k < 64; k++) {
    const code = bits.decode(table);
    const [zeros, length] = [code >> 4, code & 15];
    if (length === 0 && zeros < 15) return;
    k += zeros;
    if (k > 63) throw new Error('a block of the picture data has more than 64 coefficients');
    if (length > 0) coefficients[at + ZIGZAG[k]] = bits.receiveExtended(length);
  }
}

function firstAc(block: Int16Array, table: HuffmanTable, state: State, { start, end, low }: Scan): void {
  if (state.endOfBand > 0) {
    state.endOfBand--;
    return;
  }
  for (let k = start; k <= end; k++) {
    const code = state.bits.decode(table);
    const [zeros, length] = [code >> 4, code & 15];
    if (length === 0 && zeros < 15) {
      state.endOfBand = (1 << zeros) + state.bits.receive(zeros) - 1;
      return;
    }
    k += zeros;
    if (k > 63) throw new Error('a block of the picture data has more than 64 coefficients');
    if (length > 0) block[ZIGZAG[k]] = state.bits.receiveExtended(length) << low;
  }
}

/** One more bit for every coefficient that is there, and those that appear with this bit. */
function refinedAc(block: Int16Array, table: HuffmanTable, state: State, scan: Scan): void {
  let k = scan.start;
  while (state.endOfBand === 0 && k <= scan.end) {
    const code = state.bits.decode(table);
    const [zeros, length] = [code >> 4, code & 15];
    if (length === 0 && zeros < 15) {
      state.endOfBand = (1 << zeros) + state.bits.receive(zeros);
      break;
    }
    const appearing = length === 0 ? 0 : state.bits.receive(1) === 1 ? 1 << scan.low : -(1 << scan.low);
    k = refine(block, k, zeros, state.bits, scan);
    if (appearing !== 0 && k <= scan.end) block[ZIGZAG[k]] = appearing;
    k++;
  }
  if (state.endOfBand === 0) return;
  refine(block, k, 64, state.bits, scan);
  state.endOfBand--;
}

/** Refines what is there from place `k` on, up to the zero that follows `zeros` others; returns its place, or one past the end. */
function refine(block: Int16Array, k: number, zeros: number, bits: BitReader, { end, low }: Scan): number {
  const step = 1 << low;
  let left = zeros;
  for (; k <= end; k++) {
    const value = block[ZIGZAG[k]];
    if (value === 0) {
      if (left-- === 0) return k;
    } else if (bits.receive(1) === 1 && (value & step) === 0) block[ZIGZAG[k]] += value > 0 ? step : -step;
  }
  return k;
}
